import { InvariantError } from '../../core/errors.ts';
import type { RunId } from '../../core/ids.ts';
import type { Adjustment } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type {
  LastSession,
  RunRecorder,
  RunStart,
  RunStatus,
  RunStore,
  RunSummary,
} from '../../ports/run-store.ts';
import type { Database } from './database.ts';
import { insertRun } from './run-start.ts';
import { SqliteRunRecorder } from './run-recorder.ts';
import { namingFaults } from './sqlite-faults.ts';

interface RunRow {
  readonly run_id: RunId;
  readonly mode: string;
  readonly exchange: string;
  readonly symbols: string;
  readonly timeframe: string;
  readonly adjustment: Adjustment;
  readonly start_time: EpochMs | null;
  readonly end_time: EpochMs | null;
  readonly initial_capital: string;
  readonly currency: string;
  readonly config_hash: string;
  readonly version: string;
  readonly started_at: EpochMs;
  readonly status: RunStatus;
  readonly finished_at: EpochMs | null;
  readonly result_hash: string | null;
  readonly data_fingerprint: string | null;
  readonly bars: number;
  readonly final_equity: number | null;
  readonly report: string | null;
  readonly error: string | null;
}

type Metric = readonly [name: string, value: number | null];

interface RunStoreOptions {
  /** Changes a run keeps in memory before it commits them; 1 commits after every event. */
  readonly changesPerCommit?: number;
}

/** A backtest that dies is run again: its last changes need not be safe at once. */
const CHANGES_PER_COMMIT = 5_000;

/**
 * Runs in SQLite. Give it a connection of its own: a run writes while the bars are being read.
 */
export class SqliteRunStore implements RunStore {
  readonly #database: Database;
  readonly #changesPerCommit: number;
  readonly #all;
  readonly #one;
  readonly #metrics;
  readonly #strategies;
  readonly #lastSession;

  constructor(database: Database, { changesPerCommit = CHANGES_PER_COMMIT }: RunStoreOptions = {}) {
    this.#database = database;
    this.#changesPerCommit = changesPerCommit;
    this.#all = database.prepare<[], RunRow>('SELECT * FROM runs ORDER BY number');
    this.#one = database.prepare<[string], RunRow>('SELECT * FROM runs WHERE run_id = ?');
    this.#metrics = database
      .prepare<[string], Metric>('SELECT name, value FROM performance_metrics WHERE run_id = ?')
      .raw();
    this.#lastSession = database.prepare<[string], LastSession>(
      `SELECT number, started_at AS startedAt, ended_at AS endedAt, outcome FROM sessions
       WHERE run_id = ? ORDER BY number DESC LIMIT 1`,
    );
    this.#strategies = database
      .prepare<[string], string>(
        'SELECT strategy_id FROM strategies WHERE run_id = ? ORDER BY strategy_id',
      )
      .pluck();
  }

  /** Takes the next number and records the start: from here on the run is listed as running. */
  begin(start: RunStart): RunRecorder {
    const begin = this.#database.transaction(() => insertRun(this.#database, start));
    const id = namingFaults(this.#database.name, 'beginning a run', () => begin.immediate());
    return new SqliteRunRecorder(this.#database, id, this.#changesPerCommit);
  }

  /** In the order they began. */
  list(): readonly RunSummary[] {
    return this.#all.all().map((row) => this.#summaryOf(row));
  }

  find(id: string): RunSummary | null {
    const row = this.#one.get(id);
    return row === undefined ? null : this.#summaryOf(row);
  }

  #summaryOf(row: RunRow): RunSummary {
    return {
      runId: row.run_id,
      mode: row.mode,
      strategyIds: this.#strategies.all(row.run_id),
      exchange: row.exchange,
      symbols: parseSymbols(row.symbols),
      timeframe: row.timeframe,
      adjustment: row.adjustment,
      start: row.start_time,
      end: row.end_time,
      initialCapital: row.initial_capital,
      currency: row.currency,
      configHash: row.config_hash,
      version: row.version,
      startedAt: row.started_at,
      status: row.status,
      finishedAt: row.finished_at,
      resultHash: row.result_hash,
      dataFingerprint: row.data_fingerprint,
      bars: row.bars,
      finalEquity: row.final_equity,
      metrics: Object.fromEntries(this.#metrics.all(row.run_id)),
      report: row.report,
      error: row.error,
      lastSession: this.#lastSession.get(row.run_id) ?? null,
    };
  }
}

function parseSymbols(text: string): readonly string[] {
  const symbols: unknown = JSON.parse(text);
  if (Array.isArray(symbols) && symbols.every((each) => typeof each === 'string')) return symbols;
  throw new InvariantError(`a JSON list of symbols was expected, was "${text}"`);
}
