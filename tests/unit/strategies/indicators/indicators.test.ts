import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
import { Atr } from '../../../../src/strategies/indicators/atr.ts';
import { BollingerBands } from '../../../../src/strategies/indicators/bollinger-bands.ts';
import { Ema } from '../../../../src/strategies/indicators/ema.ts';
import { Macd } from '../../../../src/strategies/indicators/macd.ts';
import { Rsi } from '../../../../src/strategies/indicators/rsi.ts';
import { barsToForget } from '../../../../src/strategies/indicators/seeded-average.ts';
import { Sma } from '../../../../src/strategies/indicators/sma.ts';
import { StandardDeviation } from '../../../../src/strategies/indicators/standard-deviation.ts';
import { ZScore } from '../../../../src/strategies/indicators/z-score.ts';
import { barAt } from '../market-fixtures.ts';

function feed<T extends { update(value: number): void }>(indicator: T, ...values: number[]): T {
  for (const value of values) indicator.update(value);
  return indicator;
}

describe('an SMA', () => {
  it('is undefined before its period and the mean of the last values after', () => {
    const sma = feed(new Sma({ period: 3 }), 1, 2);
    expect(sma.value).toBeNaN();
    expect(feed(sma, 6).value).toBe(3); // (1 + 2 + 6) / 3
    expect(feed(sma, 1).value).toBe(3); // (2 + 6 + 1) / 3
  });
});

describe('an EMA', () => {
  it('begins with the simple mean and moves by 2 / (n + 1) of the way', () => {
    const ema = feed(new Ema({ period: 3 }), 1, 2, 3);
    expect(ema.value).toBe(2); // (1 + 2 + 3) / 3
    expect(feed(ema, 6).value).toBe(4); // 2 + 0.5 × (6 − 2)
  });

  it('remembers its value of the bar before', () => {
    expect(feed(new Ema({ period: 3 }), 1, 2, 3).previous).toBeNaN();
    expect(feed(new Ema({ period: 3 }), 1, 2, 3, 6).previous).toBe(2);
  });
});

describe('a standard deviation', () => {
  it('divides by n', () => {
    const deviation = feed(new StandardDeviation({ period: 2 }), 1, 3);
    expect(deviation.mean).toBe(2);
    expect(deviation.value).toBe(1); // √((1 + 1) / 2)
  });
});

describe('a z-score', () => {
  it('counts deviations from the mean', () => {
    expect(feed(new ZScore({ period: 2 }), 1, 3).value).toBe(1); // (3 − 2) / 1
    expect(feed(new ZScore({ period: 2 }), 1).value).toBeNaN();
  });

  it('is zero in a flat market, not undefined', () => {
    expect(feed(new ZScore({ period: 3 }), 0.1, 0.1, 0.1).value).toBe(0);
  });
});

describe('Bollinger bands', () => {
  it('lie the given number of deviations around the mean', () => {
    const bands = feed(new BollingerBands({ period: 2, deviations: 3 }), 8, 12);
    expect(bands.middle).toBe(10);
    expect(bands.upper).toBe(16); // 10 + 3 × 2
    expect(bands.lower).toBe(4); // 10 − 3 × 2
    expect(bands.zScore).toBe(1); // (12 − 10) / 2
    expect(bands.percentB).toBeCloseTo(8 / 12, 15); // (12 − 4) / (16 − 4)
    expect(bands.width).toBeCloseTo(12 / 10, 15);
  });

  it('close on the price in a flat market, which is then in their middle', () => {
    const bands = feed(new BollingerBands({ period: 3, deviations: 2 }), 0.1, 0.1, 0.1);
    expect([bands.lower, bands.middle, bands.upper]).toEqual([0.1, 0.1, 0.1]);
    expect(bands.percentB).toBe(0.5);
    expect(bands.zScore).toBe(0);
    expect(bands.width).toBe(0);
  });

  it.each([0, -1, NaN, Infinity])('refuse %d deviations', (deviations) => {
    expect(() => new BollingerBands({ period: 20, deviations })).toThrow(
      `a positive number was expected, was "${deviations}"`,
    );
  });
});

