/**
 * Candles as numbers: this folder parses, validates, screens and measures bars. It is pure: rows come
 * in from an adapter, bars and issues go out to a `BarStore`; it never repairs and never drops silently.
 */

/** One row of a delimited text file, not yet understood. */
export interface RawRow {
  /** Line in the file, the first being 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** The file ended inside this line, without a line break. */
  readonly unterminated: boolean;
}

/** Rows in file order, many at a time; the first is the header. */
export type RawRows = AsyncIterable<readonly RawRow[]> | Iterable<readonly RawRow[]>;
