import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { exitGroupOf, orderId, positionId } from '../../../src/core/ids.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { RoundTrips } from '../../../src/reporting/round-trips.ts';
import {
  closedPosition,
  decimal,
  entryOrder,
  exitOrder,
  fill,
  MONDAY,
  openPosition,
  ScriptedRun,
} from './scripted-run.ts';

function collected(): { run: ScriptedRun; trips: RoundTrips } {
  const run = new ScriptedRun();
  const trips = new RoundTrips();
  trips.subscribe(run.bus);
  return { run, trips };
}

describe('RoundTrips', () => {
  it('makes one row of a position that was opened and closed', () => {
    const { run, trips } = collected();
    run.order(entryOrder(1));
    run.publish('order.filled', fill(1));
    run.publish('position.updated', openPosition(1));
    run.order(exitOrder(2));
    run.publish('order.filled', fill(2, { side: 'sell' }));
    const costs = { impact: decimal('1'), financing: decimal('0.5') };
    run.publish('position.updated', closedPosition(1, costs));

    expect(trips.rows).toEqual([
      {
        strategy: 'reverter',
        symbol: 'BTC/USD',
        side: 'long',
        quantity: decimal('2'),
        entryTime: MONDAY + HOUR_MS,
        entryPrice: decimal('101'),
        exitTime: MONDAY + 5 * HOUR_MS,
        exitPrice: decimal('111'),
        grossPnl: decimal('23'), // 20 at the prices paid, which 3 of slippage made worse
        fees: decimal('2.5'),
        slippage: decimal('3'),
        spreadCost: decimal('2'), // 3 − 1
        impactCost: decimal('1'),
        financing: decimal('0.5'),
        netPnl: decimal('17'), // 23 − 3 − 2.5 − 0.5
        netReturn: 17 / 202, // of 2 × 101
        exitReason: 'middle band reached',
        entryOrder: 'o1',
        exitOrder: 'o2',
      },
    ]);
  });

  it('has no row for a position that is still open', () => {
    const { run, trips } = collected();
    run.publish('position.updated', openPosition(1));
    expect(trips.rows).toEqual([]);
  });

  it('names the order that closed the position, not one that only stood by', () => {
    const { run, trips } = collected();
    run.order(entryOrder(1));
    run.publish('order.filled', fill(1));
    run.order(exitOrder(2, { role: 'stop-loss' }));
    run.order(exitOrder(3, { role: 'take-profit' }));
    run.publish('order.filled', fill(2, { orderId: orderId(3), side: 'sell' }));
    run.publish('position.updated', closedPosition(1));
    expect(trips.rows[0]?.exitOrder).toBe('o3');
  });

  it('names the first entry and the last exit of a position filled in parts', () => {
    const { run, trips } = collected();
    run.order(entryOrder(1));
    run.order(entryOrder(2));
    run.publish('order.filled', fill(1, { orderState: 'partially_filled' }));
    run.publish('order.filled', fill(2));
    run.order(exitOrder(3));
    run.publish('order.filled', fill(3, { side: 'sell', orderState: 'partially_filled' }));
    run.order(exitOrder(4));
    run.publish('order.filled', fill(4, { side: 'sell' }));
    run.publish('position.updated', closedPosition(1));
    expect(trips.rows[0]?.entryOrder).toBe('o1');
    expect(trips.rows[0]?.exitOrder).toBe('o4');
  });

  it('keeps positions apart that are open together, in the order they closed', () => {
    const { run, trips } = collected();
    for (const count of [1, 2]) {
      run.order(entryOrder(count, { position: positionId(count) }));
      run.publish('order.filled', fill(count));
    }
    const group = exitGroupOf(positionId(2));
    run.order(exitOrder(3, { position: positionId(2), group }));
    run.publish('order.filled', fill(3, { side: 'sell' }));
    run.publish('position.updated', closedPosition(2, { symbol: 'ETH/USD' }));
    run.order(exitOrder(4));
    run.publish('order.filled', fill(4, { side: 'sell' }));
    run.publish('position.updated', closedPosition(1));
    expect(trips.rows.map((row) => [row.symbol, row.entryOrder, row.exitOrder])).toEqual([
      ['ETH/USD', 'o2', 'o3'],
      ['BTC/USD', 'o1', 'o4'],
    ]);
  });

  it('leaves the orders empty of a position that others opened and closed', () => {
    const { run, trips } = collected();
    run.publish('order.filled', fill(9));
    run.publish('position.updated', closedPosition(1, { exitReason: null }));
    expect(trips.rows[0]).toMatchObject({ entryOrder: null, exitOrder: null, exitReason: null });
  });

  it('turns a gain into a loss when fees exceed it', () => {
    const { run, trips } = collected();
    run.publish('position.updated', closedPosition(1, { fees: decimal('20.5') }));
    expect(trips.rows[0]?.netPnl.toString()).toBe('-0.5');
    expect(trips.rows[0]?.netReturn).toBeCloseTo(-0.5 / 202, 15);
  });

  it.each([
    ['exit time', { exitTime: null }],
    ['exit price', { exitPrice: null }],
  ])('stops the run when a closed position lacks its %s', (what, overrides) => {
    const { run } = collected();
    expect(() => {
      run.publish('position.updated', closedPosition(1, { ...overrides, quantity: Decimal.zero }));
    }).toThrow(`the ${what} of closed position p1 must be present`);
  });
});
