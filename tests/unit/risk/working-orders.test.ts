import { Decimal } from '../../../src/core/decimal.ts';
import { describe, expect, it } from 'vitest';
import type { Fill } from '../../../src/core/fill.ts';
import { orderId, tradeId } from '../../../src/core/ids.ts';
import { ORDER_STATES, isFinal, type OrderState } from '../../../src/core/order.ts';
import { WorkingOrders } from '../../../src/risk/working-orders.ts';
import { decimal, entry, START } from './risk-builders.ts';

function fill(count: number, quantity: number, orderState: Fill['orderState']): Fill {
  return {
    tradeId: tradeId(1),
    orderId: orderId(count),
    symbol: 'BTC/USD',
    side: 'buy',
    quantity: decimal(quantity),
    price: decimal(100),
    rawPrice: decimal(100),
    impact: Decimal.zero,
    fee: decimal(0),
    commission: null,
    isFeeProvisional: false,
    liquidity: 'taker',
    time: START,
    orderState,
  };
}

function book(): WorkingOrders {
  const working = new WorkingOrders();
  working.add(entry({ id: orderId(1) }));
  working.add(entry({ id: orderId(2), symbol: 'ETH/USD', quantity: decimal(3) }));
  return working;
}

const values = (working: WorkingOrders) => working.exposures().map(({ value }) => value);

describe('WorkingOrders', () => {
  it('counts an approved entry at once, at its reference price', () => {
    expect(book().exposures()).toEqual([
      { strategy: 'alpha', symbol: 'BTC/USD', value: 1_000 },
      { strategy: 'alpha', symbol: 'ETH/USD', value: 300 },
    ]);
  });

  it('counts a stop entry at its stop price where that is the worse one', () => {
    const working = new WorkingOrders();
    working.add(entry({ pricing: { type: 'stop', stopPrice: decimal(120) } }));
    expect(values(working)).toEqual([1_200]);
  });

  it.each([
    { what: 'limit above the market', type: 'limit', at: 120, value: 1_200 },
    { what: 'limit below the market', type: 'limit', at: 90, value: 1_000 },
    { what: 'stop below the market', type: 'stop', at: 90, value: 1_000 },
  ] as const)('counts a short entry by a $what at the most it can owe', ({ type, at, value }) => {
    const working = new WorkingOrders();
    const price = decimal(at);
    const pricing = type === 'limit' ? { type, limitPrice: price } : { type, stopPrice: price };
    working.add(entry({ side: 'sell', pricing }));
    expect(values(working)).toEqual([value]);
  });

  it('counts an order sized at its fill by its estimate, never below zero', () => {
    const working = new WorkingOrders();
    working.add(entry({ sizedAtFill: { fraction: 1, maxFunds: null, fixedFee: 'once' } }));
    working.fill(fill(1, 4, 'partially_filled'));
    expect(values(working)).toEqual([600]);
    working.fill(fill(1, 9, 'partially_filled'));
    working.fill(fill(1, 1, 'filled'));
    expect(values(working)).toEqual([]);
  });

  it('counts what is left after a partial fill', () => {
    const working = book();
    working.fill(fill(1, 4, 'partially_filled'));
    expect(values(working)).toEqual([600, 300]);
  });

  it.each([
    ['is reported filled', fill(1, 4, 'filled')],
    ['has nothing left', fill(1, 10, 'partially_filled')],
    ['filled beyond its quantity', fill(1, 11, 'partially_filled')],
  ])('drops an order that %s', (_title, last) => {
    const working = book();
    working.fill(last);
    expect(values(working)).toEqual([300]);
  });

  it('lets fills and updates of orders it does not hold pass', () => {
    const working = book();
    working.fill(fill(9, 4, 'filled'));
    working.update({ orderId: orderId(9), state: 'canceled', reason: '' });
    expect(values(working)).toEqual([1_000, 300]);
  });

  const reported = ORDER_STATES.filter(
    (state): state is Exclude<OrderState, 'created' | 'approved' | 'partially_filled' | 'filled'> =>
      !['created', 'approved', 'partially_filled', 'filled'].includes(state),
  );
  it.each(reported)('keeps or drops an order as state %s is final or not', (state) => {
    const working = book();
    working.update({ orderId: orderId(1), state, reason: '' });
    expect(values(working)).toEqual(isFinal(state) ? [300] : [1_000, 300]);
  });

  it('keeps an order whose outcome is unknown: it may have filled', () => {
    const working = book();
    working.update({ orderId: orderId(1), state: 'unknown', reason: 'timeout' });
    expect(values(working)).toEqual([1_000, 300]);
  });
});
