import { Decimal } from '../core/decimal.ts';
import type { AssetClass, Instrument, SymbolName } from '../core/instrument.ts';
import { quoteCurrencyOf } from '../core/instrument.ts';

/** Finer steps than this no venue has. */
export const TICK_DECIMALS_MAX = 12;

interface InstrumentEvidence {
  readonly symbol: SymbolName;
  readonly assetClass: AssetClass;
  /** Most decimals seen in a price. */
  readonly priceDecimals: number;
}

/**
 * The trading steps a price history suggests, for want of the venue's own: the tick from the prices,
 * else the common ones: crypto in 1e-8 units and orders of 1 quote unit, stocks in whole shares.
 */
export function inferInstrument(evidence: InstrumentEvidence): Instrument {
  const decimals = Math.min(evidence.priceDecimals, TICK_DECIMALS_MAX);
  const isCrypto = evidence.assetClass === 'crypto';
  return {
    symbol: evidence.symbol,
    assetClass: evidence.assetClass,
    quoteCurrency: quoteCurrencyOf(evidence.symbol),
    tickSize: Decimal.parse(`1e-${decimals}`),
    lotStep: isCrypto ? Decimal.parse('1e-8') : Decimal.one,
    minNotional: isCrypto ? Decimal.one : Decimal.zero,
    fees: null,
  };
}
