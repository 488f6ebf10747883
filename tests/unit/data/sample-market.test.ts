import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, misalignmentMs } from '../../../src/core/time.ts';
import type { SampleSeries } from '../../../src/data/sample-market.ts';
import { generateSampleMarket, SAMPLE_END, SAMPLE_START } from '../../../src/data/sample-market.ts';
import { SampleRandom } from '../../../src/data/sample-random.ts';

const market = generateSampleMarket();

function hashOf(series: readonly SampleSeries[]): string {
  const hash = createHash('sha256');
  for (const { key, bars } of series) {
    hash.update(key.symbol);
    for (const bar of bars) hash.update(`${Object.values(bar).join(',')}\n`);
  }
  return hash.digest('hex');
}

function returnsOf({ bars }: SampleSeries): readonly number[] {
  return bars.slice(1).map((bar, index) => bar.close / (bars[index]?.close ?? Number.NaN) - 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean of the product of two series' deviations from their means. */
function covariance(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  return mean(a.map((value, index) => (value - meanA) * ((b[index] ?? Number.NaN) - meanB)));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  return covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
}

describe('generateSampleMarket', () => {
  it('gives the same bytes on every machine', () => {
    expect(hashOf(market)).toBe('518854ac6192cb31d6b2d3607ce9d5bf09a988093ad61d4c6ac33f854b564317');
  });

  it('gives the same bytes again, and others for another seed', () => {
    expect(hashOf(generateSampleMarket())).toBe(hashOf(market));
    expect(hashOf(generateSampleMarket(7))).not.toBe(hashOf(market));
  });

  it('is stored under a name that no venue has', () => {
    expect(market.map(({ key }) => key)).toEqual([
      { exchange: 'sample', symbol: 'BTC/USD', timeframe: '1h', adjustment: 'raw' },
      { exchange: 'sample', symbol: 'ETH/USD', timeframe: '1h', adjustment: 'raw' },
    ]);
    expect(new Date(SAMPLE_START).toISOString()).toBe('2023-01-01T00:00:00.000Z');
    expect(new Date(SAMPLE_END).toISOString()).toBe('2025-01-01T00:00:00.000Z');
  });

  it('keeps prices in bounds with other seeds too', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const { bars } of generateSampleMarket(seed)) {
        const growth = (bars.at(-1)?.close ?? 0) / (bars[0]?.open ?? 1);
        expect(growth).toBeGreaterThan(0.2);
        expect(growth).toBeLessThan(6);
      }
    }
  });

  it('moves both symbols together, but not in step', () => {
    const [btc = [], eth = []] = market.map(returnsOf);
    expect(correlation(btc, eth)).toBeGreaterThan(0.5);
    expect(correlation(btc, eth)).toBeLessThan(0.9);
  });
});

describe.each(market)('sample series $key.symbol', (series) => {
  const { bars } = series;
  const returns = returnsOf(series);

  it('has every hour of two years', () => {
    // 2023 has 365 days and 2024 has 366: 731 × 24.
    expect(bars).toHaveLength(17_544);
    const off = bars.filter(
      ({ openTime }, index) =>
        openTime !== SAMPLE_START + index * HOUR_MS || misalignmentMs(openTime, '1h') !== 0,
    );
    expect(off).toEqual([]);
  });

  it('has sound bars with prices on the tick', () => {
    const unsound = bars.filter(
      ({ open, high, low, close, volume }) =>
        !(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close) && volume > 0),
    );
    expect(unsound).toEqual([]);
    const offTick = bars.filter(({ close }) => Number(close.toFixed(2)) !== close);
    expect(offTick).toEqual([]);
  });

  it('has fat tails, clustered volatility and jumps', () => {
    const variance = covariance(returns, returns);
    const center = mean(returns);
    const kurtosis = mean(returns.map((value) => (value - center) ** 4)) / variance ** 2;
    expect(kurtosis).toBeGreaterThan(4);
    const squares = returns.map((value) => value * value);
    expect(correlation(squares.slice(1), squares.slice(0, -1))).toBeGreaterThan(0.05);
    expect(Math.max(...returns.map(Math.abs))).toBeGreaterThan(0.04);
    expect(Math.max(...returns.map(Math.abs))).toBeLessThan(0.2);
  });

  it('trades enough for an order of 10,000 within 2.5 % of nearly every hour', () => {
    const thin = bars.filter(({ close, volume }) => 10_000 / close > 0.025 * volume);
    expect(thin.length / bars.length).toBeLessThan(0.001);
  });

  it('trades more in the afternoon than at night, and more on large moves', () => {
    const volumeAt = (hour: number): number =>
      mean(bars.filter((_, index) => index % 24 === hour).map(({ volume }) => volume));
    expect(volumeAt(14)).toBeGreaterThan(1.5 * volumeAt(4));
    const sigma = Math.sqrt(covariance(returns, returns));
    const wild = bars.slice(1).filter((_, index) => Math.abs(returns[index] ?? 0) > 2 * sigma);
    const all = mean(bars.map(({ volume }) => volume));
    expect(mean(wild.map(({ volume }) => volume))).toBeGreaterThan(1.5 * all);
  });

  it('flags its jumps as outliers and has no other issue', () => {
    expect(series.issues.length).toBeGreaterThan(0);
    expect(series.issues.every(({ rule }) => rule === 'large-move')).toBe(true);
    expect(bars.filter(({ flags }) => flags !== 0)).toHaveLength(series.issues.length);
  });
});

describe('SampleRandom', () => {
  it('draws uniforms evenly and normals with mean 0 and variance 1', () => {
    const random = new SampleRandom(1, 0);
    const uniforms = Array.from({ length: 20_000 }, () => random.uniform());
    expect(mean(uniforms)).toBeCloseTo(0.5, 1);
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    expect(mean(normals)).toBeCloseTo(0, 1);
    expect(covariance(normals, normals)).toBeCloseTo(1, 1);
  });

  it('draws unrelated numbers in each stream of a seed', () => {
    const [one, other] = [new SampleRandom(1, 0), new SampleRandom(1, 1)];
    const pairs = Array.from({ length: 5000 }, () => [one.uniform(), other.uniform()] as const);
    const related = correlation(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    );
    expect(Math.abs(related)).toBeLessThan(0.05);
  });
});
