import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../../src/core/time.ts';
import { FormingCandles } from '../../../../src/data/collect/forming-candles.ts';

const BTC = { symbol: 'BTC/USD', timeframe: '1m' } as const;
const ETH = { symbol: 'ETH/USD', timeframe: '1m' } as const;
const T = 1000 * MINUTE_MS;
const GRACE = 5000;

const update = (minute: number, close: number, series: typeof BTC | typeof ETH = BTC) => ({
  ...series,
  bar: { openTime: T + minute * MINUTE_MS, open: 1, high: 9, low: 1, close, volume: 1 },
});

describe('FormingCandles', () => {
  it('takes the last state of a candle when its successor appears', () => {
    const candles = new FormingCandles([BTC], GRACE, T);
    expect(candles.update(update(0, 5), T + 1)).toBeNull();
    expect(candles.update(update(0, 7), T + 2)).toBeNull();
    expect(candles.update(update(1, 8), T + MINUTE_MS + 1)).toMatchObject({
      symbol: 'BTC/USD',
      bar: { openTime: T, close: 7 },
    });
  });

  it('takes a candle without a successor when its close and the grace have passed', () => {
    const candles = new FormingCandles([BTC], GRACE, T);
    candles.update(update(0, 5), T + 1);
    expect(candles.nextDueAt()).toBe(T + MINUTE_MS + GRACE);
    expect(candles.due(T + MINUTE_MS + GRACE - 1)).toEqual([]);
    expect(candles.due(T + MINUTE_MS + GRACE)).toMatchObject([{ bar: { close: 5 } }]);
    expect(candles.due(T + MINUTE_MS + GRACE), 'once').toEqual([]);
  });

  it('ignores a successor from the future: the candle before it still forms', () => {
    const candles = new FormingCandles([BTC], GRACE, T);
    candles.update(update(0, 5), T + 1);
    for (const minute of [1, 60_000]) {
      expect(candles.update(update(minute, 8), T + MINUTE_MS - GRACE - 1)).toBeNull();
    }
    candles.update(update(0, 6), T + MINUTE_MS - 1);
    const next = T + MINUTE_MS - GRACE;
    expect(candles.update(update(1, 8), next), 'clocks differ').toMatchObject({
      bar: { openTime: T, close: 6 },
    });
  });

  it('takes no candle twice, and none that is older than the one that forms', () => {
    const candles = new FormingCandles([BTC], GRACE, T);
    candles.update(update(1, 5), T + MINUTE_MS);
    expect(candles.update(update(0, 4), T + MINUTE_MS)).toBeNull();
    candles.due(T + 3 * MINUTE_MS);
    candles.update(update(1, 6), T + 3 * MINUTE_MS);
    expect(candles.due(T + 9 * MINUTE_MS)).toEqual([]);
  });

  it('keeps the candles of its series apart and ignores those of others', () => {
    const candles = new FormingCandles([BTC, ETH], GRACE, T);
    candles.update(update(0, 5), T);
    expect(candles.update(update(1, 6, ETH), T)).toBeNull();
    expect(candles.update({ ...update(1, 6), timeframe: '1h' }, T)).toBeNull();
    expect(candles.due(T + MINUTE_MS + GRACE)).toMatchObject([{ symbol: 'BTC/USD' }]);
  });

  it('names a series that has been silent for longer than two bars take', () => {
    const candles = new FormingCandles([BTC, ETH], GRACE, T);
    candles.update(update(1, 5), T + MINUTE_MS);
    expect(candles.silent(T + 2 * MINUTE_MS)).toBeNull();
    expect(candles.silent(T + 2 * MINUTE_MS + 1)).toEqual(ETH);
    expect(candles.nextDueAt()).toBe(T + 2 * MINUTE_MS + 1);
  });

  it('takes a stream for silent that repeats a candle whose time is over', () => {
    const candles = new FormingCandles([BTC], GRACE, T);
    candles.update(update(0, 5), T);
    candles.due(T + MINUTE_MS + GRACE);
    candles.update(update(0, 5), T + 3 * MINUTE_MS);
    expect(candles.silent(T + 3 * MINUTE_MS)).toEqual(BTC);
  });
});
