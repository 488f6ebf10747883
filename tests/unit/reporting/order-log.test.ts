import { describe, expect, it } from 'vitest';
import { orderId } from '../../../src/core/ids.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { OrderLog } from '../../../src/reporting/order-log.ts';
import type { OrderRow } from '../../../src/reporting/order-log.ts';
import { approved, decimal, entryOrder, fill, MONDAY, ScriptedRun } from './scripted-run.ts';

function collected(): { run: ScriptedRun; log: OrderLog; last: () => OrderRow | undefined } {
  const run = new ScriptedRun();
  const log = new OrderLog();
  log.subscribe(run.bus);
  return { run, log, last: () => [...log.orders()].at(-1) };
}

describe('OrderLog', () => {
  it('follows an order from request to fill', () => {
    const { run, last } = collected();
    const order = entryOrder(1);
    run.now = MONDAY + HOUR_MS;
    run.publish('order.requested', order);
    expect(last()).toEqual({
      order,
      requestedAt: MONDAY + HOUR_MS,
      state: 'created',
      filledQuantity: decimal('0'),
      averagePrice: null,
      fees: decimal('0'),
      outcome: null,
    });
    run.now = MONDAY + 2 * HOUR_MS;
    run.publish('order.approved', approved(order));
    expect(last()?.state).toBe('approved');
    run.publish('order.updated', { orderId: order.id, state: 'accepted', reason: 'resting' });
    expect(last()).toMatchObject({ state: 'accepted', outcome: null });
    run.publish('order.filled', fill(1));
    expect(last()).toMatchObject({
      requestedAt: MONDAY + HOUR_MS,
      state: 'filled',
      filledQuantity: decimal('2'),
      averagePrice: decimal('101'),
      fees: decimal('1.2'),
    });
  });

  it('averages the price of partial fills by quantity', () => {
    const { run, log, last } = collected();
    run.order(entryOrder(1));
    // 1 at 100 and 3 at 104: 412 / 4 = 103
    const parts = [
      { quantity: decimal('1'), price: decimal('100'), orderState: 'partially_filled' },
      { quantity: decimal('3'), price: decimal('104') },
    ] as const;
    for (const part of parts) run.publish('order.filled', fill(1, part));
    expect(last()?.averagePrice?.toString()).toBe('103');
    expect(last()?.fees.toString()).toBe('2.4');
    expect(log.fills).toHaveLength(2);
  });

  it('counts a fill that came after the end of its order, and keeps that end', () => {
    const { run, last } = collected();
    const order = entryOrder(1);
    run.order(order);
    run.publish('order.updated', { orderId: order.id, state: 'canceled', reason: 'too old' });
    run.publish('order.filled', { ...fill(1), late: order });
    expect(last()).toMatchObject({ state: 'canceled', outcome: 'too old' });
    expect(last()?.filledQuantity).toEqual(decimal('2'));
  });

  it('keeps the fills of an order that was cancelled in the end, and why', () => {
    const { run, last } = collected();
    run.order(entryOrder(1));
    const part = { quantity: decimal('1'), orderState: 'partially_filled' } as const;
    run.publish('order.filled', fill(1, part));
    run.publish('order.updated', { orderId: orderId(1), state: 'canceled', reason: 'ioc' });
    expect(last()).toMatchObject({ state: 'canceled', outcome: 'ioc' });
    expect(last()?.filledQuantity.toString()).toBe('1');
  });

  it('tells a refusal in the words of risk', () => {
    const { run, last } = collected();
    const order = entryOrder(1);
    run.publish('order.requested', order);
    const refusal = {
      layer: 'symbol',
      check: 'c',
      limit: 1,
      actual: 2,
      message: 'too big',
    } as const;
    run.publish('order.rejected', { order, refusal });
    expect(last()).toMatchObject({ state: 'rejected', outcome: 'too big' });
  });

  it('lists orders as they were requested', () => {
    const { run, log } = collected();
    run.order(entryOrder(2));
    run.order(entryOrder(1));
    run.publish('order.filled', fill(1, { orderId: orderId(2) }));
    expect([...log.orders()].map(({ order }) => order.id)).toEqual(['o2', 'o1']);
    expect(log.fills[0]?.order?.id).toBe('o2');
  });

  it('keeps fills of orders it never heard of, and ignores their updates', () => {
    const { run, log } = collected();
    run.publish('order.updated', { orderId: orderId(9), state: 'canceled', reason: 'by hand' });
    run.publish('order.filled', fill(9));
    expect([...log.orders()]).toEqual([]);
    expect(log.fills).toEqual([{ fill: fill(9), order: null }]);
  });
});
