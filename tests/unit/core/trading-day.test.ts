import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, formatTime } from '../../../src/core/time.ts';
import { tradingCalendar } from '../../../src/core/trading-calendar.ts';
import { tradingDayEnd } from '../../../src/core/trading-day.ts';

describe('the end of a trading day', () => {
  it.each([
    ['always', '2024-03-05T13:37:00Z', '2024-03-06T00:00:00Z', 'crypto ends at midnight UTC'],
    ['always', '2024-03-05T00:00:00Z', '2024-03-06T00:00:00Z', 'midnight begins a day'],
    ['us', '2024-03-05T15:00:00Z', '2024-03-05T21:00:00Z', 'in winter at 21:00 UTC'],
    ['us', '2024-07-02T15:00:00Z', '2024-07-02T20:00:00Z', 'in summer at 20:00 UTC'],
    ['us', '2024-03-05T09:00:00Z', '2024-03-05T21:00:00Z', 'before the opening, that of the day'],
    ['us', '2024-03-05T21:00:00Z', '2024-03-06T21:00:00Z', 'at the close, that of the next day'],
    ['us', '2024-07-03T14:00:00Z', '2024-07-03T17:00:00Z', 'early on a half day'],
    ['us', '2024-03-08T22:00:00Z', '2024-03-11T20:00:00Z', 'over a weekend and a change of clocks'],
    ['us', '2024-12-24T20:00:00Z', '2024-12-26T21:00:00Z', 'over a holiday'],
    ['us', '2001-09-10T20:00:00Z', '2001-09-17T20:00:00Z', 'over the longest closure'],
    ['unknown', '2024-03-05T13:37:00Z', '2024-03-06T00:00:00Z', 'at midnight where none is known'],
    ['us', '1901-01-01T12:00:00Z', '1901-01-02T00:00:00Z', 'at midnight before the calendar'],
  ] as const)('%s, %s: %s (%s)', (...[calendar, time, end]) => {
    expect(formatTime(tradingDayEnd(tradingCalendar(calendar), Date.parse(time)))).toBe(end);
  });

  it('is later than the instant, and the same for every instant up to it', () => {
    const instants = fc.integer({ min: Date.UTC(1998, 0, 1), max: Date.UTC(2027, 0, 1) });
    fc.assert(
      fc.property(
        instants,
        fc.constantFrom('always', 'us'),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (time, id, part) => {
          const calendar = tradingCalendar(id);
          const end = tradingDayEnd(calendar, time);
          expect(end).toBeGreaterThan(time);
          expect(end - time).toBeLessThanOrEqual(8 * DAY_MS);
          expect(tradingDayEnd(calendar, time + Math.floor((end - time) * part))).toBe(end);
          expect(tradingDayEnd(calendar, end)).toBeGreaterThan(end);
        },
      ),
    );
  });
});
