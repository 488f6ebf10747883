import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs, TimeSpan } from '../../core/time.ts';
import type {
  BarPage,
  BarRevision,
  BarStore,
  DataIssue,
  DatedInstrument,
  SavedBars,
  Series,
  SeriesKey,
  SeriesWrite,
  StoredInstrument,
} from '../../ports/bar-store.ts';
import { BarPages } from './bar-pages.ts';
import { BarRevisions } from './bar-revisions.ts';
import { BarWriter } from './bar-writer.ts';
import { CoveredSpans } from './covered-spans.ts';
import type { Database } from './database.ts';
import { InstrumentTable } from './instrument-table.ts';
import { SeriesEraser } from './series-eraser.ts';
import { SeriesTable } from './series-table.ts';
import { namingFaults } from './sqlite-faults.ts';

interface IssueRow {
  readonly open_time: EpochMs | null;
  readonly rule: string;
  readonly detail: string;
  readonly quarantined: 0 | 1;
}

/** Bars in SQLite. On a writable connection reading also packs what it reads (see `BarPages`). */
export class SqliteBarStore implements BarStore {
  readonly #database: Database;
  readonly #pages: BarPages;
  readonly #revisions: BarRevisions;
  readonly #writer: BarWriter;
  readonly #spans: CoveredSpans;
  readonly #series: SeriesTable;
  readonly #eraser: SeriesEraser;
  readonly #instruments: InstrumentTable;
  readonly #addIssue;
  readonly #issues;
  readonly #earlier;
  readonly #first;

  constructor(database: Database) {
    this.#database = database;
    this.#pages = new BarPages(database);
    this.#revisions = new BarRevisions(database);
    this.#writer = new BarWriter(database, this.#revisions);
    this.#spans = new CoveredSpans(database);
    this.#series = new SeriesTable(database);
    this.#eraser = new SeriesEraser(database);
    this.#instruments = new InstrumentTable(database);
    this.#addIssue = database.prepare<[number, number | null, string, string, number, string]>(
      `INSERT INTO data_issues (series_id, open_time, rule, detail, quarantined, source)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#issues = database.prepare<[number], IssueRow>(
      `SELECT open_time, rule, detail, quarantined FROM data_issues
       WHERE series_id = ? ORDER BY open_time, id`,
    );
    this.#earlier = database
      .prepare<[number, number, number], EpochMs>(
        `SELECT open_time FROM market_data WHERE series_id = ? AND open_time < ?
         ORDER BY open_time DESC LIMIT 1 OFFSET ?`,
      )
      .pluck();
    this.#first = database
      .prepare<[number], EpochMs | null>(
        'SELECT min(open_time) FROM market_data WHERE series_id = ?',
      )
      .pluck();
  }

  save(write: SeriesWrite): SavedBars {
    const { symbol, timeframe } = write.key;
    return this.#atOnce(`saving ${symbol} ${timeframe}`, () => this.#save(write));
  }

  drop(seriesId: number, issue: DataIssue, source: string): void {
    this.#atOnce('deleting a series', () => {
      this.#eraser.empty(seriesId);
      this.#record(seriesId, issue, source);
    });
  }

  series(): readonly Series[] {
    return this.#series.all();
  }

  findSeries(key: SeriesKey): Series | null {
    return this.#series.find(key);
  }

  instruments(exchange: string, symbol: SymbolName): readonly StoredInstrument[] {
    return this.#instruments.history(exchange, symbol);
  }

  recordInstrument(exchange: string, told: DatedInstrument, source: string): void {
    this.#atOnce(`recording ${told.instrument.symbol}`, () => {
      this.#instruments.record(exchange, told, source);
    });
  }

  covered(seriesId: number): readonly TimeSpan[] {
    return this.#spans.of(seriesId);
  }

  revisions(seriesId: number): readonly BarRevision[] {
    return this.#revisions.of(seriesId);
  }

  issues(seriesId: number): readonly DataIssue[] {
    return this.#issues.all(seriesId).map(issueOf);
  }

  pages(seriesId: number, from: EpochMs, to: EpochMs): Iterable<BarPage> {
    return this.#pages.read(seriesId, from, to);
  }

  /** With a count of zero, the time itself. */
  openTimeBefore(seriesId: number, time: EpochMs, count: number): EpochMs | null {
    if (count <= 0) return time;
    return this.#earlier.get(seriesId, time, count - 1) ?? this.#first.get(seriesId) ?? null;
  }

  #atOnce<T>(doing: string, work: () => T): T {
    const transaction = this.#database.transaction(work);
    return namingFaults(this.#database.name, doing, () => transaction.immediate());
  }

  #save(write: SeriesWrite): SavedBars {
    const { key, instrument, covers, source } = write;
    const id = this.#series.idOf(write);
    if (instrument !== null) this.#instruments.learn(key.exchange, instrument, source);
    const { conflicts, ...saved } = this.#writer.write(id, write);
    if (covers !== null) this.#spans.add(id, covers);
    for (const issue of [...write.issues, ...conflicts]) this.#record(id, issue, source);
    return saved;
  }

  #record(seriesId: number, issue: DataIssue, source: string): void {
    const { openTime, rule, detail, quarantined } = issue;
    this.#addIssue.run(seriesId, openTime, rule, detail, quarantined ? 1 : 0, source);
  }
}

function issueOf(row: IssueRow): DataIssue {
  return {
    openTime: row.open_time,
    rule: row.rule,
    detail: row.detail,
    quarantined: row.quarantined === 1,
  };
}
