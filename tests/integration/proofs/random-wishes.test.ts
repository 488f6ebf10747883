import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { isFinal, type OrderRequest, type OrderState } from '../../../src/core/order.ts';
import type { Position } from '../../../src/core/position.ts';
import { quoted, script } from '../../support/wish-arbitraries.ts';
import {
  INITIAL_CAPITAL,
  runWishes,
  SYMBOL,
  WISHER,
  type WishRun,
} from '../../support/wish-script.ts';

const RUNS = 1_500;

/** States of all orders, and what was entered and left, by the events alone. */
function ledgerOf({ events }: WishRun) {
  const orders = new Map<string, { order: OrderRequest; state: OrderState; filled: Decimal }>();
  const positions = new Map<string, Position>();
  for (const { type, payload } of events) {
    if (type === 'order.requested') {
      orders.set(payload.id, { order: payload, state: 'created', filled: Decimal.zero });
    } else if (type === 'order.rejected') {
      const known = orders.get(payload.order.id);
      if (known !== undefined) known.state = 'rejected';
    } else if (type === 'order.updated') {
      const known = orders.get(payload.orderId);
      if (known !== undefined) known.state = payload.state;
    } else if (type === 'order.filled') {
      const known = orders.get(payload.orderId);
      if (known !== undefined) {
        known.state = payload.orderState;
        known.filled = known.filled.plus(payload.quantity);
      }
    } else if (type === 'position.updated') positions.set(payload.id, payload);
  }
  return { orders: [...orders.values()], positions: [...positions.values()] };
}

/** A stop covers all that is held, unless it is being sold already. */
function unguarded({ engine }: WishRun): readonly string[] {
  const { portfolio } = engine;
  const orders = portfolio.openOrders(WISHER, SYMBOL);
  return portfolio.openPositions().flatMap(({ id, side, quantity }) => {
    const sellable = quantity.toStep(Decimal.parse('0.001'), 'down');
    const worth = sellable.toNumber() * (portfolio.lastPrice(SYMBOL) ?? 0);
    // Orders do not say which of two positions they close.
    if (worth < 1 || portfolio.openPositions().length > 1) return [];
    const away = side === 'long' ? 'sell' : 'buy';
    const covers = orders.some((order) => {
      const isStop = order.role === 'stop-loss';
      const isExit = order.role === 'exit' && order.type === 'market';
      const isWhole = !order.quantity.minus(order.filled).lessThan(sellable);
      return order.side === away && (isStop || isExit) && isWhole;
    });
    return covers ? [] : [`${id} ${side} ${quantity.toString()}`];
  });
}

/**
 * Positions entered more often than allowed. A group counts once, and so does an order with those
 * that took its place; what was too small to be sold is entered anew.
 */
function enteredTooOften(run: WishRun, most: number): readonly string[] {
  const { orders, positions } = ledgerOf(run);
  const dust = new Set(
    run.events.flatMap(({ type, payload }) =>
      type === 'position.updated' &&
      payload.quantity.isPositive &&
      payload.quantity.lessThan(Decimal.parse('0.1'))
        ? [payload.id]
        : [],
    ),
  );
  const origins = new Map<string, string>();
  const entries = new Map<string, Set<string>>();
  for (const { order, filled } of orders) {
    const { id, replaces, position, group, role } = order;
    const origin = replaces === null ? id : (origins.get(replaces) ?? replaces);
    origins.set(id, origin);
    if (role !== 'entry' || filled.isZero) continue;
    const known = entries.get(position) ?? new Set();
    entries.set(position, known.add(group ?? origin));
  }
  return positions.flatMap(({ id }) => {
    const count = entries.get(id)?.size ?? 0;
    return count > most && !dust.has(id) ? [`${id} ${count} times`] : [];
  });
}

describe.each([
  ['on bars alone', script],
  ['with quotes in between', quoted],
])('whatever a strategy wishes for, %s', (_title, scripts) => {
  it('ends with every order final, nothing held, and the same cash in both books', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(scripts, (each) => {
        const run = runWishes(each, (now) => {
          expect(now.venue.cash.toString()).toBe(now.engine.portfolio.cash.toString());
          expect(each.stopLimit === null ? [] : unguarded(now)).toEqual([]);
        });
        const { portfolio, bus } = run.engine;
        expect(bus.failure).toBeNull();
        expect(portfolio.openPositions()).toEqual([]);
        expect(portfolio.openOrders(WISHER, SYMBOL)).toEqual([]);
        const { orders, positions } = ledgerOf(run);
        for (const { order, state } of orders) seen.add(`${order.role} ${order.type} ${state}`);
        if (run.events.some(({ type }) => type === 'quote.arrived')) seen.add('quote');
        expect(orders.filter(({ state }) => !isFinal(state))).toEqual([]);
        expect(orders.filter(({ order, filled }) => filled.greaterThan(order.quantity))).toEqual(
          [],
        );
        expect(positions.filter(({ quantity }) => !quantity.isZero)).toEqual([]);
        expect(enteredTooOften(run, each.maxEntries)).toEqual([]);
        const { realised, fees } = portfolio.ledger;
        const identity = INITIAL_CAPITAL.plus(realised).minus(fees);
        expect(portfolio.cash.toString()).toBe(identity.toString());
      }),
      { numRuns: scripts === quoted ? 600 : RUNS, seed: 20_240_101 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining(
        ['market', 'limit', 'stop'].flatMap((type) => [
          `entry ${type} filled`,
          `exit ${type} filled`,
        ]),
      ),
    );
    expect(seen.has('quote')).toBe(scripts === quoted);
  });

  it('comes to the same when it is wished for again', () => {
    fc.assert(
      fc.property(scripts, (each) => {
        const tell = (run: WishRun) => JSON.stringify(run.events);
        expect(tell(runWishes(each))).toBe(tell(runWishes(each)));
      }),
      { numRuns: 60, seed: 20_240_102 },
    );
  });
});
