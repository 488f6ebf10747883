import { describe, expect, it } from 'vitest';
import { namesSymbol } from '../../../src/data/symbol-text.ts';

describe('namesSymbol', () => {
  it.each([
    ['BTC/USD', 'BTC/USD', true],
    ['BTCUSD', 'BTC/USD', true],
    ['btc-usd', 'BTC/USD', true],
    ['XBTUSD', 'BTC/USD', true],
    ['BTC/USD', 'XBT/USD', true],
    ['BINANCE:BTCUSDT', 'BTC/USDT', true],
    ['BTC', 'BTC/USD', true],
    ['AAPL', 'AAPL', true],
    ['BTCUSDT', 'BTC/USD', false],
    ['BTCUSD', 'BTC/USDT', false],
    ['WBTC/USD', 'BTC/USD', false],
    ['ETHUSD', 'BTC/USD', false],
    ['', 'BTC/USD', false],
  ])('takes %j for %s: %s', (text, symbol, is) => {
    expect(namesSymbol(text, symbol)).toBe(is);
  });
});
