import { describe, expect, it } from 'vitest';
import { refuseMeantPair } from '../../../src/core/instrument.ts';

describe('refuseMeantPair', () => {
  it.each([
    ['BTC-USD', 'BTC/USD'],
    ['OP-USDT', 'OP/USDT'],
    ['BTCUSD', 'BTC/USD'],
    ['BTCUSDT', 'BTC/USDT'],
    ['1INCHUSDC', '1INCH/USDC'],
    ['ETH-BTC', 'ETH/BTC'],
  ])('asks at %s whether %s was meant', (symbol, pair) => {
    expect(() => refuseMeantPair(symbol)).toThrow(
      `crypto as base/quote or the ticker of a stock was expected, was "${symbol}"; ` +
        `did you mean "${pair}"?`,
    );
  });

  it.each(['BTC/USD', 'BTC', 'AAPL', 'BRK-B', 'BRK.B', 'USD', 'TUSD', 'XXUSD', 'GOOGL'])(
    'lets %s pass',
    (symbol) => {
      expect(() => refuseMeantPair(symbol)).not.toThrow();
    },
  );
});
