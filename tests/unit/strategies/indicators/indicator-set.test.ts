import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../../src/core/bar.ts';
import { IndicatorSet } from '../../../../src/strategies/indicators/indicator-set.ts';
import { INDICATOR_SOURCES } from '../../../../src/strategies/indicators/indicator-source.ts';
import { barAt } from '../market-fixtures.ts';

const bar = barAt(0, { open: 1, high: 8, low: 2, close: 5, volume: 70 });

describe('an indicator set', () => {
  it.each([
    ['open', 1],
    ['high', 8],
    ['low', 2],
    ['close', 5],
    ['volume', 70],
    ['hl2', 5], // (8 + 2) / 2
    ['hlc3', 5], // (8 + 2 + 5) / 3
    ['ohlc4', 4], // (1 + 8 + 2 + 5) / 4
  ] as const)('feeds an indicator over %s', (source, expected) => {
    const set = new IndicatorSet();
    const sma = set.sma({ period: 1, source });
    set.update(bar);
    expect(sma.value).toBe(expected);
  });

  it('knows every source of the table above', () => {
    expect(INDICATOR_SOURCES).toHaveLength(8);
  });

  it('feeds every kind of indicator it makes, over the close unless told otherwise', () => {
    const set = new IndicatorSet();
    const sma = set.sma({ period: 1 });
    const ema = set.ema({ period: 1, source: 'high' });
    const deviation = set.standardDeviation({ period: 1, source: 'low' });
    const bands = set.bollingerBands({ period: 1, deviations: 2, source: 'open' });
    const zScore = set.zScore({ period: 1, source: 'volume' });
    const rsi = set.rsi({ period: 1, source: 'high' });
    const macd = set.macd({ fast: 1, slow: 2, signal: 1, source: 'volume' });
    const atr = set.atr({ period: 1 });
    set.update(bar);
    set.update(barAt(1, { open: 1, high: 9, low: 3, close: 4, volume: 100 }));
    expect(sma.value).toBe(4);
    expect(ema.value).toBe(9);
    expect(deviation.mean).toBe(3);
    expect(bands.middle).toBe(1);
    expect(zScore.value).toBe(0);
    expect(rsi.value).toBe(100);
    expect(macd.macd).toBe(15); // 100 − (70 + 100) / 2
    expect(atr.value).toBe(6); // max(9, 5) − min(3, 5)
  });

  it('feeds indicators that a strategy brings along', () => {
    const seen: unknown[] = [];
    const own = (update: (value: unknown) => void) => ({ warmup: 5, firstValue: 1, update });
    const set = new IndicatorSet();
    set.onValues(own((value) => seen.push(value)));
    set.onValues(
      own((value) => seen.push(value)),
      'volume',
    );
    set.onBars(own((value: unknown) => seen.push(value as Bar)));
    set.update(bar);
    expect(seen).toEqual([5, 70, bar]);
    expect(set.warmup).toBe(5);
  });

  it('needs the warm-up of its slowest indicator, and none without indicators', () => {
    const set = new IndicatorSet();
    expect(set.warmup).toBe(0);
    set.sma({ period: 50 });
    set.sma({ period: 20 });
    expect(set.warmup).toBe(50);
  });

  it('refuses an indicator made after it was sealed', () => {
    const set = new IndicatorSet();
    set.seal();
    expect(() => set.sma({ period: 3 })).toThrow('expected to be made in create()');
    expect(() => set.atr({ period: 3 })).toThrow('expected to be made in create()');
  });
});
