import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/time.ts';
import { tradingCalendar } from '../../../../src/core/trading-calendar.ts';
import {
  isStale,
  isUpToDate,
  nextCloseAt,
  nextPollAt,
} from '../../../../src/data/collect/follow-schedule.ts';

const CLOSE = 100 * HOUR_MS;
const GRACE = 5000;

const CRYPTO = { timeframe: '1h', calendar: tradingCalendar('always'), graceMs: GRACE } as const;
const STOCK = { ...CRYPTO, calendar: tradingCalendar('us') } as const;

function poll(sinceClose: number, lastOpen: number | null, emptyPolls = 0) {
  return nextPollAt({ ...CRYPTO, now: CLOSE + sinceClose, lastOpen, emptyPolls }) - CLOSE;
}

describe('nextCloseAt', () => {
  it('is the next close and the grace after it', () => {
    expect(nextCloseAt(CLOSE - 1, CRYPTO)).toBe(CLOSE + GRACE);
    expect(nextCloseAt(CLOSE + GRACE - 1, CRYPTO)).toBe(CLOSE + GRACE);
    expect(nextCloseAt(CLOSE + GRACE, CRYPTO)).toBe(CLOSE + HOUR_MS + GRACE);
  });

  it('lets a stock rest until the first bar of its next session has closed', () => {
    // Friday after the close; the session of Monday begins at 13:30 UTC, in the bar of 13:00.
    const friday = Date.UTC(2024, 5, 7, 21, 30);
    expect(nextCloseAt(friday, STOCK)).toBe(Date.UTC(2024, 5, 10, 14) + GRACE);
  });
});

describe('nextPollAt', () => {
  it('waits for the next close when the last bar is there', () => {
    expect(poll(GRACE, CLOSE - HOUR_MS)).toBe(HOUR_MS + GRACE);
  });

  it('comes back sooner while the last bar is not there, then less and less often', () => {
    const late = [0, 1, 2, 5].map((empty) => poll(GRACE, CLOSE - 2 * HOUR_MS, empty) - GRACE);
    expect(late).toEqual([5000, 10_000, 20_000, 160_000]);
  });

  it('never sleeps through a close', () => {
    expect(poll(GRACE, CLOSE - 2 * HOUR_MS, 20)).toBe(HOUR_MS + GRACE);
    expect(poll(GRACE, null, 20)).toBe(HOUR_MS + GRACE);
  });
});

describe('isUpToDate', () => {
  it('asks for the bar that closed last, once its grace is over', () => {
    const lastOpen = CLOSE - 2 * HOUR_MS;
    expect(isUpToDate({ ...CRYPTO, lastOpen, now: CLOSE + GRACE - 1 })).toBe(true);
    expect(isUpToDate({ ...CRYPTO, lastOpen, now: CLOSE + GRACE })).toBe(false);
  });

  it('asks for nothing of a stock on a weekend', () => {
    const lastOpen = Date.UTC(2024, 5, 7, 19);
    const now = Date.UTC(2024, 5, 8, 12);
    expect(isUpToDate({ ...STOCK, lastOpen, now })).toBe(true);
    expect(isUpToDate({ ...STOCK, lastOpen: lastOpen - HOUR_MS, now })).toBe(false);
  });
});

describe('isStale', () => {
  it('is a series without a bar for longer than two bars take', () => {
    expect(isStale(CLOSE + 2 * HOUR_MS, CLOSE - HOUR_MS, CRYPTO)).toBe(false);
    expect(isStale(CLOSE + 2 * HOUR_MS + 1, CLOSE - HOUR_MS, CRYPTO)).toBe(true);
  });

  it('is no series of minutes within two minutes', () => {
    const minutes = { ...CRYPTO, timeframe: '1m' } as const;
    expect(isStale(CLOSE + 2 * MINUTE_MS, CLOSE - MINUTE_MS, minutes)).toBe(false);
    expect(isStale(CLOSE + 2 * MINUTE_MS + 1, CLOSE - MINUTE_MS, minutes)).toBe(true);
  });

  it('is no stock while its market is closed', () => {
    const lastOpen = Date.UTC(2024, 5, 7, 19);
    expect(isStale(Date.UTC(2024, 5, 10, 13), lastOpen, STOCK)).toBe(false);
    expect(isStale(Date.UTC(2024, 5, 10, 16), lastOpen, STOCK)).toBe(true);
  });
});
