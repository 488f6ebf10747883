import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../../src/core/bar.ts';
import { Atr } from '../../../../src/strategies/indicators/atr.ts';
import { BollingerBands } from '../../../../src/strategies/indicators/bollinger-bands.ts';
import { Ema } from '../../../../src/strategies/indicators/ema.ts';
import { Macd } from '../../../../src/strategies/indicators/macd.ts';
import { Rsi } from '../../../../src/strategies/indicators/rsi.ts';
import { Sma } from '../../../../src/strategies/indicators/sma.ts';
import { StandardDeviation } from '../../../../src/strategies/indicators/standard-deviation.ts';
import { ZScore } from '../../../../src/strategies/indicators/z-score.ts';
import { HAS_SHARED, oracleColumn, realBars } from '../market-fixtures.ts';

type Readings = Readonly<Record<string, number>>;

interface OracleCase {
  readonly file: string;
  readonly start: () => (bar: Bar) => Readings;
}

const cases: readonly OracleCase[] = [
  {
    file: 'sma.standard.csv',
    start: () => {
      const sma = new Sma({ period: 20 });
      return (bar) => (sma.update(bar.close), { sma: sma.value });
    },
  },
  {
    file: 'ema.standard.csv',
    start: () => {
      const ema = new Ema({ period: 20 });
      return (bar) => (ema.update(bar.close), { ema: ema.value });
    },
  },
  {
    file: 'bb.standard.csv',
    start: () => {
      const bands = new BollingerBands({ period: 20, deviations: 2 });
      return (bar) => {
        bands.update(bar.close);
        const { middle, upper, lower, percentB, zScore, width } = bands;
        return { sma: middle, upperBand: upper, lowerBand: lower, percentB, zScore, width };
      };
    },
  },
  {
    file: 'stdev.standard.csv',
    start: () => {
      const deviation = new StandardDeviation({ period: 14 });
      const zScore = new ZScore({ period: 14 });
      return (bar) => {
        deviation.update(bar.close);
        zScore.update(bar.close);
        return { stdDev: deviation.value, mean: deviation.mean, zScore: zScore.value };
      };
    },
  },
  {
    file: 'rsi.standard.csv',
    start: () => {
      const rsi = new Rsi({ period: 14 });
      return (bar) => (rsi.update(bar.close), { rsi: rsi.value });
    },
  },
  {
    file: 'atr.standard.csv',
    start: () => {
      const atr = new Atr({ period: 14 });
      return (bar) => (atr.update(bar), { tr: atr.trueRange, atr: atr.value });
    },
  },
  {
    file: 'macd.standard.csv',
    start: () => {
      const macd = new Macd({ fast: 12, slow: 26, signal: 9 });
      return (bar) => {
        macd.update(bar.close);
        return { macd: macd.macd, signal: macd.signal, histogram: macd.histogram };
      };
    },
  },
];

describe.skipIf(!HAS_SHARED)('indicators (skipped where ../shared is absent)', () => {
  it.each(cases)('agree with $file to 1e-9, and begin on the same bar', ({ file, start }) => {
    const update = start();
    const rows = realBars('skender-default_SPY_1d.csv').map(update);
    for (const column of Object.keys(rows[0] ?? {})) {
      const expected = oracleColumn(file, column);
      expect(rows.length).toBe(expected.length);
      const wrong = rows.flatMap((row, index) => {
        const value = row[column] ?? NaN;
        const oracle = expected[index] ?? null;
        const agrees = oracle === null ? Number.isNaN(value) : Math.abs(value - oracle) <= 1e-9;
        return agrees ? [] : [`${column}, row ${index}: ${value} against ${oracle}`];
      });
      expect(wrong).toEqual([]);
    }
  });
});