describe('an RSI', () => {
  it('is seeded with mean changes and then smoothed by 1 / n', () => {
    // Changes +1 −1: gain 0.5, loss 0.5. Then +2: gain 0.5 + 1.5/2 = 1.25, loss 0.25.
    const rsi = feed(new Rsi({ period: 2 }), 10, 11);
    expect(rsi.value).toBeNaN();
    expect(feed(rsi, 10).value).toBe(50);
    expect(feed(rsi, 12).value).toBeCloseTo(125 / 1.5, 12);
  });

  it('is 50 in a market that never moved', () => {
    expect(feed(new Rsi({ period: 3 }), 7, 7, 7, 7, 7).value).toBe(50);
  });

  it.each([
    ['100 when there are only gains', [1, 2, 3, 4], 100],
    ['0 when there are only losses', [4, 3, 2, 1], 0],
  ])('is %s', (_, closes, expected) => {
    expect(feed(new Rsi({ period: 3 }), ...closes).value).toBe(expected);
  });
});

describe('an ATR', () => {
  it('is seeded with the mean true range after the first bar, gaps counted', () => {
    const atr = new Atr({ period: 2 });
    atr.update(barAt(0, { high: 50, low: 1, close: 10 }));
    expect(atr.trueRange).toBeNaN();
    atr.update(barAt(1, { high: 12, low: 11, close: 11 })); // gap up: 12 − 10 = 2
    expect(atr.trueRange).toBe(2);
    expect(atr.value).toBeNaN();
    atr.update(barAt(2, { high: 9, low: 7, close: 8 })); // gap down: 11 − 7 = 4
    expect(atr.value).toBe(3); // (2 + 4) / 2
    atr.update(barAt(3, { high: 9, low: 8, close: 8 })); // 9 − 8 = 1
    expect(atr.value).toBe(2); // 3 + (1 − 3) / 2
  });
});

describe('a MACD', () => {
  it('seeds its signal line with the mean of the first differences', () => {
    // Fast is the price itself. Slow: 2, then 2 + 2/3 × (5 − 2) = 4. Differences 1 and 1.
    const macd = feed(new Macd({ fast: 1, slow: 2, signal: 2 }), 1, 3);
    expect(macd.macd).toBe(1);
    expect(macd.signal).toBeNaN();
    feed(macd, 5);
    expect([macd.macd, macd.signal, macd.histogram]).toEqual([1, 1, 0]);
  });

  it('refuses a fast period that is not below the slow one', () => {
    expect(() => new Macd({ fast: 26, slow: 26, signal: 9 })).toThrow(
      'a fast period below the slow one was expected, was "26" with slow "26"',
    );
  });
});

describe('a period', () => {
  it.each([0, -1, 1.5, NaN, Infinity, 10_001])('of %d is refused by every indicator', (period) => {
    const makers = [
      () => new Sma({ period }),
      () => new Ema({ period }),
      () => new StandardDeviation({ period }),
      () => new ZScore({ period }),
      () => new BollingerBands({ period, deviations: 2 }),
      () => new Rsi({ period }),
      () => new Atr({ period }),
      () => new Macd({ fast: 1, slow: 2, signal: period }),
    ];
    for (const make of makers) {
      expect(make).toThrow(ConfigError);
      expect(make).toThrow('a whole number of bars from 1 to 10000 was expected');
    }
  });
});

describe('bars to forget a seed', () => {
  it.each([
    ['64 halvings and 32 idle bars, a bar a halving', 0.5, 96],
    ['the idle bars and one more where nothing is kept', 1, 33],
    // 64 × ln 2 / −ln(13/14) = 44.361 / 0.074108 = 598.6, rounded up, and 32
    ['631 in a Wilder average of 14', 1 / 14, 631],
  ])('are %s', (_, alpha, bars) => {
    expect(barsToForget(alpha)).toBe(bars);
  });
});
