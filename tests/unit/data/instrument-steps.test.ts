import { describe, expect, it } from 'vitest';
import { inferInstrument } from '../../../src/data/instrument-steps.ts';

describe('inferInstrument', () => {
  it.each([
    ['BTC/USD', 'crypto', 2, '0.01', '0.00000001', '1', 'USD'],
    ['ETH/BTC', 'crypto', 0, '1', '0.00000001', '1', 'BTC'],
    ['PEPE/USD', 'crypto', 17, '0.000000000001', '0.00000001', '1', 'USD'],
    ['AAPL', 'stock', 4, '0.0001', '1', '0', 'USD'],
  ] as const)('infers the steps of %s, a %s with %d decimals', (...row) => {
    const [symbol, assetClass, priceDecimals, tick, lot, minNotional, currency] = row;
    const instrument = inferInstrument({ symbol, assetClass, priceDecimals });
    expect(instrument.tickSize.toString()).toBe(tick);
    expect(instrument.lotStep.toString()).toBe(lot);
    expect(instrument.minNotional.toString()).toBe(minNotional);
    expect(instrument.quoteCurrency).toBe(currency);
  });
});
