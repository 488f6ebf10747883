import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/core/time.ts';
import { BlockScreen } from '../../../../src/data/collect/block-screen.ts';
import { BAR_STRIDE } from '../../../../src/ports/bar-store.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

const STOCK = {
  timeframe: '1h',
  assetClass: 'stock',
  adjustment: 'raw',
  outlierMeasure: { sigmas: 5, window: 100 },
} as const;

/** Hourly bars with a jump here and there, and a split, so that what came before matters for long. */
function market(seed: number, count: number): Float64Array {
  const random = seededRandom(seed);
  let close = 100;
  const rows = Array.from({ length: count }, (_, hour) => {
    const open = hour === 1205 ? close / 4 : close;
    close = open * (1 + (random() - 0.5) * (random() < 0.02 ? 0.3 : 0.01));
    const wick = random() < 0.01 ? 1.4 : 1.002;
    const high = Math.max(open, close) * wick;
    return [hour * HOUR_MS, open, high, Math.min(open, close) * 0.998, close, 50 + random(), 0];
  });
  return Float64Array.from(rows.flat());
}

/** The verdicts on the bars from one index to another. */
function judge(screen: BlockScreen, bars: Float64Array, from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) =>
    screen.next(bars, (from + index) * BAR_STRIDE),
  );
}

describe('BlockScreen', () => {
  it('judges alike wherever it was cut and resumed', () => {
    const count = 2600;
    const bars = market(7, count);
    const whole = judge(new BlockScreen(STOCK), bars, 0, count);
    const found = (key: 'outlier' | 'split' | 'judged') =>
      whole.filter((verdict) => verdict[key] !== null).length;
    expect([found('outlier') > 40, found('judged') > 40, found('split')]).toEqual([true, true, 1]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: count - 1 }), (at) => {
        const screen = new BlockScreen(STOCK);
        const block = screen.blockStart((at - 1) * HOUR_MS) / HOUR_MS;
        judge(screen, bars, Math.max(0, block - screen.historyBars), at);
        expect(judge(screen, bars, at, count)).toEqual(whole.slice(at));
      }),
      { numRuns: 50, seed: 1, examples: [[999], [1000], [1001], [1204], [1206], [2000]] },
    );
  });

  it('is warm at the start of a block', () => {
    const bars = market(7, 1001).map((value, cell) => {
      const isPrice = cell % BAR_STRIDE > 0 && cell % BAR_STRIDE < 5;
      if (cell >= 1000 * BAR_STRIDE) return isPrice ? 130 : value;
      return isPrice ? 100 : value;
    });
    expect(judge(new BlockScreen(STOCK), bars, 0, 1001).at(-1)?.outlier?.part).toBe('close');
  });
});
