import type { DecodedArray, ParquetParsers } from 'hyparquet';
import { localTimeCell, type RawCell } from '../../ports/bar-file.ts';
import { isTimestamp, isUtc, type FlatColumn } from './parquet-columns.ts';

/** The cell of a row, counted from the first row of the group. */
export type CellReader = (row: number) => RawCell;

const DAY_MS = 86_400_000;

/** Times as epoch milliseconds with a fraction where they are finer, for whoever checks them to see. */
export const TIME_PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (micros) => withFraction(micros, 1_000n),
  timestampFromNanoseconds: (nanos) => withFraction(nanos, 1_000_000n),
  dateFromDays: (days) => days * DAY_MS,
};

export function cellReaderOf(column: FlatColumn, values: DecodedArray): CellReader {
  if (values instanceof Float64Array) return (row) => values[row] ?? null;
  if (column.element.converted_type === 'DECIMAL') return decimalReader(column, values);
  const isLocal = isTimestamp(column) && !isUtc(column);
  return (row) => {
    const value: unknown = values[row];
    return isLocal && typeof value === 'number' ? localTimeCell(value) : cellOf(value);
  };
}

/** The parser multiplies by a power of ten that is no double: the digits it lost are restored. */
function decimalReader({ element: { scale = 0 } }: FlatColumn, values: DecodedArray): CellReader {
  return (row) => {
    const value: unknown = values[row];
    return typeof value === 'number' ? Number(value.toFixed(scale)) : null;
  };
}

/** Whole numbers beyond the doubles, such as nanoseconds, stay exact as text. */
function cellOf(value: unknown): RawCell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : null;
}

function withFraction(time: bigint, unit: bigint): number {
  return Number(time / unit) + Number(time % unit) / Number(unit);
}
