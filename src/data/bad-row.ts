import { DataError } from '../core/errors.ts';
import type { EpochMs } from '../core/time.ts';
import type { DataIssue } from '../ports/bar-store.ts';

/** A row that breaks a rule: which rule, where, and what stood there. */
export interface BadRow {
  readonly line: number;
  /** Column as the file's header spells it; null when the row as a whole is wrong. */
  readonly column: string | null;
  readonly value: string;
  readonly rule: BadRowRule;
  /** What was expected, as a noun phrase. */
  readonly expected: string;
  /** Null where the row's time could not be read. */
  readonly openTime: EpochMs | null;
}

export const BAD_ROW_RULES = [
  'column-count',
  'timestamp',
  'decimal',
  'alignment',
  'price-range',
  'ohlc-order',
  'volume-range',
  'duplicate-time',
  'flags',
  'symbol',
] as const;
export type BadRowRule = (typeof BAD_ROW_RULES)[number];

const VALUE_LENGTH_MAX = 60;

/** `bars.csv:17: a plain decimal number was expected in column "volume", was "1,000.5"`. */
function describeBadRow(source: string, bad: BadRow): string {
  const place = bad.column === null ? '' : ` in column ${quote(bad.column)}`;
  return `${source}:${bad.line}: ${bad.expected} was expected${place}, was ${quote(bad.value)}`;
}

/** The value in double quotes, shortened, with control characters made visible. */
export function quote(value: string): string {
  const shown = value.length > VALUE_LENGTH_MAX ? `${value.slice(0, VALUE_LENGTH_MAX)}…` : value;
  return JSON.stringify(shown);
}

export function issueOf(source: string, bad: BadRow): DataIssue {
  const detail = describeBadRow(source, bad);
  return { openTime: bad.openTime, rule: bad.rule, detail, quarantined: true };
}

/** Refuses an import over its bad rows, naming the first in file order. Never returns. */
export function refuseBadRows(source: string, bad: readonly BadRow[], maxBadRows: number): never {
  const [first] = bad.toSorted((a, b) => a.line - b.line);
  const sentence = first === undefined ? source : describeBadRow(source, first);
  const advice =
    maxBadRows === 0
      ? 'mend the row, or set bad rows aside with --max-bad-rows'
      : `more than --max-bad-rows ${maxBadRows} allows; mend the file or raise the number`;
  throw new DataError(`${sentence}; ${advice}; nothing was imported`, {
    details: { source, ...first },
  });
}
