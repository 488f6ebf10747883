import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADJUSTMENTS } from '../../../src/core/instrument.ts';
import { TIMEFRAMES } from '../../../src/core/time.ts';
import { exportedName, parseFileName } from '../../../src/data/file-names.ts';

const nothing = { exchange: null, symbol: null, timeframe: null, adjustment: null };

describe('parseFileName', () => {
  it.each([
    ['coinbase_BTC-USD_1h.csv.gz', { exchange: 'coinbase', symbol: 'BTC/USD', timeframe: '1h' }],
    ['/data/lean_SPY_1d.csv', { exchange: 'lean', symbol: 'SPY', timeframe: '1d' }],
    ['my_own_ETH-EUR_15m.parquet', { exchange: 'my_own', symbol: 'ETH/EUR', timeframe: '15m' }],
    // What stands before the symbol is no exchange: the bars would come to lie with those of the default.
    ['bitfinex-201811_BTC-USD_1m.csv', {}],
    ['Coinbase_BTC-USD_1h.csv', {}],
    // Pairs as CryptoDataDownload and exchanges write them are no tickers of stocks.
    ['Binance_BTCUSDT_1h.csv', {}],
    ['binance_BTCUSDT_1h.csv', { exchange: 'binance', timeframe: '1h' }],
    ['BTCUSD_1h.csv', { timeframe: '1h' }],
    // Classes of shares and their numbers are no currencies.
    ['alpaca_BRK-B_1d.csv', { exchange: 'alpaca', timeframe: '1d' }],
    ['alpaca_BAC-PL_1d.csv', { exchange: 'alpaca', timeframe: '1d' }],
    ['bitmex_XBT-USD-PERP_5m.csv', { exchange: 'bitmex', timeframe: '5m' }],
    [
      'alpaca_BRK--B_1d_split.csv',
      { exchange: 'alpaca', symbol: 'BRK-B', timeframe: '1d', adjustment: 'split' },
    ],
    ['BTC_USDT-1h.feather', { symbol: 'BTC/USDT', timeframe: '1h' }],
    ['BTC_USDT-5m.json.gz', { symbol: 'BTC/USDT', timeframe: '5m' }],
    ['XRP_USDT_USDT-1h-futures.feather', { timeframe: '1h' }],
    ['XRP_USDT-8h-mark.json', { timeframe: '8h' }],
    ['BTC_USDT-1M.feather', {}],
    ['candles.csv', {}],
    ['Binance_BTCUSDT_d.csv', {}],
    ['__proto___constructor_1h.csv', {}],
  ])('reads %s', (name, told) => {
    expect(parseFileName(name)).toEqual({ ...nothing, ...told });
  });

  it('reads what exportedName writes', () => {
    const symbol = fc.oneof(
      fc.stringMatching(/^[A-Z0-9]{1,20}\/[A-Z0-9]{3,20}$/),
      fc.stringMatching(/^[A-Z][A-Z0-9.]{0,6}(?:-[A-Z0-9.]{1,6})?$/),
    );
    const key = fc.record({
      exchange: fc.stringMatching(/^[a-z][a-z0-9_]{0,39}$/),
      symbol,
      timeframe: fc.constantFrom(...TIMEFRAMES),
      adjustment: fc.constantFrom(...ADJUSTMENTS),
    });
    fc.assert(
      fc.property(key, (written) => {
        const read = parseFileName(`out/${exportedName(written)}.csv.gz`);
        expect({ ...read, adjustment: read.adjustment ?? 'raw' }).toEqual(written);
      }),
    );
  });
});
