import { DataError } from '../../core/errors.ts';
import type { AssetClass, Instrument, SymbolName } from '../../core/instrument.ts';
import type { EpochMs, Timeframe } from '../../core/time.ts';
import type {
  BarPage,
  BarStore,
  DataIssue,
  SavedBars,
  Series,
  SeriesKey,
  SeriesWrite,
} from '../../ports/bar-store.ts';
import { BarPages } from './bar-pages.ts';
import { BarWriter } from './bar-writer.ts';
import type { Database } from './database.ts';
import { InstrumentTable } from './instrument-table.ts';
import { namingFaults } from './sqlite-faults.ts';

interface SeriesRow {
  readonly id: number;
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly asset_class: AssetClass;
  readonly bars: number;
  readonly first_open: EpochMs | null;
  readonly last_open: EpochMs | null;
}

interface IssueRow {
  readonly open_time: EpochMs | null;
  readonly rule: string;
  readonly detail: string;
  readonly quarantined: 0 | 1;
}

const SERIES_WITH_EXTENT = `
  SELECT id, exchange, symbol, timeframe, asset_class, bars,
    (SELECT min(open_time) FROM market_data WHERE series_id = id) AS first_open,
    (SELECT max(open_time) FROM market_data WHERE series_id = id) AS last_open
  FROM series
`;

/** Bars in SQLite. On a writable connection reading also packs what it reads (see `BarPages`). */
export class SqliteBarStore implements BarStore {
  readonly #database: Database;
  readonly #pages: BarPages;
  readonly #writer: BarWriter;
  readonly #instruments: InstrumentTable;
  readonly #allSeries;
  readonly #oneSeries;
  readonly #addSeries;
  readonly #addIssue;
  readonly #issues;
  readonly #earlier;
  readonly #first;

  constructor(database: Database) {
    this.#database = database;
    this.#pages = new BarPages(database);
    this.#writer = new BarWriter(database);
    this.#instruments = new InstrumentTable(database);
    this.#allSeries = database.prepare<[], SeriesRow>(
      SERIES_WITH_EXTENT + 'ORDER BY exchange, symbol, timeframe',
    );
    this.#oneSeries = database.prepare<[string, string, string], SeriesRow>(
      SERIES_WITH_EXTENT + 'WHERE exchange = ? AND symbol = ? AND timeframe = ?',
    );
    this.#addSeries = database.prepare<[string, string, string, string]>(
      `INSERT INTO series (exchange, symbol, timeframe, asset_class) VALUES (?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    );
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
    const save = this.#database.transaction(() => this.#save(write));
    return namingFaults(this.#database.name, `saving ${symbol} ${timeframe}`, () =>
      save.immediate(),
    );
  }

  series(): readonly Series[] {
    return this.#allSeries.all().map(seriesOf);
  }

  findSeries({ exchange, symbol, timeframe }: SeriesKey): Series | null {
    const row = this.#oneSeries.get(exchange, symbol, timeframe);
    return row === undefined ? null : seriesOf(row);
  }

  instrument(exchange: string, symbol: SymbolName): Instrument | null {
    return this.#instruments.find(exchange, symbol);
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

  #save(write: SeriesWrite): SavedBars {
    const { key, assetClass, source } = write;
    this.#addSeries.run(key.exchange, key.symbol, key.timeframe, assetClass);
    const series = this.findSeries(key);
    if (series?.assetClass !== assetClass) {
      throw new DataError(
        `series ${key.exchange} ${key.symbol} ${key.timeframe}: asset class ` +
          `"${series?.assetClass}" was expected, was "${assetClass}"; import it as what it is stored as`,
      );
    }
    this.#instruments.learn(key.exchange, write.instrument, source);
    const { conflicts, ...saved } = this.#writer.write(series.id, key, write.bars);
    for (const issue of [...write.issues, ...conflicts]) {
      const { openTime, rule, detail, quarantined } = issue;
      this.#addIssue.run(series.id, openTime, rule, detail, quarantined ? 1 : 0, source);
    }
    return saved;
  }
}

function seriesOf(row: SeriesRow): Series {
  return {
    id: row.id,
    exchange: row.exchange,
    symbol: row.symbol,
    timeframe: row.timeframe,
    assetClass: row.asset_class,
    bars: row.bars,
    firstOpen: row.first_open,
    lastOpen: row.last_open,
  };
}

function issueOf(row: IssueRow): DataIssue {
  return {
    openTime: row.open_time,
    rule: row.rule,
    detail: row.detail,
    quarantined: row.quarantined === 1,
  };
}
