import type { AssetClass } from './instrument.ts';

/** Fractions of the traded value; a negative maker rate is a rebate. */
export interface FeeRates {
  readonly maker: number;
  readonly taker: number;
}

/**
 * What exchanges charge an account that trades little and holds no token of theirs, by exchange and
 * asset class. As published in mid 2025; an exchange changes its fees without asking, so what was
 * collected from it goes before this table.
 */
const VENUE_FEES: ReadonlyMap<string, Partial<Readonly<Record<AssetClass, FeeRates>>>> = new Map([
  // https://help.coinbase.com/en/exchange/trading-and-funding/exchange-fees, the 10,000 USD tier.
  ['coinbase', { crypto: { maker: 0.004, taker: 0.006 } }],
  // https://www.kraken.com/features/fee-schedule, Kraken Pro, first tier.
  ['kraken', { crypto: { maker: 0.0025, taker: 0.004 } }],
  // https://www.binance.com/en/fee/schedule, regular user.
  ['binance', { crypto: { maker: 0.001, taker: 0.001 } }],
  // https://docs.alpaca.markets/docs/crypto-fees, first tier; stocks are free of commission.
  ['alpaca', { crypto: { maker: 0.0015, taker: 0.0025 }, stock: { maker: 0, taker: 0 } }],
]);

/** What is assumed of an exchange that is not in the table (DESIGN section 4). */
const GENERAL_FEES: Readonly<Record<AssetClass, FeeRates>> = {
  crypto: { maker: 0.004, taker: 0.006 },
  stock: { maker: 0, taker: 0 },
};

export interface KnownFees {
  readonly rates: FeeRates;
  readonly origin: 'venue_default' | 'general_default';
}

/** The rates to expect at an exchange of which nothing was set or collected. */
export function knownFees(exchange: string, assetClass: AssetClass): KnownFees {
  const own = VENUE_FEES.get(exchange)?.[assetClass];
  return own === undefined
    ? { rates: GENERAL_FEES[assetClass], origin: 'general_default' }
    : { rates: own, origin: 'venue_default' };
}
