import type { Adjustment, SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import type { BarPage } from './bar-store.ts';

/**
 * One cell of a file of candles, not yet understood: text where the file is text, a number where it
 * has types, null where it is empty. A number in the time column is UTC epoch milliseconds; where a
 * file leaves unit or zone open, its reader hands the time over as text.
 */
export type RawCell = string | number | null;

/**
 * A time without zone as the text that a text file would have for it: whether it is UTC is not for
 * the reader of the file to decide.
 */
export function localTimeCell(time: number): RawCell {
  const date = new Date(time);
  if (Number.isNaN(date.getTime()) || !Number.isInteger(time)) return time;
  return date.toISOString().replace(/(?:\.000)?Z$/, '');
}

export interface RawRow {
  /** Line of a text file, row of a typed one; the first being 1. */
  readonly line: number;
  readonly fields: readonly RawCell[];
  /** The file ended inside this row, without a line break. */
  readonly unterminated: boolean;
}

/** Rows in file order, many at a time; the first is the header, the names of the columns. */
export type RawRows = AsyncIterable<readonly RawRow[]> | Iterable<readonly RawRow[]>;

/** What `RawRow.line` counts, for messages. */
export type RowNoun = 'line' | 'row';

/** What a file says of its own bars, in its metadata or in its name; null where it is silent. */
export interface FileIdentity {
  readonly exchange: string | null;
  readonly symbol: SymbolName | null;
  readonly timeframe: Timeframe | null;
  readonly adjustment: Adjustment | null;
}

/** One file of bars in the making: nobody sees it under its name before `publish`. */
export interface BarFileWriter {
  write(page: BarPage): Promise<void>;
  /** Completes the bytes; the file still has its temporary name. */
  finish(): Promise<void>;
  /** Gives the finished file its name. */
  publish(): Promise<void>;
  /** Removes what was written; after `publish` there is nothing left to remove. */
  discard(): Promise<void>;
}
