import type { EpochMs, Timeframe } from '../core/time.ts';
import { formatTime, misalignmentMs } from '../core/time.ts';
import type { BarPage } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import type { BadRow, BadRowRule } from './bad-row.ts';
import type { BarRule } from './bar-rules.ts';
import { brokenRule } from './bar-rules.ts';
import type { BarColumn, ColumnMap } from './csv-columns.ts';
import { BAR_COLUMNS } from './csv-columns.ts';
import { expectedInsteadOf, parseDecimal, significantDecimals } from './number-parsing.ts';
import type { RawRow } from './raw-row.ts';
import type { TimestampReader } from './timestamp-parsing.ts';

interface RowReaderParts {
  readonly columns: ColumnMap;
  readonly timestamps: TimestampReader;
  readonly timeframe: Timeframe;
}

interface Fault {
  readonly rule: BadRowRule;
  readonly expected: string;
}

const NUMBER_COLUMNS = BAR_COLUMNS.filter((column) => column !== 'openTime');

/** Turns text rows into bars, one at a time, and says what is wrong with a row that is none. */
export class RowReader {
  readonly #columns: ColumnMap;
  readonly #timestamps: TimestampReader;
  readonly #timeframe: Timeframe;
  readonly #bar = new Float64Array(BAR_STRIDE);
  #priceDecimals = 0;

  constructor({ columns, timestamps, timeframe }: RowReaderParts) {
    this.#columns = columns;
    this.#timestamps = timestamps;
    this.#timeframe = timeframe;
  }

  /** The last good bar, as a page of one; the next `read` overwrites it. */
  get bar(): BarPage {
    return this.#bar;
  }

  /** Most decimals that any price of the good rows needed. */
  get priceDecimals(): number {
    return this.#priceDecimals;
  }

  /** Null when the row is a bar, which is then in `bar`. */
  read(row: RawRow): BadRow | null {
    const expectedCount = this.#columns.names.length;
    if (row.fields.length !== expectedCount) return wrongCount(row, expectedCount);
    const stamp = this.#timestamps.read(this.#text(row, 'openTime'));
    if (!stamp.ok) {
      return this.#bad(row, 'openTime', { rule: 'timestamp', expected: stamp.expected });
    }
    this.#bar[0] = stamp.time;
    for (let index = 0; index < NUMBER_COLUMNS.length; index += 1) {
      const column = NUMBER_COLUMNS[index] ?? 'volume';
      const value = parseDecimal(this.#text(row, column));
      if (Number.isNaN(value)) return this.#notNumber(row, column, stamp.time);
      this.#bar[index + 1] = value;
    }
    return this.#checkBar(row, stamp.time);
  }

  #checkBar(row: RawRow, time: EpochMs): BadRow | null {
    const broken = brokenRule(this.#bar, 0);
    if (broken !== null) return this.#bad(row, broken.column, this.#faultOf(row, broken), time);
    const missedBy = misalignmentMs(time, this.#timeframe);
    if (missedBy !== 0) {
      const expected =
        `an open time on the ${this.#timeframe} grid of UTC ` +
        `(${formatTime(time - missedBy)} or one bar later)`;
      return this.#bad(row, 'openTime', { rule: 'alignment', expected }, time);
    }
    this.#countDecimals(row);
    return null;
  }

  #faultOf(row: RawRow, { rule, expected, against }: BarRule): Fault {
    if (against === null) return { rule, expected };
    return { rule, expected: `${expected} (${this.#text(row, against)})` };
  }

  #countDecimals(row: RawRow): void {
    for (const column of ['open', 'high', 'low', 'close'] as const) {
      const text = this.#text(row, column);
      // Most rows have no more digits after the point than rows before: a cheap look decides.
      const point = text.indexOf('.');
      const digits = point === -1 ? 0 : text.length - point - 1;
      if (digits <= this.#priceDecimals && !text.includes('e') && !text.includes('E')) continue;
      this.#priceDecimals = Math.max(this.#priceDecimals, significantDecimals(text));
    }
  }

  #notNumber(row: RawRow, column: BarColumn, time: EpochMs): BadRow {
    const expected = expectedInsteadOf(this.#text(row, column));
    return this.#bad(row, column, { rule: 'decimal', expected }, time);
  }

  #bad(row: RawRow, column: BarColumn, fault: Fault, time: EpochMs | null = null): BadRow {
    return {
      line: row.line,
      column: this.#columns.names[this.#columns.indexes[column]] ?? column,
      value: this.#text(row, column),
      rule: fault.rule,
      expected: fault.expected,
      openTime: time,
    };
  }

  #text(row: RawRow, column: BarColumn): string {
    return row.fields[this.#columns.indexes[column]] ?? '';
  }
}

function wrongCount(row: RawRow, expectedCount: number): BadRow {
  const cut = row.unterminated ? ' (the file seems cut off in its last line)' : '';
  return {
    line: row.line,
    column: null,
    value: row.fields.join(','),
    rule: 'column-count',
    expected: `${expectedCount} fields as in the header instead of ${row.fields.length}${cut}`,
    openTime: null,
  };
}
