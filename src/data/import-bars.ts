import { DataError } from '../core/errors.ts';
import type { Adjustment, AssetClass, Instrument, SymbolName } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import { formatTime, timeframeMs } from '../core/time.ts';
import type { CalendarId } from '../core/trading-calendar.ts';
import type { RawCell, RawRow, RawRows, RowNoun } from '../ports/bar-file.ts';
import type { BarPage, BarRow, DataIssue } from '../ports/bar-store.ts';
import type { BadRow } from './bad-row.ts';
import { issueOf, refuseBadRows } from './bad-row.ts';
import { BarTable } from './bar-table.ts';
import { mapColumns } from './bar-columns.ts';
import { dropDuplicates } from './duplicates.ts';
import { inferInstrument } from './instrument-steps.ts';
import { RowReader } from './row-reader.ts';
import type { OutlierMeasure } from './outliers.ts';
import type { OutlierPolicy } from './screen-bars.ts';
import { screenBars } from './screen-bars.ts';
import type { TimestampFormat } from './timestamp-parsing.ts';
import { TimestampReader } from './timestamp-parsing.ts';

/**
 * Candles as numbers: this folder parses, validates, screens and measures bars. It is pure: rows come
 * in from an adapter, bars and issues go out to a `BarStore`; it never repairs and never drops silently.
 */

export interface ImportPolicy {
  readonly outliers: OutlierPolicy;
  /** Five sigma over a hundred bars when absent. */
  readonly outlierMeasure?: OutlierMeasure;
  /** Read date-times without a zone as UTC instead of refusing them. */
  readonly assumeUtc: boolean;
}

export interface ImportOptions {
  readonly rows: RawRows;
  /** What the rows are counted in; lines when absent. */
  readonly rowNoun?: RowNoun;
  /** Name of the file, for messages. */
  readonly source: string;
  readonly symbol: SymbolName;
  readonly assetClass: AssetClass;
  readonly timeframe: Timeframe;
  /** What was done to the prices of the file; raw when absent. */
  readonly adjustment?: Adjustment;
  /** When its bars are to be expected; the usual calendar of the asset class when absent. */
  readonly calendar?: CalendarId;
  readonly policy: ImportPolicy;
  /** A bar that is not over by then is left out; when absent, all are taken to be over. */
  readonly now?: EpochMs;
  /** Rows that may be bad: they are set aside as issues. One more refuses the file. */
  readonly maxBadRows: number;
}

export interface ImportSummary {
  /** Rows read, the header and blank lines not counted. */
  readonly rows: number;
  readonly bars: number;
  readonly badRows: number;
  /** Rows that repeat another one value by value. */
  readonly repeatedRows: number;
  /** Bad prints and large moves. */
  readonly outliers: number;
  readonly badPrints: number;
  readonly splits: number;
  readonly gaps: number;
  readonly missingBars: number;
  readonly firstOpen: EpochMs;
  readonly lastOpen: EpochMs;
  readonly timestampFormat: TimestampFormat;
  /** What a user should know of how the file was read, in sentences. */
  readonly notes: readonly string[];
}

/** Bars, issues and instrument as `BarStore.save` takes them. */
export interface PreparedImport {
  /** Ascending by open time; may be iterated more than once. */
  readonly bars: Iterable<BarRow>;
  readonly issues: readonly DataIssue[];
  readonly instrument: Instrument;
  readonly summary: ImportSummary;
}

/** Spacings needed before a wrong timeframe can be told from a file full of gaps. */
const SPACINGS_MIN = 10;

/**
 * Parses, validates, sorts and screens the rows of one file; stores nothing. Throws a `DataError`
 * with line, column, value and rule for the first bad row once there are more than `maxBadRows`.
 */
export async function prepareImport(options: ImportOptions): Promise<PreparedImport> {
  const file = new FileImport(options);
  for await (const batch of options.rows) {
    if (!file.takeAll(batch)) break;
  }
  return file.finish();
}

