import * as fc from 'fast-check';
import { Decimal } from '../../../src/core/decimal.ts';
import type { OrderPricing, Trail } from '../../../src/core/order.ts';
import { TIMES_IN_FORCE } from '../../../src/core/order.ts';

/** Prices in ticks of 0.01, quantities in lots of 0.001: whole numbers, apart from the venue's. */
export const TICKS = 100;
export const LOTS = 1000;

const bar = fc.record({
  /** Ticks from the close before to the open. */
  gap: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: -400, max: 400 })),
  up: fc.integer({ min: 0, max: 300 }),
  down: fc.integer({ min: 0, max: 300 }),
  /** Where between low and high it closes. */
  closeAt: fc.constantFrom(0, 0.1, 0.3, 0.5, 0.7, 0.9, 1),
  volume: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 4000 })),
  /** Bars that are missing before it. */
  skipped: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 8 })),
});

const offset = fc.integer({ min: -350, max: 350 });
const order = fc.record({
  isExit: fc.boolean(),
  type: fc.constantFrom('market', 'limit', 'stop', 'stop_limit', 'trailing_stop'),
  timeInForce: fc.constantFrom(...TIMES_IN_FORCE),
  side: fc.constantFrom('buy', 'sell'),
  group: fc.constantFrom(null, null, 'a', 'b'),
  lots: fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 120_000 })),
  /** Ticks from the last close to the stop, and to the limit. */
  stop: offset,
  limit: offset,
  /** Ticks, or ten-thousandths of the price. */
  trail: fc.integer({ min: 1, max: 300 }),
  isFraction: fc.boolean(),
  /** When a `gtd` order ends, in quarters of an hour from now. */
  endsIn: fc.integer({ min: -4, max: 80 }),
  stopLoss: fc.constantFrom(null, 'stop', 'stop_limit', 'trailing_stop'),
  takeProfit: fc.boolean(),
  pick: fc.nat({ max: 100 }),
});

/** One bar after the other, and what is ordered and cancelled after each. */
export const orderScript = fc.record({
  options: fc.record({
    fillAt: fc.constantFrom('next_open', 'next_open', 'close'),
    limitFill: fc.constantFrom('through', 'touch'),
    trailingReference: fc.constantFrom('extreme', 'close'),
    entryBarExits: fc.constantFrom('cautious', 'at_open', 'never'),
    shortOfFunds: fc.constantFrom('reduce', 'cancel'),
  }),
  steps: fc.array(
    fc.record({
      bar,
      orders: fc.array(order, { maxLength: 3 }),
      cancel: fc.option(fc.nat({ max: 30 })),
    }),
    { minLength: 3, maxLength: 16 },
  ),
});

type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;
export type OrderScript = ValueOf<typeof orderScript>;
export type OrderSketch = ValueOf<typeof order>;
export type BarSketch = ValueOf<typeof bar>;

export function priceAt(ticks: number): Decimal {
  return Decimal.parse(`${Math.max(1, ticks)}e-2`);
}

/** The pricing a sketch gives at a last price, in ticks. */
export function pricingAt(sketch: OrderSketch, last: number, type = sketch.type): OrderPricing {
  const stopPrice = priceAt(last + sketch.stop);
  const limitPrice = priceAt(last + sketch.limit);
  if (type === 'market') return { type };
  if (type === 'limit') return { type, limitPrice };
  if (type === 'stop') return { type, stopPrice };
  if (type === 'stop_limit') return { type, stopPrice, limitPrice };
  return { type: 'trailing_stop', stopPrice, trail: trailOf(sketch) };
}

function trailOf({ trail, isFraction }: OrderSketch): Trail {
  return isFraction
    ? { kind: 'fraction', fraction: Decimal.parse(`${trail}e-4`) }
    : { kind: 'distance', distance: Decimal.parse(`${trail}e-2`) };
}
