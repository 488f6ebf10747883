import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
import { IndicatorSet } from '../../../../src/strategies/indicators/indicator-set.ts';
import { barAt, randomWalk } from '../market-fixtures.ts';

const walk = randomWalk({ seed: 5, bars: 200 });
const flat = Array.from({ length: 60 }, (_, at) => barAt(at, { close: 100 }));

/** Makes an indicator as JavaScript would, which no compiler checks. */
function make(name: string, options: object): unknown {
  const set: object = new IndicatorSet();
  const library: unknown = Reflect.get(set, 'library');
  if (typeof library !== 'function') throw new Error('the set has no library indicators');
  const made: unknown = Reflect.apply(library, set, [name, options]);
  return made;
}

describe('the library of indicators', () => {
  it('feeds its indicators from bars, over the source that is named', () => {
    const set = new IndicatorSet();
    const highest = set.library('highest', { period: 2, source: 'high' });
    const stochastic = set.library('stochastic', { period: 2, signalPeriod: 1 });
    const doji = set.library('doji', {});
    expect(highest.value).toBeNaN();
    expect(stochastic.value).toEqual({ k: NaN, d: NaN });
    expect(doji.value).toBe(false);
    set.update(barAt(0, { high: 12, low: 8, close: 10 }));
    expect(highest.value).toBeNaN();
    set.update(barAt(1, { high: 11, low: 9, close: 11 }));
    expect(highest.value).toBe(12);
    expect(stochastic.value).toEqual({ k: 75, d: 75 }); // (11 − 8) / (12 − 8)
    expect(set.warmup).toBe(5);
  });

  it('does not round the money flow index', () => {
    const set = new IndicatorSet();
    const mfi = set.library('mfi', { period: 14 });
    for (const bar of walk) set.update(bar);
    expect(mfi.value).not.toBe(Number(mfi.value.toFixed(2)));
  });

  it("takes the stochastic RSI of the engine's own RSI, also where that is zero", () => {
    const falling = Array.from({ length: 12 }, (_, at) => barAt(at, { close: 100 - at }));
    const set = new IndicatorSet();
    const rsi = set.rsi({ period: 2 });
    const stochastic = set.library('stochasticRsi', {
      rsiPeriod: 2,
      stochasticPeriod: 3,
      kPeriod: 1,
      dPeriod: 2,
    });
    for (const bar of falling) set.update(bar);
    expect(rsi.value).toBe(0);
    expect(stochastic.value).toEqual({ stochRSI: 0, k: 0, d: 0 });
    set.update(barAt(12, { close: 90 }));
    expect(stochastic.value).toEqual({ stochRSI: 100, k: 100, d: 50 });
    const before = rsi.value;
    set.update(barAt(13, { close: 89 }));
    expect(stochastic.value.k).toBeCloseTo((100 * rsi.value) / before, 10);
  });

  it('keeps no trace of a bad tick in a window', () => {
    const readingAfter = (spike: number) => {
      const set = new IndicatorSet();
      const sum = set.library('sum', { period: 5 });
      const cci = set.library('cci', { period: 5 });
      for (const [at, bar] of walk.entries()) {
        set.update(at === 100 ? { ...bar, high: bar.high * spike, close: bar.close * spike } : bar);
      }
      return [sum.value, cci.value];
    };
    expect(readingAfter(10_000)).toEqual(readingAfter(1));
  });

  it('reads a highest volume after bars without any', () => {
    const set = new IndicatorSet();
    const highest = set.library('highest', { period: 3, source: 'volume' });
    for (const [at, volume] of [9, 0, 5, 7, 3].entries()) set.update(barAt(at, { volume }));
    expect(highest.value).toBe(7);
  });

  it('recovers where the library would stay NaN for good: a market that stood still', () => {
    const set = new IndicatorSet();
    const adx = set.library('adx', { period: 2 });
    for (const bar of flat) set.update(bar);
    expect(adx.value).toEqual({ adx: NaN, pdi: NaN, mdi: NaN });
    for (const bar of randomWalk({ seed: 6, bars: set.warmup })) set.update(bar);
    expect(adx.value.adx).toBeGreaterThan(0);
  });

  it('reads a TRIX and a KST signal of zero, which the library drops, as zero', () => {
    const set = new IndicatorSet();
    const trix = set.library('trix', { period: 3 });
    const kst = set.library('kst', {
      ROCPer1: 1,
      ROCPer2: 2,
      ROCPer3: 3,
      ROCPer4: 4,
      SMAROCPer1: 1,
      SMAROCPer2: 1,
      SMAROCPer3: 1,
      SMAROCPer4: 1,
      signalPeriod: 2,
    });
    for (const bar of flat) set.update(bar);
    expect(trix.value).toBe(0);
    expect(kst.value).toEqual({ kst: 0, signal: 0 });
  });
});

describe('a library indicator is refused', () => {
  it.each([
    ['RSI', "use the engine's own, which is not rounded: indicators.rsi({ period })"],
    ['sma', "use the engine's own: indicators.sma({ period })"],
    ['ema', "use the engine's own: indicators.ema({ period })"],
    ['macd', "use the engine's own: indicators.macd({ fast, slow, signal })"],
    ['ATR', "use the engine's own: indicators.atr({ period })"],
    ['sd', "use the engine's own: indicators.standardDeviation({ period })"],
    ['z_score', "use the engine's own: indicators.zScore({ period })"],
    ['bollinger_bands', "use the engine's own: indicators.bollingerBands({ period, deviations })"],
    ['adl', 'rounds it to whole units of volume'],
    ['renko', 'no series of one reading a bar'],
    ['crossUp', 'compares two lines'],
  ])('as %s, with a sentence that says what to do', (name, sentence) => {
    expect(() => make(name, { period: 14 })).toThrow(ConfigError);
    expect(() => make(name, { period: 14 })).toThrow(
      `the library indicator "${name}" is not supported: `,
    );
    expect(() => make(name, { period: 14 })).toThrow(sentence);
  });

  it.each([
    ['stochastik', 'stochastic'],
    ['williams_r', 'williamsR'],
    ['bullishharami', 'bullishHarami'],
  ])('as %s, with the nearest name', (name, nearest) => {
    expect(() => make(name, {})).toThrow(
      `the name of a library indicator was expected, was "${name}"; did you mean "${nearest}"?`,
    );
  });

  it.each([
    ['wma', {}, 'wma period: a whole number of bars was expected, was undefined'],
    ['wma', { period: '14' }, 'wma period: a whole number of bars was expected, was "14"'],
    ['wma', { period: 2.5 }, 'wma period: a whole number of bars from 1 to 10000 was expected'],
    ['cci', { period: 0 }, 'cci period: a whole number of bars from 1 to 10000 was expected'],
    [
      'psar',
      { step: -1, max: 0.2, window: 9 },
      'psar step: a positive number was expected, was -1',
    ],
    ['obv', {}, 'obv window: a whole number of bars was expected, was undefined'],
    ['roc', { period: 3, source: 'mid' }, 'roc source: one of open, high, low, close,'],
    ['roc', { period: 3, length: 4 }, 'roc: only period, source was expected, was "length"'],
    ['doji', { period: 3 }, 'doji: no option was expected, was "period"'],
  ])('%s with options %j', (name, options, sentence) => {
    expect(() => make(name, options)).toThrow(ConfigError);
    expect(() => make(name, options)).toThrow(sentence);
  });

  it('after create(), like every other', () => {
    const set = new IndicatorSet();
    set.seal();
    expect(() => set.library('wma', { period: 3 })).toThrow('expected to be made in create()');
  });
});
