import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import type { OrderPricing, Trail } from '../../../src/core/order.ts';
import { refusalOf } from '../../../src/execution/order-admission.ts';
import { BTC } from '../../support/orders.ts';
import { approvedOrder } from './orders.ts';

const PRICE = Decimal.parse('100');

function refusal(pricing: OrderPricing, terms: Partial<Parameters<typeof approvedOrder>[0]> = {}) {
  const order = approvedOrder({
    count: 1,
    role: 'entry',
    side: 'buy',
    quantity: '1',
    pricing,
    ...terms,
  });
  return refusalOf(order, { instrument: BTC, now: 1000 });
}

const trailing = (trail: Trail): OrderPricing => ({
  type: 'trailing_stop',
  stopPrice: PRICE,
  trail,
});

describe('an order is admitted', () => {
  it.each<[fact: string, pricing: OrderPricing]>([
    ['at the market', { type: 'market' }],
    ['with a limit', { type: 'limit', limitPrice: PRICE }],
    ['with a stop and a limit', { type: 'stop_limit', stopPrice: PRICE, limitPrice: PRICE }],
    ['with a distance to trail by', trailing({ kind: 'distance', distance: PRICE })],
    [
      'with a fraction to trail by',
      trailing({ kind: 'fraction', fraction: Decimal.parse('0.999') }),
    ],
  ])('%s', (_, pricing) => {
    expect(refusal(pricing)).toBeNull();
  });

  it('with an end that is still to come', () => {
    expect(refusal({ type: 'market' }, { timeInForce: 'gtd', expiresAt: 1001 })).toBeNull();
  });
});

describe('an order is refused', () => {
  it.each(['0', '-1'])('with a trail of %s', (text) => {
    expect(refusal(trailing({ kind: 'distance', distance: Decimal.parse(text) }))).toBe(
      `a trail above zero was expected, was "${text}"`,
    );
  });

  it.each(['0', '-0.1', '1', '2'])('with a trail of %s of the price', (text) => {
    expect(refusal(trailing({ kind: 'fraction', fraction: Decimal.parse(text) }))).toBe(
      `a trail between 0 and 1 of the price was expected, was "${text}"`,
    );
  });

  it.each([
    ['1.005', '100'],
    ['100', '1.005'],
  ])('with a stop of %s and a limit of %s, one of them off the tick', (stop, limit) => {
    const pricing = {
      type: 'stop_limit',
      stopPrice: Decimal.parse(stop),
      limitPrice: Decimal.parse(limit),
    } as const;
    expect(refusal(pricing)).toBe(
      'a stop_limit price on the tick 0.01 was expected, positive, was "1.005"',
    );
  });

  it('with an end that is now', () => {
    expect(refusal({ type: 'market' }, { timeInForce: 'gtd', expiresAt: 1000 })).toBe(
      'an end after 1970-01-01T00:00:01Z was expected of a gtd order, was "1970-01-01T00:00:01Z"',
    );
  });
});
