import { DataError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import { quote } from './bad-row.ts';

export const BAR_COLUMNS = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const;
export type BarColumn = (typeof BAR_COLUMNS)[number];

/** Where in a row each part of a bar stands. */
export interface ColumnMap {
  readonly indexes: Readonly<Record<BarColumn, number>>;
  /** Where the flags of a bar stand, as an export writes them; null in most files. */
  readonly flags: number | null;
  /** Where the file names the symbol row by row; null where it does not. */
  readonly symbol: number | null;
  /** All names of the header, as the file spells them. */
  readonly names: readonly string[];
  /** What a user should know about the choice, in sentences. */
  readonly notes: readonly string[];
}

interface HeaderContext {
  readonly source: string;
  readonly line: number;
  readonly symbol: SymbolName;
}

/** Best first: an open time says more than a bare date beside it. */
const TIME_NAMES = [
  ['opentime', 'opentimestamp', 'startsat'],
  ['timestamp', 'unix', 'unixtimestamp', 'unixtime', 'epoch'],
  ['datetime', 'timestamputc', 'dateutc'],
  ['date', 'time'],
  // What data frames call an index that has no name.
  ['indexlevel0', 'index'],
];
const PRICE_NAMES: Readonly<Record<'open' | 'high' | 'low' | 'close', readonly string[]>> = {
  open: ['open', 'openprice', 'o'],
  high: ['high', 'highprice', 'h'],
  low: ['low', 'lowprice', 'l'],
  close: ['close', 'closeprice', 'c', 'closelast', 'last'],
};
const SYMBOL_NAMES = ['symbol', 'ticker', 'pair'];
const ASSET_ALIASES: Readonly<Record<string, string>> = { btc: 'xbt', xbt: 'btc' };

/**
 * Finds the columns of a bar under the names that common exporters give them (exchange APIs, Yahoo,
 * CryptoDataDownload, data frames …), whatever their case, blanks and punctuation.
 * Throws a `DataError` that names the columns seen when one is missing or stands there twice.
 */
export function mapColumns(header: readonly string[], context: HeaderContext): ColumnMap {
  const names = header.map((name) => name.trim());
  const keys = names.map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  const fail = (expected: string): never => refuseHeader(expected, names, context);
  const choose = (candidates: readonly string[], what: string): number | null => {
    const found = keys.flatMap((key, index) => (candidates.includes(key) ? [index] : []));
    if (found.length > 1) {
      const seen = found.map((index) => quote(names[index] ?? '')).join(' and ');
      fail(`one ${what} column instead of ${seen}`);
    }
    return found[0] ?? null;
  };
  const need = (candidates: readonly string[], what: string): number =>
    choose(candidates, what) ?? fail(`a header with a column for ${what}`);

  const indexes = {
    openTime: chooseTime(choose, names) ?? fail('a header with a column for time'),
    open: need(PRICE_NAMES.open, 'open'),
    high: need(PRICE_NAMES.high, 'high'),
    low: need(PRICE_NAMES.low, 'low'),
    close: need(PRICE_NAMES.close, 'close'),
    volume: chooseVolume(choose, context.symbol) ?? fail('a header with a column for volume'),
  };
  const flags = choose(['flags'], 'flags');
  const symbol = choose(SYMBOL_NAMES, 'symbol');
  const used = [...Object.values(indexes), flags, symbol];
  return { indexes, flags, symbol, names, notes: notesOn(names, keys, used) };
}

type Choose = (candidates: readonly string[], what: string) => number | null;

/** The best time column; data frames leave the name of their index, the first column, empty. */
function chooseTime(choose: Choose, names: readonly string[]): number | null {
  for (const candidates of TIME_NAMES) {
    const found = choose(candidates, 'time');
    if (found !== null) return found;
  }
  return names[0] === '' ? 0 : null;
}

/** Volume in base units: `Volume BTC` of a BTC/USD file goes before a bare `Volume`. */
function chooseVolume(choose: Choose, symbol: SymbolName): number | null {
  const base = (symbol.split('/')[0] ?? symbol).toLowerCase();
  const assets = ['base', 'basecurrency', 'baseasset', base, ASSET_ALIASES[base] ?? base];
  const inBase = assets.flatMap((asset) => [`volume${asset}`, `${asset}volume`]);
  return choose(inBase, 'volume') ?? choose(['volume', 'vol', 'v'], 'volume');
}

function notesOn(
  names: readonly string[],
  keys: readonly string[],
  used: readonly (number | null)[],
): readonly string[] {
  const ignored = names.filter((_, index) => !used.includes(index)).map(quote);
  if (ignored.length === 0) return [];
  const adjusted = keys.includes('adjclose') || keys.includes('adjustedclose');
  return [
    `${ignored.length === 1 ? 'column' : 'columns'} ${ignored.join(', ')} not used` +
      (adjusted ? '; prices are taken as they are, not adjusted for splits or dividends' : ''),
  ];
}

function refuseHeader(
  expected: string,
  names: readonly string[],
  { source, line }: HeaderContext,
): never {
  const hasWords = names.some((name) => /[a-z]{3}/i.test(name));
  const advice = hasWords
    ? 'name the columns timestamp,open,high,low,close,volume'
    : 'begin the file with the line timestamp,open,high,low,close,volume';
  const seen = quote(names.join(','));
  // A typed file has no line for its header.
  const place = line === 0 ? source : `${source}:${line}`;
  throw new DataError(
    `${place}: ${expected} was expected, was ${seen}; ${advice}; nothing was imported`,
  );
}
