import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import { tradingCalendar } from '../../../src/core/trading-calendar.ts';
import { gapBetween, issueOfGap } from '../../../src/data/continuity.ts';

/** 2018-01-05T00:00Z, a Friday. */
const FRIDAY = 1_515_110_400_000;

const HOURS = { timeframe: '1h', calendar: tradingCalendar('always') } as const;
const DAYS = { timeframe: '1d', calendar: tradingCalendar('us') } as const;

describe('gapBetween', () => {
  it('finds none between neighbours', () => {
    expect(gapBetween(0, HOUR_MS, HOURS)).toBeNull();
  });

  it('counts what is missing in a market that never closes', () => {
    expect(gapBetween(0, 4 * HOUR_MS, HOURS)).toEqual({
      from: HOUR_MS,
      to: 4 * HOUR_MS,
      missing: 3,
    });
  });

  it('finds none over a weekend of a stock, nor over one with a holiday', () => {
    expect(gapBetween(FRIDAY, FRIDAY + 3 * DAY_MS, DAYS)).toBeNull();
    // Martin Luther King Day is 2018-01-15.
    const before = FRIDAY + 7 * DAY_MS;
    expect(gapBetween(before, before + 4 * DAY_MS, DAYS)).toBeNull();
  });

  it('counts sessions, not days, where a stock has no bars', () => {
    // Monday to Thursday before the holiday, and the Friday after: none of the weekend.
    expect(gapBetween(FRIDAY, FRIDAY + 12 * DAY_MS, DAYS)).toEqual({
      from: FRIDAY + 3 * DAY_MS,
      to: FRIDAY + 12 * DAY_MS,
      missing: 6,
    });
  });

  it('misses one day between two others, and no bars of extended hours', () => {
    expect(gapBetween(FRIDAY - 2 * DAY_MS, FRIDAY, DAYS)?.missing).toBe(1);
    const hours = { timeframe: '1h', calendar: DAYS.calendar } as const;
    expect(gapBetween(FRIDAY + 20 * HOUR_MS, FRIDAY + 86 * HOUR_MS, hours)).toBeNull();
    expect(gapBetween(FRIDAY + 19 * HOUR_MS, FRIDAY + 86 * HOUR_MS, hours)).toMatchObject({
      from: FRIDAY + 20 * HOUR_MS,
      missing: 1,
    });
  });

  it('misses nothing where the calendar is unknown, or does not reach', () => {
    const unknown = { timeframe: '1d', calendar: tradingCalendar('unknown') } as const;
    expect(gapBetween(FRIDAY, FRIDAY + 90 * DAY_MS, unknown)).toBeNull();
    expect(gapBetween(Date.UTC(1995, 0, 3), Date.UTC(1996, 0, 3), DAYS)).toBeNull();
  });

  it('does not miss what was set aside', () => {
    const setAside = new Set([HOUR_MS, 3 * HOUR_MS]);
    expect(gapBetween(0, 2 * HOUR_MS, { ...HOURS, setAside })).toBeNull();
    expect(gapBetween(0, 4 * HOUR_MS, { ...HOURS, setAside })).toEqual({
      from: 2 * HOUR_MS,
      to: 4 * HOUR_MS,
      missing: 1,
    });
  });

  it('finds none for repeated or decreasing times', () => {
    expect(gapBetween(HOUR_MS, HOUR_MS, HOURS)).toBeNull();
    expect(gapBetween(HOUR_MS, 0, HOURS)).toBeNull();
  });
});

describe('issueOfGap', () => {
  it('names first missing bar, end and count', () => {
    const issue = issueOfGap({ from: FRIDAY, to: FRIDAY + 2 * HOUR_MS, missing: 2 });
    expect(issue).toEqual({
      openTime: FRIDAY,
      rule: 'gap',
      detail: '2 missing from 2018-01-05T00:00:00Z until 2018-01-05T02:00:00Z',
      quarantined: false,
    });
  });
});