/** The state of one import: what the rows so far have come to. */
class FileImport {
  readonly #options: ImportOptions;
  readonly #table = new BarTable();
  readonly #bad: BadRow[] = [];
  readonly #notes: string[] = [];
  #timestamps: TimestampReader | null = null;
  #reader: RowReader | null = null;
  /** The file says above its header that its times are UTC. */
  #saysUtc = false;
  #timeColumn = '';
  #rows = 0;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  /** False once there are too many bad rows to go on. */
  takeAll(batch: readonly RawRow[]): boolean {
    for (const row of batch) {
      this.#take(row);
      if (this.#bad.length > this.#options.maxBadRows) return false;
    }
    return true;
  }

  finish(): PreparedImport {
    const { source, maxBadRows } = this.#options;
    const ascending = this.#inOrder();
    const { rowNoun = 'line' } = this.#options;
    const names = { source, timeColumn: this.#timeColumn, rowNoun };
    const { table, repeats, conflicts } = dropDuplicates(ascending, names);
    const bad = [...this.#bad, ...conflicts];
    if (bad.length > maxBadRows) refuseBadRows(source, bad, maxBadRows);
    const format = this.#timestamps?.format ?? null;
    if (table.size === 0 || format === null) return this.#refuseEmpty();
    this.#checkSpacing(table);
    const screened = screenBars(table, { ...this.#options, ...this.#options.policy });
    return {
      bars: { [Symbol.iterator]: () => screened.table.rows() },
      issues: [...bad.map((row) => issueOf(source, row)), ...repeats, ...screened.issues],
      instrument: inferInstrument({
        ...this.#options,
        priceDecimals: this.#reader?.priceDecimals ?? 0,
      }),
      summary: {
        rows: this.#rows,
        bars: screened.table.size,
        badRows: bad.length,
        repeatedRows: repeats.length,
        outliers: screened.outliers,
        badPrints: screened.badPrints,
        splits: screened.splits,
        gaps: screened.gaps,
        missingBars: screened.missing,
        firstOpen: screened.table.openTimeAt(0),
        lastOpen: screened.table.openTimeAt(screened.table.size - 1),
        timestampFormat: format,
        notes: this.#notes,
      },
    };
  }

  #take(row: RawRow): void {
    if (this.#reader === null) {
      if (isBanner(row)) this.#saysUtc ||= row.fields.some(saysUtc);
      else this.#readHeader(row);
      return;
    }
    this.#rows += 1;
    const bad = this.#reader.read(row) ?? this.#beyondNow(row);
    if (bad !== null) {
      this.#bad.push(bad);
      return;
    }
    if (!this.#isOver(this.#reader.bar)) {
      this.#notes.push(
        `the bar of ${formatTime(this.#reader.bar[0] ?? 0)} is still forming; it was left out`,
      );
      return;
    }
    this.#table.append(this.#reader.bar, 0, row.line);
    if (row.unterminated) {
      this.#notes.push(`line ${row.line} ends without a line break; the file may be cut off there`);
    }
  }

  #isOver(bar: BarPage): boolean {
    const { now = Infinity, timeframe } = this.#options;
    return (bar[0] ?? Infinity) + timeframeMs(timeframe) <= now;
  }

  /** A bar of the future is no bar: its date is wrong, or the clock. */
  #beyondNow(row: RawRow): BadRow | null {
    const { now = Infinity } = this.#options;
    const openTime = this.#reader?.bar[0] ?? 0;
    if (openTime <= now) return null;
    return {
      line: row.line,
      column: this.#timeColumn,
      value: formatTime(openTime),
      rule: 'timestamp',
      expected: `a time before now (${formatTime(now)})`,
      openTime,
    };
  }

  #readHeader(row: RawRow): void {
    const header = row.fields.map((cell) => String(cell ?? ''));
    const columns = mapColumns(header, { ...this.#options, line: row.line });
    this.#timeColumn = columns.names[columns.indexes.openTime] ?? '';
    this.#notes.push(...columns.notes);
    const { symbol, timeframe, policy } = this.#options;
    const timestamps = new TimestampReader({ assumeUtc: policy.assumeUtc || this.#saysUtc });
    this.#timestamps = timestamps;
    this.#reader = new RowReader({ columns, timestamps, symbol, timeframe });
  }

  #inOrder(): BarTable {
    if (this.#table.isAscending) return this.#table;
    this.#notes.push('rows were not in time order; they were sorted');
    return this.#table.sorted();
  }

  #refuseEmpty(): never {
    const { source } = this.#options;
    const was = this.#reader === null ? 'empty' : 'without any';
    throw new DataError(
      `${source}: a header and at least one row of data were expected, was ${was}; ` +
        'check that the export is complete; nothing was imported',
    );
  }

  /** A file of hours read as minutes is aligned and all gaps: the user meant another timeframe. */
  #checkSpacing(table: BarTable): void {
    const { source, timeframe } = this.#options;
    if (table.size <= SPACINGS_MIN) return;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 1; index < table.size; index += 1) {
      least = Math.min(least, table.openTimeAt(index) - table.openTimeAt(index - 1));
    }
    if (least <= timeframeMs(timeframe)) return;
    const minutes = least / 60_000;
    throw new DataError(
      `${source}: bars of ${timeframe} were expected, was ${minutes} minutes or more from each bar ` +
        `to the next since ${formatTime(table.openTimeAt(0))}; give the file's own --timeframe; ` +
        'nothing was imported',
    );
  }
}

/**
 * A line above the header that names a web site, as CryptoDataDownload writes it: alone, after
 * "Timestamps are UTC timezone", or with an empty field for every further column.
 */
function isBanner({ fields }: RawRow): boolean {
  return fields.some((cell) => /^(?:https?:\/\/|www\.|cryptodatadownload\b)/i.test(String(cell)));
}

function saysUtc(cell: RawCell): boolean {
  return typeof cell === 'string' && /\butc\b/i.test(cell);
}
