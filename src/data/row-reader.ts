import type { SymbolName } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import { formatTime, misalignmentMs } from '../core/time.ts';
import type { RawCell, RawRow } from '../ports/bar-file.ts';
import type { BarPage } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import type { BadRow, BadRowRule } from './bad-row.ts';
import type { BarRule } from './bar-rules.ts';
import { brokenRule } from './bar-rules.ts';
import type { BarColumn, ColumnMap } from './bar-columns.ts';
import { BAR_COLUMNS } from './bar-columns.ts';
import { FLAGS_EXPECTED, parseFlags } from './flag-text.ts';
import { TICK_DECIMALS_MAX } from './instrument-steps.ts';
import {
  expectedInsteadOf,
  finiteNumber,
  hasDecimals,
  significantDecimals,
} from './number-parsing.ts';
import { namesSymbol } from './symbol-text.ts';
import type { TimestampReader } from './timestamp-parsing.ts';

interface RowReaderParts {
  readonly columns: ColumnMap;
  readonly timestamps: TimestampReader;
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
}

interface Fault {
  readonly rule: BadRowRule;
  readonly expected: string;
}

const NUMBER_COLUMNS = BAR_COLUMNS.filter((column) => column !== 'openTime');
const FLAGS = 6;

/** Turns rows of cells into bars, one at a time, and says what is wrong with a row that is none. */
export class RowReader {
  readonly #columns: ColumnMap;
  readonly #timestamps: TimestampReader;
  readonly #symbol: SymbolName;
  readonly #timeframe: Timeframe;
  readonly #bar = new Float64Array(BAR_STRIDE);
  #priceDecimals = 0;
  /** The text that was found to be the symbol: it is the same in every row of a file. */
  #symbolText: RawCell | undefined;

  constructor({ columns, timestamps, symbol, timeframe }: RowReaderParts) {
    this.#columns = columns;
    this.#timestamps = timestamps;
    this.#symbol = symbol;
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
    const stamp = this.#timestamps.read(this.#cell(row, 'openTime'));
    if (!stamp.ok) {
      return this.#bad(row, 'openTime', { rule: 'timestamp', expected: stamp.expected });
    }
    this.#bar[0] = stamp.time;
    for (let index = 0; index < NUMBER_COLUMNS.length; index += 1) {
      const column = NUMBER_COLUMNS[index] ?? 'volume';
      const value = finiteNumber(this.#cell(row, column));
      if (Number.isNaN(value)) return this.#notNumber(row, column, stamp.time);
      this.#bar[index + 1] = value;
    }
    return this.#checkBar(row, stamp.time) ?? this.#readExtras(row, stamp.time);
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

  /** Columns that few files have: flags, and the symbol that every row must be of. */
  #readExtras(row: RawRow, time: EpochMs): BadRow | null {
    const { flags, symbol } = this.#columns;
    if (flags !== null) {
      const bits = parseFlags(row.fields[flags] ?? null);
      if (bits === null) return this.#badAt(row, flags, flagsFault, time);
      this.#bar[FLAGS] = bits;
    }
    if (symbol === null || row.fields[symbol] === this.#symbolText) return null;
    const text = row.fields[symbol] ?? null;
    if (!namesSymbol(textOf(text), this.#symbol)) {
      const expected = `${this.#symbol}, the symbol to import the file as,`;
      return this.#badAt(row, symbol, { rule: 'symbol', expected }, time);
    }
    this.#symbolText = text;
    return null;
  }

  #faultOf(row: RawRow, { rule, expected, against }: BarRule): Fault {
    if (against === null) return { rule, expected };
    return { rule, expected: `${expected} (${textOf(this.#cell(row, against))})` };
  }

  #countDecimals(row: RawRow): void {
    if (this.#priceDecimals >= TICK_DECIMALS_MAX) return;
    for (const column of ['open', 'high', 'low', 'close'] as const) {
      const cell = this.#cell(row, column);
      if (typeof cell === 'number') {
        if (hasDecimals(cell, this.#priceDecimals)) continue;
      } else if (!mayHaveMoreDecimals(cell ?? '', this.#priceDecimals)) continue;
      this.#priceDecimals = Math.max(this.#priceDecimals, significantDecimals(textOf(cell)));
    }
  }

  #notNumber(row: RawRow, column: BarColumn, time: EpochMs): BadRow {
    const expected = expectedInsteadOf(this.#cell(row, column));
    return this.#bad(row, column, { rule: 'decimal', expected }, time);
  }

  #bad(row: RawRow, column: BarColumn, fault: Fault, time: EpochMs | null = null): BadRow {
    return this.#badAt(row, this.#columns.indexes[column], fault, time);
  }

  #badAt(row: RawRow, index: number, fault: Fault, time: EpochMs | null): BadRow {
    return {
      line: row.line,
      column: this.#columns.names[index] ?? null,
      value: textOf(row.fields[index] ?? null),
      rule: fault.rule,
      expected: fault.expected,
      openTime: time,
    };
  }

  #cell(row: RawRow, column: BarColumn): RawCell {
    return row.fields[this.#columns.indexes[column]] ?? null;
  }
}

const flagsFault: Fault = { rule: 'flags', expected: FLAGS_EXPECTED };

/** A cheap look: most rows have no more digits after the point than rows before. */
function mayHaveMoreDecimals(text: string, decimals: number): boolean {
  const point = text.indexOf('.');
  const digits = point === -1 ? 0 : text.length - point - 1;
  return digits > decimals || text.includes('e') || text.includes('E');
}

function textOf(cell: RawCell): string {
  return cell === null ? '' : String(cell);
}

function wrongCount(row: RawRow, expectedCount: number): BadRow {
  const cut = row.unterminated ? ' (the file seems cut off in its last line)' : '';
  return {
    line: row.line,
    column: null,
    value: row.fields.map(textOf).join(','),
    rule: 'column-count',
    expected: `${expectedCount} fields as in the header instead of ${row.fields.length}${cut}`,
    openTime: null,
  };
}
