import { ConfigError } from '../../core/errors.ts';
import { assetClassOf, type SymbolName } from '../../core/instrument.ts';
import {
  misalignmentMs,
  TIMEFRAMES,
  utcDayStart,
  type EpochMs,
  type Timeframe,
} from '../../core/time.ts';
import type { SourceBar, SourceSeries } from '../../ports/bar-source.ts';
import { badAnswer } from './alpaca-faults.ts';

/**
 * What Alpaca calls our timeframes. Bars of several hours are left out: Alpaca cuts the day every
 * four (six, …) hours without saying in which zone, so they may miss the UTC grid for half a year.
 */
const WIRE_TIMEFRAMES: Readonly<Partial<Record<Timeframe, string>>> = {
  '1m': '1Min',
  '3m': '3Min',
  '5m': '5Min',
  '15m': '15Min',
  '30m': '30Min',
  '1h': '1Hour',
  '1d': '1Day',
  '1w': '1Week',
};

export const ALPACA_TIMEFRAMES = TIMEFRAMES.filter((each) => Object.hasOwn(WIRE_TIMEFRAMES, each));

/** One answer of the bars endpoint. */
interface WirePage {
  readonly bars: readonly SourceBar[];
  /** Null where this was the last page. */
  readonly nextToken: string | null;
}

/** Throws a `ConfigError` that lists what there is. */
export function wireTimeframe({ symbol, timeframe }: SourceSeries): string {
  // Days of coins begin at another hour than 00:00Z, which no bar of ours can hold.
  const known = ALPACA_TIMEFRAMES.filter((each) => !isDated(each) || !isCoin(symbol));
  const wire = known.includes(timeframe) ? WIRE_TIMEFRAMES[timeframe] : undefined;
  if (wire !== undefined) return wire;
  throw new ConfigError(
    `alpaca: a timeframe of ${known.join(', ')} was expected${isCoin(symbol) ? ' of coins' : ''}, ` +
      `was ${timeframe}; collect 1h, from which it can be made`,
  );
}

/** Whether bars are known by their date, and not by the instant they open at. */
export function isDated(timeframe: Timeframe): boolean {
  return timeframe === '1d' || timeframe === '1w';
}

export function isCoin(symbol: SymbolName): boolean {
  return assetClassOf(symbol) === 'crypto';
}

/** Reads what the bars endpoint answered for one symbol. */
export function readPage(answer: unknown, { symbol, timeframe }: SourceSeries): WirePage {
  const subject = `bars of ${symbol}`;
  if (!isRecord(answer)) throw badAnswer(subject, 'an object', nameOf(answer));
  const rows = rowsOf(answer['bars'], symbol);
  const token = answer['next_page_token'] ?? null;
  if (token !== null && typeof token !== 'string') {
    throw badAnswer(subject, 'a page token', nameOf(token));
  }
  return {
    bars: rows.map((row) => readBar(row, timeframe)),
    nextToken: token === '' ? null : token,
  };
}

function rowsOf(bars: unknown, symbol: SymbolName): readonly unknown[] {
  const subject = `bars of ${symbol}`;
  if (bars === null) return [];
  if (!isRecord(bars)) throw badAnswer(subject, 'bars by symbol', nameOf(bars));
  if (!Object.hasOwn(bars, symbol)) {
    const [other] = Object.keys(bars);
    if (other === undefined) return [];
    throw badAnswer(subject, symbol, `"${other}"`);
  }
  const rows = bars[symbol];
  if (rows === null) return [];
  if (Array.isArray(rows)) return rows;
  throw badAnswer(subject, 'a list', nameOf(rows));
}

function readBar(row: unknown, timeframe: Timeframe): SourceBar {
  const bar = isRecord(row) ? row : {};
  return {
    openTime: gridTime(instantOf(bar['t']), timeframe),
    open: numberOf(bar['o']),
    high: numberOf(bar['h']),
    low: numberOf(bar['l']),
    close: numberOf(bar['c']),
    volume: numberOf(bar['v']),
  };
}

/**
 * Alpaca stamps days and weeks with midnight in New York, which is 04:00Z or 05:00Z of the same
 * date; ours open at 00:00Z of the session's date, and weeks on its Monday.
 */
function gridTime(time: EpochMs, timeframe: Timeframe): EpochMs {
  if (!isDated(timeframe)) return time;
  const day = utcDayStart(time);
  return day - misalignmentMs(day, timeframe);
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of an RFC 3339 text; NaN for anything else. */
export function instantOf(value: unknown): EpochMs {
  return typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : NaN;
}

const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Numbers as they are, also where they come as text; NaN for anything else. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : NaN;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, for a sentence: its content may be anything. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
