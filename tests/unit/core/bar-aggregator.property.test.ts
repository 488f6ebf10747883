import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BarValues } from '../../../src/core/bar-aggregator.ts';
import { canBuild } from '../../../src/core/bucket-grid.ts';
import { timeframeMs, TIMEFRAMES, type Timeframe } from '../../../src/core/time.ts';
import { built, deliveries, plainlyBuilt, type Building } from '../../support/built-bars.ts';

const BUILDABLE: readonly Building[] = TIMEFRAMES.flatMap((base) =>
  TIMEFRAMES.filter((target) => canBuild(base, target, 'always')).map((target) => ({
    base,
    target,
  })),
);

/** Prices in cents and whole volumes: sums of them are exact in any order. */
const shape = fc.record({
  open: fc.integer({ min: 9_000, max: 11_000 }),
  up: fc.integer({ min: 0, max: 500 }),
  down: fc.integer({ min: 0, max: 500 }),
  close: fc.integer({ min: 9_000, max: 11_000 }),
  volume: fc.integer({ min: 0, max: 1_000_000 }),
  flags: fc.constantFrom(0, 0, 0, 0, 1, 2, 4),
  /** Bars without a trade before it. */
  hole: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, fc.nat({ max: 40 })),
});

function stream(base: Timeframe, minLength = 1): fc.Arbitrary<readonly BarValues[]> {
  return fc
    .tuple(fc.nat({ max: 100_000 }), fc.array(shape, { minLength, maxLength: 300 }))
    .map(([start, shapes]) => {
      const step = timeframeMs(base);
      // Weeks start on a Monday: 1970-01-05.
      let openTime = (base === '1w' ? 4 * 86_400_000 : 0) + (start - 1) * step;
      return shapes.map(({ open, up, down, close, volume, flags, hole }) => {
        openTime += (hole + 1) * step;
        const high = (Math.max(open, close) + up) / 100;
        const low = (Math.min(open, close) - down) / 100;
        return { openTime, open: open / 100, high, low, close: close / 100, volume, flags };
      });
    });
}

const sum = (bars: readonly BarValues[]) => bars.reduce((total, { volume }) => total + volume, 0);

describe('bars of shorter ones', () => {
  it('exist for all pairs of 13 timeframes but 3m 5m, 4h 6h, 6h 8h and 8h 12h', () => {
    expect(BUILDABLE).toHaveLength((13 * 14) / 2 - 4);
  });

  it.each(BUILDABLE)('equal those grouped all at once: $base → $target', (building) => {
    fc.assert(
      fc.property(stream(building.base), (bars) => {
        expect(built(building, bars)).toEqual(plainlyBuilt(building, bars));
      }),
      { numRuns: 20 },
    );
  });

  it('come at the close of the first bar at or after their end', () => {
    const streams = fc
      .constantFrom(...BUILDABLE)
      .chain((building) => stream(building.base).map((bars) => ({ building, bars })));
    fc.assert(
      fc.property(streams, ({ building, bars }) => {
        const step = timeframeMs(building.base);
        const closes = bars.map(({ openTime }) => openTime + step);
        const wrong = deliveries(building, bars).flatMap((opens, index) =>
          opens.filter((openTime) => {
            const end = openTime + timeframeMs(building.target);
            return !(end <= (closes[index] ?? 0) && end > (closes[index - 1] ?? 0));
          }),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['1m', '5m', '1h'],
    ['5m', '15m', '4h'],
    ['1h', '4h', '1d'],
    ['1h', '1d', '1w'],
  ] as const)('are the same in two steps as in one: %s → %s → %s', (base, middle, target) => {
    fc.assert(
      fc.property(stream(base), (bars) => {
        const once = built({ base, target }, bars);
        const halfway = built({ base, target: middle }, bars);
        const twice = built({ base: middle, target }, halfway);
        // The way over the middle loses what begins or ends inside a middle bar, nothing else.
        const there = new Set(twice.map(({ openTime }) => openTime));
        expect(twice).toEqual(once.filter(({ openTime }) => there.has(openTime)));
        expect(twice.length).toBeGreaterThanOrEqual(once.length - 2);
      }),
      { numRuns: 100 },
    );
  });

  it('have the volume, the highest high and the lowest low of what they were made of', () => {
    fc.assert(
      fc.property(stream('15m'), (bars) => {
        const building = { base: '15m', target: '2h' } as const;
        const whole = built(building, bars);
        const from = whole[0]?.openTime ?? 0;
        const to = (whole.at(-1)?.openTime ?? 0) + timeframeMs('2h');
        const used = bars.filter(({ openTime }) => openTime >= from && openTime < to);
        fc.pre(whole.length > 0);
        expect(sum(whole)).toBe(sum(used));
        expect(Math.max(...whole.map(({ high }) => high))).toBe(
          Math.max(...used.map(({ high }) => high)),
        );
        expect(Math.min(...whole.map(({ low }) => low))).toBe(
          Math.min(...used.map(({ low }) => low)),
        );
      }),
    );
  });

  it('do not depend on where the stream began, once a whole one came', () => {
    fc.assert(
      fc.property(stream('1h', 2), fc.nat(), (bars, cut) => {
        const building = { base: '1h', target: '4h' } as const;
        const late = built(building, bars.slice(cut % bars.length));
        const all = built(building, bars);
        expect(late).toEqual(late.length === 0 ? [] : all.slice(-late.length));
      }),
    );
  });
});
