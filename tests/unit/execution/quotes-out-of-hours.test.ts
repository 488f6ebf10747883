import { describe, expect, it } from 'vitest';
import { tradingCalendar, type CalendarId } from '../../../src/core/trading-calendar.ts';
import { plainVenue } from './bar-script.ts';
import { approvedOrder } from './orders.ts';

/** A venue that waits with a market order, and what a quote of a time would do to it. */
function waiting(calendar: CalendarId) {
  const venue = plainVenue({ calendarOf: () => tradingCalendar(calendar) });
  venue.connect({ updated: () => undefined, filled: () => undefined, charged: () => undefined });
  const order = approvedOrder({
    count: 1,
    role: 'entry',
    side: 'buy',
    quantity: '1',
    pricing: { type: 'market' },
  });
  venue.submit(order);
  const isMovedAt = (time: string): boolean =>
    venue.isMovedBy({ symbol: order.symbol, bid: 100, ask: 100.1, time: Date.parse(time) });
  return isMovedAt;
}

describe('a quote of a stock', () => {
  const isMovedAt = waiting('us');

  it.each([
    ['a minute before the opening', '2026-11-25T14:29:00Z', false],
    ['at the opening', '2026-11-25T14:30:00Z', true],
    ['just before the close', '2026-11-25T20:59:59Z', true],
    ['at the close, after which only extended hours are left', '2026-11-25T21:00:00Z', false],
    ['on Thanksgiving', '2026-11-26T16:00:00Z', false],
    ['on the half day after it', '2026-11-27T17:59:00Z', true],
    ['when that half day is over', '2026-11-27T18:00:00Z', false],
    ['on a Sunday', '2026-11-29T16:00:00Z', false],
  ])('%s fills an order: %s, %s', (_when, time, fills) => {
    expect(isMovedAt(time)).toBe(fills);
  });
});

describe('a quote of a market without hours', () => {
  it.each(['always', 'unknown'] as const)('fills an order whenever it comes: %s', (calendar) => {
    expect(waiting(calendar)('2026-11-29T03:00:00Z')).toBe(true);
  });
});
