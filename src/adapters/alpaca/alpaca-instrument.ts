import { closest, distance } from 'fastest-levenshtein';
import { Decimal } from '../../core/decimal.ts';
import { ConfigError } from '../../core/errors.ts';
import { quoteCurrencyOf, type Instrument, type SymbolName } from '../../core/instrument.ts';
import { isRecord, nameOf } from './alpaca-bars.ts';
import { badAnswer } from './alpaca-faults.ts';

/** Regulation NMS: a cent for prices of a dollar and more, which is what is worth trading. */
const CENT = Decimal.parse('0.01');
/** Fractions of a share go to nine decimals, and an order of them must be worth a dollar. */
const SHARE_FRACTION = Decimal.parse('0.000000001');

/** Alpaca takes no commission on stocks; what regulators take of sales is below a basis point. */
const NO_FEES = { maker: Decimal.zero, taker: Decimal.zero };

/** Reads what the assets endpoint says of one symbol. Steps it does not give are the exchange's. */
export function readInstrument(asset: unknown, symbol: SymbolName): Instrument {
  const subject = `the terms of ${symbol}`;
  if (!isRecord(asset)) throw badAnswer(subject, 'an object', nameOf(asset));
  if (asset['symbol'] !== symbol) throw badAnswer(subject, symbol, 'another symbol');
  if (asset['class'] !== 'us_equity') throw badAnswer(subject, 'a US stock', 'another asset');
  const isFractionable = asset['fractionable'] === true;
  return {
    symbol,
    assetClass: 'stock',
    quoteCurrency: 'USD',
    tickSize: stepOf(asset['price_increment']) ?? CENT,
    lotStep:
      stepOf(asset['min_trade_increment']) ?? (isFractionable ? SHARE_FRACTION : Decimal.one),
    minNotional: isFractionable ? Decimal.one : Decimal.zero,
    fees: NO_FEES,
  };
}

/** Below ten dollars an order of coins is refused; in coins there is no such bound. */
const COIN_MINIMUM = Decimal.parse('10');
const DOLLARS: ReadonlySet<string> = new Set(['USD', 'USDT', 'USDC']);

/**
 * Reads what the list of coins says of one pair; null where it is not in it. The fee depends on what
 * the account traded in a month, which cannot be asked.
 */
export function readCoin(assets: unknown, symbol: SymbolName): Instrument | null {
  const subject = `the terms of ${symbol}`;
  if (!Array.isArray(assets)) throw badAnswer(subject, 'a list', nameOf(assets));
  const asset = assets.filter(isRecord).find((each) => each['symbol'] === symbol);
  if (asset === undefined) return null;
  const [tickSize, lotStep] = [
    stepOf(asset['price_increment']),
    stepOf(asset['min_trade_increment']),
  ];
  if (tickSize === null) throw badAnswer(subject, 'a price increment', 'none');
  if (lotStep === null) throw badAnswer(subject, 'a trade increment', 'none');
  const quoteCurrency = quoteCurrencyOf(symbol);
  return {
    symbol,
    assetClass: 'crypto',
    quoteCurrency,
    tickSize,
    lotStep,
    minNotional: DOLLARS.has(quoteCurrency) ? COIN_MINIMUM : Decimal.zero,
    fees: null,
  };
}

const STEP = /^\d{1,9}(?:\.\d{1,18})?$/;

function stepOf(value: unknown): Decimal | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !STEP.test(text)) return null;
  const step = Decimal.parse(text);
  return step.isPositive ? step : null;
}

/** The error for a symbol Alpaca does not know, with the one that was most likely meant. */
export function unknownSymbol(symbol: SymbolName, assets: unknown): ConfigError {
  const candidate = nearestAsset(symbol, Array.isArray(assets) ? assets.filter(isRecord) : []);
  const hint = candidate === null ? '; check the spelling' : `; did you mean "${candidate}"?`;
  const kind = symbol.includes('/') ? 'a pair of coins' : 'a US stock';
  return new ConfigError(`alpaca: the symbol of ${kind} was expected, was "${symbol}"${hint}`, {
    details: { symbol },
  });
}

type Asset = Readonly<Record<string, unknown>>;

/**
 * Tickers are too short for spelling alone to decide: whoever asks for APPLE has a company in
 * mind. So names count first, then tickers few slips away.
 */
function nearestAsset(symbol: SymbolName, assets: readonly Asset[]): SymbolName | null {
  const named = symbol.length > 2 && assets.find((asset) => companyOf(asset) === symbol);
  if (named && typeof named['symbol'] === 'string') return named['symbol'];
  const tickers = assets.flatMap((asset) =>
    typeof asset['symbol'] === 'string' ? [asset['symbol']] : [],
  );
  if (tickers.length === 0) return null;
  const candidate = closest(symbol, tickers);
  const slips = Math.max(1, Math.floor(symbol.length / 3));
  return distance(symbol, candidate) <= slips ? candidate : null;
}

/** First word of a company's name, in capitals. */
function companyOf({ name }: Asset): string | null {
  return typeof name === 'string' ? (/^[A-Z0-9]+/.exec(name.toUpperCase())?.[0] ?? null) : null;
}
