import { Decimal } from '../../core/decimal.ts';
import type { Side } from '../../core/order.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import { instantOf } from './alpaca-bars.ts';

export type WireRow = Readonly<Record<string, unknown>>;

const DECIMAL = /^-?(\d{1,20})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** Decimals that our numbers have, and the most digits before them that are believed. */
const PLACES = 18;

/** Digits of a double that are surely the ones that were sent. */
const SURE_DIGITS = 15;

/**
 * A number as Alpaca writes it, which is text; null for anything that is none, or that cannot be
 * told to the last digit.
 */
export function decimalOf(value: unknown): Decimal | null {
  const text = typeof value === 'number' ? String(value) : value;
  const match = typeof text === 'string' ? DECIMAL.exec(text) : null;
  if (match === null) return null;
  const [all, whole = '', fraction = '', exponent = '0'] = match;
  if (fraction.length - Number(exponent) > PLACES || Number(exponent) > PLACES) return null;
  if (typeof value === 'number' && whole.length + fraction.length > SURE_DIGITS) return null;
  return Decimal.parse(all);
}

/** As `decimalOf`; null for zero and less. */
export function positiveOf(value: unknown): Decimal | null {
  const number = decimalOf(value);
  return number?.isPositive === true ? number : null;
}

/** Text that is not empty; null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Milliseconds of a timestamp; null for anything else. */
export function timeOf(value: unknown): EpochMs | null {
  const time = instantOf(value);
  return Number.isNaN(time) ? null : time;
}

/** A sale of shares that were borrowed is a sale. */
export function sideOf(value: unknown): Side | null {
  if (value === 'buy') return 'buy';
  return value === 'sell' || value === 'sell_short' ? 'sell' : null;
}

/** `BTCUSD`: how positions, fees and older orders spell a pair. Tickers of stocks are shorter. */
const JOINED_PAIR = /^([A-Z0-9]{2,})(USDT|USDC|USD|BTC)$/;
const TICKER_MAX = 5;

/** Our name of what Alpaca calls so; null for no name. `isCrypto` is null where Alpaca did not say. */
export function symbolOf(value: unknown, isCrypto: boolean | null): SymbolName | null {
  const text = textOf(value);
  if (text === null || text.includes('/') || isCrypto === false) return text;
  if (isCrypto === null && text.length <= TICKER_MAX) return text;
  const [, base, quote] = JOINED_PAIR.exec(text) ?? [];
  return base === undefined || quote === undefined ? text : `${base}/${quote}`;
}
