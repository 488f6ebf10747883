import { Decimal } from '../../core/decimal.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Instrument, SymbolName } from '../../core/instrument.ts';
import type { Market } from './ccxt-exchange.ts';
import type { FindNearest } from './exchange-class.ts';

/** ccxt's word for steps given as sizes; elsewhere they are counts of decimals. */
const TICK_SIZE = 4;
const DECIMAL_PLACES = 2;

export function instrumentOf(market: Market, precisionMode: unknown): Instrument {
  const { maker, taker, percentage, precision, limits } = market;
  const isShare = percentage !== false && maker !== null && taker !== null;
  return {
    symbol: market.symbol,
    assetClass: 'crypto',
    quoteCurrency: market.quote,
    tickSize: stepOf(precision.price, precisionMode),
    lotStep: stepOf(precision.amount, precisionMode),
    minNotional: decimalOf(limits.cost?.min ?? null),
    fees: isShare ? { maker: decimalOf(maker), taker: decimalOf(taker) } : null,
  };
}

/** Zero, for no step, where ccxt counts significant digits: their size depends on the price. */
function stepOf(precision: number | null, precisionMode: unknown): Decimal {
  if (precision === null) return Decimal.zero;
  if (precisionMode === TICK_SIZE) return decimalOf(precision);
  return precisionMode === DECIMAL_PLACES ? decimalOf(Number(`1e${-precision}`)) : Decimal.zero;
}

/** As it prints: 1e-8 is exactly that. */
function decimalOf(value: number | null): Decimal {
  return value === null || !Number.isFinite(value) ? Decimal.zero : Decimal.fromNumber(value);
}

/** The error for a symbol that an exchange does not list. */
export function unknownSymbol(
  exchange: string,
  symbol: SymbolName,
  listed: readonly SymbolName[],
  nearest: FindNearest,
): ConfigError {
  const base = symbol.split('/', 1)[0] ?? '';
  const ofBase = listed.filter((each) => each.startsWith(`${base}/`));
  const candidate =
    nearestSymbol(symbol, ofBase, nearest) ?? ofBase[0] ?? nearestSymbol(symbol, listed, nearest);
  const hint = candidate === null ? '' : `; did you mean "${candidate}"?`;
  return new ConfigError(
    `one of ${listed.length} symbols of ${exchange} was expected, was "${symbol}"${hint}`,
  );
}

function nearestSymbol(
  symbol: SymbolName,
  listed: readonly SymbolName[],
  nearest: FindNearest,
): SymbolName | null {
  const names = new Map(listed.map((each) => [each.toLowerCase(), each]));
  const candidate = nearest(symbol.toLowerCase(), [...names.keys()]);
  return candidate === null ? null : (names.get(candidate) ?? null);
}
