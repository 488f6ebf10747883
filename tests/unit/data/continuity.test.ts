import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import { gapBetween, issueOfGap } from '../../../src/data/continuity.ts';

/** 2018-01-05T00:00Z, a Friday. */
const FRIDAY = 1_515_110_400_000;

describe('gapBetween', () => {
  it('finds none between neighbours', () => {
    expect(gapBetween(0, HOUR_MS, '1h', 'crypto')).toBeNull();
  });

  it('counts what is missing in a market that never closes', () => {
    expect(gapBetween(0, 4 * HOUR_MS, '1h', 'crypto')).toEqual({
      from: HOUR_MS,
      to: 4 * HOUR_MS,
      missing: 3,
    });
  });

  it.each([
    ['a weekend', 3],
    ['a weekend with one holiday', 4],
  ])('finds none over %s of a stock', (_, days) => {
    expect(gapBetween(FRIDAY, FRIDAY + days * DAY_MS, '1d', 'stock')).toBeNull();
  });

  it('finds a stock gap of more than four calendar days, of unknown size', () => {
    expect(gapBetween(FRIDAY, FRIDAY + 5 * DAY_MS, '1d', 'stock')).toEqual({
      from: FRIDAY + DAY_MS,
      to: FRIDAY + 5 * DAY_MS,
      missing: null,
    });
  });

  it('finds none between weekly bars of a stock', () => {
    expect(gapBetween(FRIDAY, FRIDAY + 7 * DAY_MS, '1w', 'stock')).toBeNull();
  });

  it('finds none for repeated or decreasing times', () => {
    expect(gapBetween(HOUR_MS, HOUR_MS, '1h', 'crypto')).toBeNull();
    expect(gapBetween(HOUR_MS, 0, '1h', 'crypto')).toBeNull();
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

  it('makes no number up where the calendar is not known', () => {
    const issue = issueOfGap({ from: FRIDAY, to: FRIDAY + 5 * DAY_MS, missing: null });
    expect(issue.detail).toMatch(/^no bars from /);
  });
});
