import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  TIMEFRAMES,
  formatTime,
  isTimeframe,
  misalignmentMs,
  timeframeMs,
  utcDayStart,
} from '../../../src/core/time.ts';

describe('timeframes', () => {
  it.each([
    ['1m', 60_000],
    ['3m', 180_000],
    ['5m', 300_000],
    ['15m', 900_000],
    ['30m', 1_800_000],
    ['1h', 3_600_000],
    ['2h', 7_200_000],
    ['4h', 14_400_000],
    ['6h', 21_600_000],
    ['8h', 28_800_000],
    ['12h', 43_200_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
  ] as const)('%s lasts %d ms', (timeframe, length) => {
    expect(timeframeMs(timeframe)).toBe(length);
  });

  it('are thirteen, from short to long', () => {
    const lengths = TIMEFRAMES.map(timeframeMs);
    expect(lengths).toHaveLength(13);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  });

  it.each(['1M', '1H', '60m', '', 'toString', ' 1h'])('do not include "%s"', (text) => {
    expect(isTimeframe(text)).toBe(false);
  });
});

describe('alignment', () => {
  it.each([
    ['1h', '2018-01-01T05:00:00Z', 0],
    ['1h', '2018-01-01T05:00:01Z', 1000],
    ['15m', '2018-01-01T05:14:59Z', 15 * MINUTE_MS - 1000],
    ['4h', '2018-01-01T05:00:00Z', HOUR_MS],
    ['1d', '2018-01-01T05:00:00Z', 5 * HOUR_MS],
    // 2018-01-01 was a Monday, 2018-01-04 a Thursday like the first day of the epoch.
    ['1w', '2018-01-01T00:00:00Z', 0],
    ['1w', '2018-01-04T00:00:00Z', 3 * DAY_MS],
    ['1d', '1969-12-31T00:00:00Z', 0],
    ['1d', '1969-12-31T06:00:00Z', 6 * HOUR_MS],
    ['1w', '1970-01-01T00:00:00Z', 3 * DAY_MS],
  ] as const)('of a %s bar opening at %s is off by %d ms', (timeframe, time, expected) => {
    expect(misalignmentMs(Date.parse(time), timeframe)).toBe(expected);
  });

  it('is on the grid once the misalignment is taken off', () => {
    const times = fc.integer({ min: -1e13, max: 1e13 });
    fc.assert(
      fc.property(times, fc.constantFrom(...TIMEFRAMES), (time, timeframe) => {
        const off = misalignmentMs(time, timeframe);
        expect(off >= 0 && off < timeframeMs(timeframe)).toBe(true);
        expect(misalignmentMs(time - off, timeframe)).toBe(0);
      }),
      { seed: 42, numRuns: 1000 },
    );
  });
});

describe('days', () => {
  it.each([
    ['2018-03-04T23:59:59.999Z', '2018-03-04T00:00:00Z'],
    ['2018-03-04T00:00:00Z', '2018-03-04T00:00:00Z'],
    ['1969-12-31T23:00:00Z', '1969-12-31T00:00:00Z'],
  ])('the day of %s starts at %s', (time, start) => {
    expect(formatTime(utcDayStart(Date.parse(time)))).toBe(start);
  });
});

describe('printed times', () => {
  it('leave out milliseconds that are zero', () => {
    expect(formatTime(0)).toBe('1970-01-01T00:00:00Z');
  });

  it('keep milliseconds that are not', () => {
    expect(formatTime(1)).toBe('1970-01-01T00:00:00.001Z');
  });
});
