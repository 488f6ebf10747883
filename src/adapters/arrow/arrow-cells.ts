import { DataType } from 'apache-arrow';
import type { Vector } from 'apache-arrow';
import { localTimeCell, type RawCell } from '../../ports/bar-file.ts';

/** The cell of a row, counted from the first row of the batch. */
type CellReader = (row: number) => RawCell;

/** Throws an `Error` where there are fewer values than rows: the bytes behind them are cut off. */
export function cellReaderOf(vector: Vector | null, rows: number): CellReader {
  if (vector === null) throw new Error('a column without values');
  const type: unknown = vector.type;
  if (!isReadable(type)) {
    const text = String(type);
    return () => text;
  }
  checkLength(vector, rows);
  const isLocal = DataType.isTimestamp(type) && (type.timezone ?? '') === '';
  return (row) => {
    const value: unknown = vector.get(row);
    return isLocal && typeof value === 'number' ? localTimeCell(value) : cellOf(value);
  };
}

/** Types whose values stand for themselves; decimals, for one, come without their point. */
function isReadable(type: unknown): boolean {
  return (
    DataType.isInt(type) ||
    DataType.isFloat(type) ||
    DataType.isTimestamp(type) ||
    DataType.isDate(type) ||
    DataType.isUtf8(type) ||
    DataType.isLargeUtf8(type) ||
    DataType.isDictionary(type) ||
    DataType.isNull(type)
  );
}

/** Missing bytes of a column would be read as `undefined`, and so as empty fields. */
function checkLength(vector: Vector, rows: number): void {
  for (const { values, type } of vector.data) {
    const typed: unknown = values;
    if (!(typed instanceof Float64Array) && !(typed instanceof BigInt64Array)) continue;
    if (typed.length < rows) {
      throw new Error(`${rows} values of ${String(type)} were promised, ${typed.length} are there`);
    }
  }
}

/** Whole numbers beyond the doubles, such as nanoseconds, stay exact as text. */
function cellOf(value: unknown): RawCell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'bigint' ? value.toString() : null;
}
