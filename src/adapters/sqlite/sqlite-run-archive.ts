import { present } from '../../core/assert.ts';
import type { EpochMs } from '../../core/time.ts';
import type {
  Business,
  RecordedAlert,
  RecordedOrder,
  RecordedPosition,
  RecordedSignal,
  RecordedStrategy,
  RunArchive,
} from '../../ports/run-archive.ts';
import type { Database } from './database.ts';
import { RecordedOrders } from './recorded-orders.ts';
import { parseConditions, parseNames } from './recorded-json.ts';

interface StrategyRow {
  readonly id: string;
  readonly kind: string;
  readonly params: string;
  readonly symbols: string | null;
  readonly allow_short: number | null;
  readonly source_file: string | null;
  readonly source_sha256: string | null;
}

type SignalRow = Omit<RecordedSignal, 'conditions'> & { readonly conditions: string };

const SIGNAL = `SELECT seq, strategy_id AS strategy, symbol, bar_open_time AS barOpenTime, intent, side,
  confidence, price, reason, conditions, wish, outcome FROM signals`;
const OF_BUSINESS = `run_id = :run AND strategy_id = :strategy AND symbol = :symbol`;
const POSITION = `SELECT position_id AS id, side, state, entered, entry_price AS entryPrice,
  exit_price AS exitPrice, gross_pnl AS grossPnl, fees, financing, entry_time AS entryTime,
  exit_time AS exitTime, exit_reason AS exitReason FROM positions`;

interface AtBar extends Business {
  readonly run: string;
  readonly at: EpochMs;
}

/** Reads what a recorder wrote. Questions are rare: they scan the rows of their run. */
export class SqliteRunArchive implements RunArchive {
  readonly #database: Database;
  readonly #orders: RecordedOrders;

  constructor(database: Database) {
    this.#database = database;
    this.#orders = new RecordedOrders(database);
  }

  strategies(runId: string): readonly RecordedStrategy[] {
    const rows = this.#database
      .prepare<[string], StrategyRow>(
        `SELECT strategy_id AS id, kind, params, symbols, allow_short, source_file, source_sha256
         FROM strategies WHERE run_id = ? ORDER BY strategy_id`,
      )
      .all(runId);
    return rows.map(({ id, kind, params, symbols, ...row }) => ({
      id,
      kind,
      params,
      symbols: symbols === null ? null : parseNames(symbols),
      allowShort: row.allow_short === null ? null : row.allow_short === 1,
      source: sourceOf(row),
    }));
  }

  config(runId: string): string {
    const config = this.#database
      .prepare<[string], string>('SELECT config FROM runs WHERE run_id = ?')
      .pluck()
      .get(runId);
    return present(config, `the configuration of run ${runId}`);
  }

  signalsOn(runId: string, business: Business, at: EpochMs): readonly RecordedSignal[] {
    return this.#database
      .prepare<[AtBar], SignalRow>(
        `${SIGNAL} WHERE ${OF_BUSINESS} AND bar_open_time = :at ORDER BY seq`,
      )
      .all({ run: runId, ...business, at })
      .map(signalOf);
  }

  nearestSignal(runId: string, business: Business, at: EpochMs): RecordedSignal | null {
    const told = `${SIGNAL} WHERE ${OF_BUSINESS} AND conditions <> '[]'`;
    const sides = [
      `${told} AND bar_open_time < :at ORDER BY seq DESC LIMIT 1`,
      `${told} AND bar_open_time > :at ORDER BY seq LIMIT 1`,
    ];
    for (const sql of sides) {
      const row = this.#database.prepare<[AtBar], SignalRow>(sql);
      const found = row.get({ run: runId, ...business, at });
      if (found !== undefined) return signalOf(found);
    }
    return null;
  }

  firstSignalAt(runId: string, ts: EpochMs): number | null {
    const first = this.#database
      .prepare<[string, EpochMs], number | null>(
        'SELECT min(seq) FROM signals WHERE run_id = ? AND ts = ?',
      )
      .pluck();
    return first.get(runId, ts) ?? null;
  }

  ordersOf(runId: string, signalSeq: number): readonly RecordedOrder[] {
    return this.#orders.ofSignal(runId, signalSeq);
  }

  ordersAround(runId: string, business: Business, ts: EpochMs): readonly RecordedOrder[] {
    return this.#orders.around({ run: runId, ...business, at: ts });
  }

  ordersOfPosition(runId: string, position: string): readonly RecordedOrder[] {
    return this.#orders.ofPosition(runId, position);
  }

  position(runId: string, id: string): RecordedPosition | null {
    const row = this.#database.prepare<[string, string], RecordedPosition>(
      `${POSITION} WHERE run_id = ? AND position_id = ?`,
    );
    return row.get(runId, id) ?? null;
  }

  positionsWithin(
    runId: string,
    business: Business,
    span: { readonly from: EpochMs; readonly until: EpochMs },
  ): readonly RecordedPosition[] {
    return this.#database
      .prepare<[object], RecordedPosition>(
        `${POSITION} WHERE ${OF_BUSINESS} AND entry_time <= :until
           AND (state = 'open' OR exit_time >= :from)
         ORDER BY entry_time, updated_seq`,
      )
      .all({ run: runId, ...business, ...span });
  }

  alertsUntil(runId: string, ts: EpochMs): readonly RecordedAlert[] {
    return this.#database
      .prepare<[string, EpochMs], RecordedAlert>(
        `SELECT seq, ts, kind, check_name AS "check", limit_value AS "limit",
           actual_value AS actual, message
         FROM risk_events
         WHERE run_id = ? AND ts <= ? AND kind IN ('halted', 'resumed') ORDER BY seq`,
      )
      .all(runId, ts);
  }
}

function sourceOf(row: Pick<StrategyRow, 'source_file' | 'source_sha256'>) {
  const { source_file: file, source_sha256: sha256 } = row;
  return file === null || sha256 === null ? null : { file, sha256 };
}

function signalOf({ conditions, ...signal }: SignalRow): RecordedSignal {
  return { ...signal, conditions: parseConditions(conditions) };
}
