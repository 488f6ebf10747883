import type { Decimal } from './decimal.ts';
import { ConfigError } from './errors.ts';

export const ASSET_CLASSES = ['crypto', 'stock'] as const;
export type AssetClass = (typeof ASSET_CLASSES)[number];

/** What a vendor did to prices of the past: nothing, or divided out splits, dividends or both. */
export const ADJUSTMENTS = ['raw', 'split', 'dividend', 'all'] as const;
export type Adjustment = (typeof ADJUSTMENTS)[number];

/** `BTC/USD` for crypto (base/quote), `AAPL` for stocks (quoted in US dollars). */
export type SymbolName = string;

/** Fractions of the traded value; a negative maker rate is a rebate. */
export interface VenueFees {
  readonly maker: Decimal;
  readonly taker: Decimal;
}

/** What a venue lets one trade of a symbol: steps and minima, all in the symbol's own units. */
export interface Instrument {
  readonly symbol: SymbolName;
  readonly assetClass: AssetClass;
  /** Currency of prices and cash, e.g. `USD`. */
  readonly quoteCurrency: string;
  /** Smallest price increment in quote currency; zero when prices are not stepped. */
  readonly tickSize: Decimal;
  /** Smallest quantity increment in base units; zero when quantities are not stepped. */
  readonly lotStep: Decimal;
  /** Smallest order value in quote currency; zero when there is none. */
  readonly minNotional: Decimal;
  /** What the venue charges by its own account; null where it was never asked. */
  readonly fees: VenueFees | null;
}

const CRYPTO_PATTERN = /^[A-Z0-9]{1,20}\/[A-Z0-9]{1,20}$/;
const STOCK_PATTERN = /^[A-Z][A-Z0-9.-]{0,14}$/;

export function isSymbol(text: string): text is SymbolName {
  return CRYPTO_PATTERN.test(text) || STOCK_PATTERN.test(text);
}

/** Tells the asset class from the shape of the symbol. Throws a `ConfigError` on any other text. */
export function assetClassOf(symbol: SymbolName): AssetClass {
  if (CRYPTO_PATTERN.test(symbol)) return 'crypto';
  if (STOCK_PATTERN.test(symbol)) return 'stock';
  const upper = symbol.toUpperCase();
  const mended = isSymbol(upper);
  throw new ConfigError(
    `a symbol such as BTC/USD or AAPL was expected, was "${symbol}"` +
      (mended ? `; did you mean "${upper}"?` : ''),
  );
}

/** How prices of an asset are adjusted: only stocks have splits and dividends to adjust for. */
export function adjustmentOf(assetClass: AssetClass, wished: Adjustment): Adjustment {
  return assetClass === 'stock' ? wished : 'raw';
}

/** What other programs write for a pair; no ticker of a US stock looks so: it has five letters. */
const MEANT_PAIR =
  /^(?:(?<dashed>[A-Z0-9]{2,10})-|(?<joined>[A-Z0-9]{3,10}))(?<quote>USDT|USDC|USD|EUR|GBP|BTC|ETH)$/;

/**
 * Throws a `ConfigError` for the `BTC-USD` and `BTCUSD` of other programs: taken for stocks, they
 * would come from a broker and keep the hours of an exchange.
 */
export function refuseMeantPair(symbol: SymbolName): void {
  const { dashed, joined, quote } = MEANT_PAIR.exec(symbol)?.groups ?? {};
  const base = dashed ?? joined;
  if (base === undefined || quote === undefined) return;
  throw new ConfigError(
    `crypto as base/quote or the ticker of a stock was expected, was "${symbol}"; ` +
      `did you mean "${base}/${quote}"?`,
  );
}

/** The currency a symbol is priced in. */
export function quoteCurrencyOf(symbol: SymbolName): string {
  const slash = symbol.indexOf('/');
  return slash === -1 ? 'USD' : symbol.slice(slash + 1);
}
