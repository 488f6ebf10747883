import * as z from 'zod';
import { Decimal } from '../../../core/decimal.ts';
import { ExchangeError } from '../../../core/errors.ts';
import type { SymbolName } from '../../../core/instrument.ts';
import type { Side } from '../../../core/order.ts';
import type { EpochMs } from '../../../core/time.ts';

/** A field that names something: text, or a number that was made text. */
export const idText = z.string().min(1);

/** A field that may be anything, or missing. */
export const anyField = z.unknown().optional();

/** Records by an id of the venue's. */
export function recordsOf<T extends z.ZodType>(record: T) {
  return z.record(z.string(), record);
}

/** Reads an answer. Throws an `ExchangeError` that names the field which is not as it must be. */
export function readAnswer<T extends z.ZodType>(
  schema: T,
  answer: unknown,
  exchange: string,
  wanted: string,
): z.infer<T> {
  const { data, error } = schema.safeParse(answer);
  if (error === undefined) return data;
  const field = error.issues[0]?.path.map(String).join('.') ?? '';
  throw unreadable(exchange, wanted, field === '' ? 'the whole of it' : field);
}

/** An answer that was understood but for one field. */
export function unreadable(exchange: string, wanted: string, field: string): ExchangeError {
  return new ExchangeError(
    `${wanted} was expected from ${exchange}, but the answer made no sense (${field}); try again`,
    { kind: 'bad-response' },
  );
}

export function textOf(field: unknown): string | null {
  return typeof field === 'string' && field !== '' ? field : null;
}

/** No market moves more units than that, and none counts smaller ones. */
const LARGEST = Decimal.parse('1e24');
const PATTERN = /^\+?(-?\d{1,40})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,2}))?$/;
const PLACES = 18;

/**
 * Null for what is no number, or none that can be believed: `""`, `NaN`, `1e400`. Averages come with
 * more decimals than anyone counts: the rest is cut.
 */
export function decimalOf(field: unknown): Decimal | null {
  const match = PATTERN.exec(textOf(field)?.trim() ?? '');
  if (match === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const places = PLACES + Number(exponent);
  if (fraction.length > places && exponent !== '0') return null;
  const value = Decimal.parse(`${whole}.${fraction.slice(0, places) || '0'}e${exponent}`);
  return value.abs().greaterThan(LARGEST) ? null : value;
}

/** NaN for what is no number. */
export function countOf(field: unknown): number {
  return Number(textOf(field) ?? NaN);
}

export function positiveOf(field: unknown): Decimal | null {
  const value = decimalOf(field);
  return value !== null && value.isPositive ? value : null;
}

export type TimeUnit = 'ms' | 's' | 'iso';

/** Before the first exchange of coins, and after anyone's concern: a unit was mistaken. */
const EARLIEST = Date.UTC(2009, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Null for what is no time in that unit. */
export function timeOf(field: unknown, unit: TimeUnit): EpochMs | null {
  const text = textOf(field);
  if (text === null) return null;
  const time =
    unit === 'iso' ? Date.parse(text) : Math.round(Number(text) * (unit === 's' ? 1000 : 1));
  return time >= EARLIEST && time < LATEST ? time : null;
}

export function sideOf(field: unknown): Side | null {
  const text = textOf(field)?.toLowerCase();
  return text === 'buy' || text === 'sell' ? text : null;
}

/** Without symbols all are wanted. */
export function isWanted(
  { symbol }: { readonly symbol: SymbolName },
  symbols: readonly SymbolName[],
): boolean {
  return symbols.length === 0 || symbols.includes(symbol);
}
