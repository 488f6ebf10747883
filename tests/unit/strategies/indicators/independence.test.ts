import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../../src/core/bar.ts';
import { Atr } from '../../../../src/strategies/indicators/atr.ts';
import { BollingerBands } from '../../../../src/strategies/indicators/bollinger-bands.ts';
import { Ema } from '../../../../src/strategies/indicators/ema.ts';
import type { Indicator } from '../../../../src/strategies/indicators/indicator.ts';
import { Macd } from '../../../../src/strategies/indicators/macd.ts';
import { Rsi } from '../../../../src/strategies/indicators/rsi.ts';
import { Sma } from '../../../../src/strategies/indicators/sma.ts';
import { StandardDeviation } from '../../../../src/strategies/indicators/standard-deviation.ts';
import { ZScore } from '../../../../src/strategies/indicators/z-score.ts';
import { HAS_SHARED, randomWalk, realBars, seededRandom } from '../market-fixtures.ts';

interface Stream extends Indicator {
  readonly feed: (bar: Bar) => readonly number[];
}

/** An indicator over closes as a stream of readings. */
function overCloses<T extends Indicator & { update(value: number): void }>(
  indicator: T,
  readings: (indicator: T) => readonly number[],
): Stream {
  return {
    warmup: indicator.warmup,
    firstValue: indicator.firstValue,
    feed: (bar) => {
      indicator.update(bar.close);
      return readings(indicator);
    },
  };
}

const ema = (period: number) => () =>
  overCloses(new Ema({ period }), ({ value, previous }) => [value, previous]);
const rsi = (period: number) => () => overCloses(new Rsi({ period }), ({ value }) => [value]);
const sma = (period: number) => () => overCloses(new Sma({ period }), ({ value }) => [value]);
const zScore = (period: number) => () => overCloses(new ZScore({ period }), ({ value }) => [value]);
const deviation = (period: number) => () =>
  overCloses(new StandardDeviation({ period }), ({ value, mean }) => [value, mean]);
const bollinger = (period: number) => () =>
  overCloses(new BollingerBands({ period, deviations: 2 }), (b) => [
    b.middle,
    b.upper,
    b.lower,
    b.zScore,
    b.percentB,
    b.width,
  ]);
const macd = (fast: number, slow: number, signal: number) => () =>
  overCloses(new Macd({ fast, slow, signal }), (m) => [m.macd, m.signal, m.histogram]);
const atr = (period: number) => (): Stream => {
  const indicator = new Atr({ period });
  return {
    warmup: indicator.warmup,
    firstValue: indicator.firstValue,
    feed: (bar) => {
      indicator.update(bar);
      return [indicator.value, indicator.trueRange];
    },
  };
};

const indicators: readonly (readonly [string, () => Stream])[] = [
  ['sma 20', sma(20)],
  ['sma 7', sma(7)],
  ['standard deviation 10', deviation(10)],
  ['z-score 33', zScore(33)],
  ['bollinger 20', bollinger(20)],
  ['ema 1', ema(1)],
  ['ema 3', ema(3)],
  ['ema 12', ema(12)],
  ['ema 26', ema(26)],
  ['ema 100', ema(100)],
  ['rsi 1', rsi(1)],
  ['rsi 2', rsi(2)],
  ['rsi 14', rsi(14)],
  ['rsi 30', rsi(30)],
  ['atr 5', atr(5)],
  ['atr 14', atr(14)],
  ['macd 12-26-9', macd(12, 26, 9)],
  ['macd 3-7-4', macd(3, 7, 4)],
];

const STARTS = 20;
const BARS_COMPARED = 120;
const SEED = 20_180_101;

/** Readings of a stream over every bar of a series. */
function readingsOver(bars: readonly Bar[], make: () => Stream): (readonly number[])[] {
  const stream = make();
  return bars.map((bar) => stream.feed(bar));
}

