import * as fc from 'fast-check';
import type { Wish, WishScript } from './wish-script.ts';

const ticks = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 900 }));
const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant('enter' as const) },
    { weight: 3, arbitrary: fc.constant('exit' as const) },
    { weight: 2, arbitrary: fc.constantFrom('cancel' as const, 'turn' as const) },
    { weight: 4, arbitrary: fc.constantFrom('replace' as const, 'protect' as const) },
  ),
  isBuy: fc.boolean(),
  form: fc.nat({ max: 5 }),
  lasting: fc.nat({ max: 9 }),
  near: ticks,
  far: ticks,
  lots: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60_000 })),
  pick: fc.nat({ max: 23 }),
  levels: fc.nat({ max: 29 }),
});
const bar = fc.record({
  gap: fc.integer({ min: -400, max: 400 }).map((each) => each / 100),
  move: fc.integer({ min: -400, max: 400 }).map((each) => each / 100),
  up: fc.integer({ min: 0, max: 300 }).map((each) => each / 100),
  down: fc.integer({ min: 0, max: 300 }).map((each) => each / 100),
  volume: fc.oneof(fc.constantFrom(0, 1_000_000), fc.integer({ min: 1, max: 60 })),
  wishes: fc.array(wish, { maxLength: 3 }),
});
/** Any script: bars, what is wished for on each, and the settings it runs under. */
export const script: fc.Arbitrary<WishScript> = fc.record({
  bars: fc.array(bar, { minLength: 3, maxLength: 25 }),
  allowShort: fc.boolean(),
  maxEntries: fc.integer({ min: 1, max: 3 }),
  reverses: fc.boolean(),
  stopLimit: fc.constantFrom(null, 0.02, 0.05),
  maxFraction: fc.constantFrom(null, 0.1, 0.4),
  entryBars: fc.constantFrom(null, 1, 3),
  fillsAtClose: fc.boolean(),
});

const quote = fc.record({
  minute: fc.integer({ min: 0, max: 65 }),
  height: fc.double({ min: 0, max: 1, noNaN: true }),
  spread: fc.integer({ min: 0, max: 30 }).map((each) => each / 100),
});
const quotes = fc.array(fc.array(quote, { maxLength: 4 }), { minLength: 25, maxLength: 25 });
/** The same with prices between the bars. */
export const quoted: fc.Arbitrary<WishScript> = fc.tuple(script, quotes).map(([each, among]) => ({
  ...each,
  bars: each.bars.map((one, at) => ({ ...one, quotes: among[at] ?? [] })),
}));
