import { assert, array, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isDone,
  isOverfilled,
  newLeg,
  shown,
  type Leg,
} from '../../../../src/execution/live/leg.ts';
import {
  VENUE_ORDER_STATUSES,
  type VenueOrderReport,
  type VenueOrderStatus,
} from '../../../../src/ports/exchange-account.ts';
import { dec } from '../../../support/orders.ts';

const SENT: Leg = {
  ...newLeg({
    clientId: 'qsaaaaaaaaaaaaaaaa',
    attempt: 1,
    phase: 'sending',
    quantity: dec(10),
    pricing: { type: 'market' },
    timeInForce: 'gtc',
    reference: dec(100),
    intendedAt: 0,
  }),
  phase: 'working',
};

function report(status: VenueOrderStatus, filled: number | null): VenueOrderReport {
  return {
    clientId: SENT.clientId,
    venueId: 'x1',
    symbol: 'BTC/USD',
    side: 'buy',
    status,
    statusText: status,
    quantity: dec(10),
    filled: filled === null ? null : dec(filled),
    averagePrice: null,
    updatedAt: null,
  };
}

describe('a leg as the exchange shows it', () => {
  it.each([
    ['open', 0, 'working', null],
    ['pending-cancel', 3, 'working', null],
    ['filled', 10, 'working', 'filled'],
    ['canceled', 3, 'working', 'canceled'],
    ['expired', 0, 'working', 'expired'],
    ['rejected', null, 'working', 'rejected'],
    ['unclear', 3, 'unknown', null],
    ['filled', null, 'unknown', null],
    ['canceled', null, 'unknown', null],
    ['expired', null, 'unknown', null],
  ] as const)('%s with %s filled is %s, its end %s', (status, filled, phase, end) => {
    const leg = shown(SENT, report(status, filled), 5);
    expect(leg.phase).toBe(phase);
    expect(leg.end?.state ?? null).toBe(end);
    expect(leg.venueId).toBe('x1');
  });

  it('is over only once all that it filled is booked', () => {
    const canceled = shown(SENT, report('canceled', 3), 5);
    expect(isDone(canceled)).toBe(false);
    expect(isDone({ ...canceled, filled: dec(2) })).toBe(false);
    expect(isDone({ ...canceled, filled: dec(3) })).toBe(true);
    expect(isDone({ ...SENT, filled: dec(10) })).toBe(true);
    expect(isDone(SENT)).toBe(false);
  });

  it('claims the impossible with more than was ordered, or less than nothing', () => {
    expect(isOverfilled(SENT, dec('10.000000001'))).toBe(true);
    expect(isOverfilled(SENT, dec(-1))).toBe(true);
    expect(isOverfilled(SENT, dec(10))).toBe(false);
    expect(isOverfilled(SENT, null)).toBe(false);
  });

  it('never falls back: neither its end nor what it filled, however stale an answer is', () => {
    const reports = record({
      status: constantFrom(...VENUE_ORDER_STATUSES),
      filled: integer({ min: 0, max: 10 }),
    });
    assert(
      property(array(reports), (list) => {
        let leg = SENT;
        for (const { status, filled } of list) {
          const next = shown(leg, report(status, filled), 5);
          expect(next.cumulative.lessThan(leg.cumulative)).toBe(false);
          expect(leg.end ?? next.end).toEqual(next.end);
          leg = next;
        }
      }),
    );
  });
});
