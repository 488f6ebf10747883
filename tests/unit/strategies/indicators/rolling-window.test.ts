import { array, assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingWindow } from '../../../../src/strategies/indicators/rolling-window.ts';
import { BollingerBands } from '../../../../src/strategies/indicators/bollinger-bands.ts';
import { randomWalk } from '../market-fixtures.ts';

function windowOf(size: number, values: readonly number[]): RollingWindow {
  const window = new RollingWindow(size);
  for (const value of values) window.push(value);
  window.measure();
  return window;
}

describe('a rolling window', () => {
  it('is full once it holds as many values as its size', () => {
    const window = new RollingWindow(3);
    window.push(1);
    window.push(2);
    expect(window.isFull).toBe(false);
    window.push(3);
    expect(window.isFull).toBe(true);
  });

  it('has the mean and the population variance of its last values', () => {
    // Last four: 2 4 4 6; mean 16/4 = 4; squares 4+0+0+4 = 8; variance 8/4 = 2.
    const window = windowOf(4, [900, -3, 2, 4, 4, 6]);
    expect(window.mean).toBe(4);
    expect(window.variance).toBe(2);
  });

  it('takes the mean alone when asked for it alone', () => {
    const window = new RollingWindow(2);
    for (const value of [7, 1, 4]) window.push(value);
    window.measureMean();
    expect(window.mean).toBe(2.5);
    expect(window.variance).toBeNaN();
  });

  it.each([0.1, 1 / 3, 6543.21, 1e-8, 1e9 + 0.1])(
    'has exactly the price as mean and zero variance when all are %d',
    (price) => {
      const noise = randomWalk({ seed: 5, bars: 50 }).map((bar) => bar.close);
      const window = windowOf(20, [...noise, ...Array.from({ length: 20 }, () => price)]);
      expect(window.mean).toBe(price);
      expect(window.variance).toBe(0);
    },
  );

  it('keeps no trace of a tick 10,000 times too high once it has left', () => {
    const closes = randomWalk({ seed: 11, bars: 400 }).map((bar) => bar.close);
    const spoilt = closes.map((close, index) => (index === 150 ? close * 10_000 : close));
    const clean = new BollingerBands({ period: 20, deviations: 2 });
    const dirty = new BollingerBands({ period: 20, deviations: 2 });
    const differing: number[] = [];
    closes.forEach((close, index) => {
      clean.update(close);
      dirty.update(spoilt[index] ?? NaN);
      const isSame = Object.is(dirty.lower, clean.lower) && Object.is(dirty.zScore, clean.zScore);
      if (!isSame) differing.push(index);
    });
    expect(differing).toEqual(Array.from({ length: 20 }, (_, i) => 150 + i));
  });

  it('agrees with the two-pass definition to 1e-12, and no variance is negative', () => {
    const price = double({ min: 1e-3, max: 1e6, noNaN: true });
    assert(
      property(array(price, { minLength: 2, maxLength: 60 }), (values) => {
        const { mean, variance } = windowOf(values.length, values);
        const exactMean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const exact = values.reduce((sum, v) => sum + (v - exactMean) ** 2, 0) / values.length;
        const scale = Math.max(...values);
        expect(Math.abs(mean - exactMean)).toBeLessThanOrEqual(1e-12 * scale);
        expect(Math.abs(variance - exact)).toBeLessThanOrEqual(1e-12 * scale * scale);
        expect(variance).toBeGreaterThanOrEqual(0);
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});