/** First bar on which a stream begun at `start`, its warm-up over, differs from `whole`; or −1. */
function firstDifference(
  start: number,
  bars: readonly Bar[],
  whole: readonly (readonly number[])[],
  make: () => Stream,
): number {
  const { warmup, feed } = make();
  for (const [offset, bar] of bars.slice(start, start + warmup + BARS_COMPARED).entries()) {
    const expected = whole[start + offset] ?? [];
    const isEqual = feed(bar).every((value, at) => Object.is(value, expected[at]));
    if (offset + 1 >= warmup && !isEqual) return start + offset;
  }
  return -1;
}

/** Every random start whose stream differs after its warm-up. */
function startsThatDiffer(bars: readonly Bar[], make: () => Stream): number[] {
  const whole = readingsOver(bars, make);
  const starts = randomStarts(bars, make().warmup);
  return starts.filter((start) => firstDifference(start, bars, whole, make) !== -1);
}

/** Starts that leave room for the warm-up and something to compare after it. */
function randomStarts(bars: readonly Bar[], warmup: number): number[] {
  const random = seededRandom(SEED);
  const room = bars.length - warmup - BARS_COMPARED;
  if (room <= 0) throw new Error(`a longer series was expected, was ${bars.length} bars`);
  return Array.from({ length: STARTS }, () => 1 + Math.floor(random() * room));
}

describe('a stream that began later', () => {
  const walk = randomWalk({ seed: 7, bars: 6_000 });

  it.each(indicators)('has bit-equal readings after the warm-up of %s: random walk', (_, make) => {
    expect(startsThatDiffer(walk, make)).toEqual([]);
  });

  it.each([
    ['rsi 14', rsi(14)],
    ['ema 26', ema(26)],
    ['macd 12-26-9', macd(12, 26, 9)],
    ['bollinger 20', bollinger(20)],
  ])('differs after half the warm-up of %s, so that equality means something', (_, make) => {
    const hasty = (): Stream => {
      const stream = make();
      return { ...stream, warmup: Math.floor(stream.warmup / 2) };
    };
    expect(startsThatDiffer(walk, hasty).length).toBeGreaterThan(STARTS / 2);
  });

  describe
    .skipIf(!HAS_SHARED)
    .each([
      'coinbase_BTC-USD_1h.csv.gz',
      'kraken_BTC-USD_1h.csv.gz',
      'bitfinex-201811_ETH-USD_1m.csv.gz',
      'lean_SPY_1d.csv',
    ])('on %s (skipped where ../shared is absent)', (file) => {
    const bars = HAS_SHARED ? realBars(file).slice(0, 8_000) : [];

    it.each(indicators)('has bit-equal readings after the warm-up of %s', (_, make) => {
      expect(startsThatDiffer(bars, make)).toEqual([]);
    });
  });
});

describe('first values', () => {
  it.each(indicators)('are all defined on the bar %s promises, and not before', (name, make) => {
    const stream = make();
    const bars = randomWalk({ seed: 3, bars: stream.firstValue });
    const undefinedOn = bars.map((bar) => stream.feed(bar).filter(Number.isNaN).length);
    // The EMA's reading of the bar before comes one bar after its value.
    const late = name.startsWith('ema') ? 1 : 0;
    expect(undefinedOn.at(-1)).toBe(late);
    expect(undefinedOn.slice(0, -1).every((count) => count > late)).toBe(true);
    expect(stream.warmup).toBeGreaterThanOrEqual(stream.firstValue);
  });
});

describe('the warm-up', () => {
  it.each([
    ['of a window is the window', sma(20), 20, 20],
    ['of an RSI of 14 is what was measured, with a margin', rsi(14), 500, 650],
    ['of an EMA of 26 is what was measured, with a margin', ema(26), 520, 650],
    // Period 1, 33 bars to forget, and one for the value of the bar before.
    ['of an EMA counts its previous value too', ema(1), 35, 35],
    ['of a MACD is that of its slow average and its signal line', macd(12, 26, 9), 750, 900],
  ] as const)('%s', (_, make, least, most) => {
    expect(make().warmup).toBeGreaterThanOrEqual(least);
    expect(make().warmup).toBeLessThanOrEqual(most);
  });
});
