import { HOUR_MS } from '../../../src/core/time.ts';
import type { SourceBar } from '../../../src/ports/bar-source.ts';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import { startBitstamp } from '../../support/exchanges/bitstamp-server.ts';
import { marketSketch, type WireCandle } from '../../support/exchanges/candle-market.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import { startKraken } from '../../support/exchanges/kraken-server.ts';

/** 2024-02-29T12:20Z: a candle has been forming for twenty minutes. */
export const NOW = Date.UTC(2024, 1, 29, 12, 20);
/** Open time of the candle that forms at `NOW`. */
export const FORMING = Date.UTC(2024, 1, 29, 12);
export const BTC_1H = { symbol: 'BTC/USD', timeframe: '1h' } as const;

/** Open time of the hourly candle so many hours before the one that forms. */
export function hoursAgo(hours: number): number {
  return FORMING - hours * HOUR_MS;
}

export const VENUES = [
  ['coinbase', startCoinbase],
  ['kraken', startKraken],
  ['binance', startBinance],
  ['bitstamp', startBitstamp],
] as const;

/** Nothing was traded from 300 to 260 hours ago. */
export const HOLE = { from: hoursAgo(300), to: hoursAgo(260) };
export const MARKETS = [
  marketSketch('BTC/USD', { holes: [HOLE], minNotional: '5' }),
  marketSketch('SHIB/USD', { price: 2.3e-5, tickSize: '0.00000001', lotStep: '1' }),
];

/** Candles of a server as a source should bring them. */
export function barsOf(candles: readonly WireCandle[]): readonly SourceBar[] {
  return candles.map(({ time, open, high, low, close, volume }) => ({
    openTime: Number(time),
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: Number(volume),
  }));
}
