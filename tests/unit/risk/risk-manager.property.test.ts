import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RiskLimits } from '../../../src/risk/risk-limits.ts';
import { type EntryPlan, LOOKBACK, type Moves, RiskWorld, type Step } from './risk-world.ts';

const SEED = 20_240_101;
const RUNS = 2_500;

/** Evenly spread: a plain double would mostly be tiny. */
const fraction = (max: number) =>
  fc.integer({ min: 1, max: 1_000_003 }).map((n) => (n * max) / 1_000_003);
/** One in three is off. */
const optional = (max: number) => fc.option(fraction(max), { freq: 3 });
/** One in two is off. */
const rarely = { freq: 2 };

const limitsOf: fc.Arbitrary<RiskLimits> = fc.record({
  position: fc.record({
    maxFraction: optional(0.3),
    stopLoss: fc.record({ crypto: optional(0.05), stock: optional(0.05) }),
    takeProfitRatio: fc.constant(2),
  }),
  symbol: fc.record({ maxExposure: optional(0.5) }),
  portfolio: fc.record({
    maxInvested: optional(1.5),
    correlation: fc.record({
      threshold: fc.option(fraction(0.9), { freq: 9 }),
      lookbackBars: fc.constant(LOOKBACK),
      maxGroupExposure: fc.option(fc.oneof(fraction(0.6), fc.constant(0)), { freq: 9 }),
    }),
  }),
  system: fc.record({
    maxDailyLoss: fc.option(fraction(0.1), rarely),
    maxDrawdown: fc.option(fraction(0.2), rarely),
    dailyLossReset: fc.constant('next_day' as const),
    onBreach: fc.constant('halt' as const),
    maxOrdersPerMinute: fc.option(fc.integer({ min: 1, max: 4 }), rarely),
    maxOrdersPerDay: fc.option(fc.integer({ min: 1, max: 12 }), rarely),
    maxOrderNotional: fc.option(fraction(30_000), rarely),
    maxDailyNotional: fc.option(fraction(60_000), rarely),
  }),
});

const planOf: fc.Arbitrary<EntryPlan> = fc.record({
  strategy: fc.nat({ max: 1 }),
  symbol: fc.nat({ max: 3 }),
  share: fraction(0.2),
  buy: fc.boolean(),
  stop: fc.option(fraction(0.03), { freq: 9 }),
  delayMs: fc.constantFrom(0, 1, 30_000),
});
const move = fraction(0.08).map((size) => size - 0.04);
const movesOf: fc.Arbitrary<Moves> = fc.record({
  market: move,
  own: fc.array(fc.oneof(fc.constant(0), move), { minLength: 4, maxLength: 4 }),
});
const which = fc.nat({ max: 9 });
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('enter' as const), plan: planOf }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('leave' as const),
      which,
      share: fraction(1),
      wrong: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('fill' as const), which, share: fraction(1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('hours' as const),
      count: fc.constantFrom(1, 1, 2, 5, 24),
      moves: fc.array(movesOf, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'resume' } as const) },
);

describe('risk cannot be passed', () => {
  it(`approves exactly the entries that break no limit (${RUNS} runs, seed ${SEED})`, () => {
    const answers = new Map<string, number>();
    const run = (limits: RiskLimits, steps: readonly Step[]) => {
      const world = new RiskWorld(limits);
      for (const step of steps) world.apply(step);
      expect(world.faults).toEqual([]);
      for (const [name, count] of world.tally) answers.set(name, (answers.get(name) ?? 0) + count);
    };
    const runs = fc.property(
      limitsOf,
      fc.array(stepOf, { minLength: 15, maxLength: 60, size: 'max' }),
      run,
    );
    fc.assert(runs, { seed: SEED, numRuns: RUNS });

    // The property would hold of a risk manager that refuses, or approves, everything.
    for (const answer of [
      'approved',
      'exit-quantity',
      'halted',
      'position-size',
      'stop-loss',
      'symbol-exposure',
      'invested-share',
      'correlated-group',
      'order-notional',
      'orders-per-minute',
      'orders-per-day',
      'notional-per-day',
    ]) {
      expect(answers.get(answer) ?? 0, `times answered ${answer}`).toBeGreaterThan(50);
    }
  });
});
