import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Drawdown } from '../../../src/reporting/drawdown.ts';

function over(initial: number, levels: readonly number[]): Drawdown {
  const drawdown = new Drawdown(initial, 0);
  levels.forEach((level, index) => drawdown.observe(index + 1, level));
  return drawdown;
}

describe('Drawdown', () => {
  it.each([
    // [title, levels at times 1, 2, 3 … from 100 at time 0, deepest, longest]
    ['no level', [], 0, 0],
    ['rising levels', [101, 102], 0, 0],
    ['flat levels', [100, 100, 100], 0, 0],
    // below the initial capital at once: 1 − 90/100; from time 0 to the recovery at 3
    ['a fall from the initial capital', [90, 95, 100], 0.1, 3],
    // two falls of equal depth, 1 − 99/110 = 0.1; first 1 → 3, second 3 → 6
    ['the longer of two', [110, 99, 110, 99, 100, 111], 0.1, 3],
    // never recovers: counted from the peak at 1 to the end at 4
    ['an open drawdown', [200, 150, 100, 160], 0.5, 3],
    // standing at the peak is no drawdown: it starts at the last time there, 3
    ['a rest at the peak', [100, 100, 100, 50, 100], 0.5, 2],
    // an open one shorter than a closed one
    ['a long one before a short open one', [90, 90, 90, 100, 99], 0.1, 4],
  ])('%s', (_, levels, deepest, longest) => {
    const drawdown = over(100, levels);
    expect(drawdown.max).toBeCloseTo(deepest, 12);
    expect(drawdown.longestMs).toBe(longest);
  });

  it('tells the drawdown each level stands in', () => {
    const drawdown = new Drawdown(100, 0);
    const current = [100, 75, 125, 100].map((level, time) => drawdown.observe(time, level));
    expect(current).toEqual([0, 0.25, 0, 1 - 100 / 125]);
  });

  it('equals the deepest of all pairs of an earlier and a later level', () => {
    const levels = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(levels, (list) => {
        const all = [500, ...list];
        let deepest = 0;
        all.forEach((later, end) => {
          for (const earlier of all.slice(0, end)) deepest = Math.max(deepest, 1 - later / earlier);
        });
        expect(over(500, list).max).toBeCloseTo(deepest, 12);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
});
