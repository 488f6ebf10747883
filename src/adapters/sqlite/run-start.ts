import { runId } from '../../core/ids.ts';
import type { RunId } from '../../core/ids.ts';
import type { RunStart, StrategyRecord } from '../../ports/run-store.ts';
import type { Database } from './database.ts';

/** Short forms of modes in run ids; a mode that is not listed stands for itself. */
const PREFIXES: ReadonlyMap<string, string> = new Map([['backtest', 'bt']]);

/** Runs inside a write transaction, so that no two runs take the same number. */
export function insertRun(database: Database, start: RunStart): RunId {
  const number = database
    .prepare<[], number>('SELECT coalesce(max(number), 0) + 1 FROM runs')
    .pluck()
    .get();
  const id = runId(PREFIXES.get(start.mode) ?? start.mode, number ?? 1);
  database
    .prepare(
      `INSERT INTO runs (number, run_id, mode, exchange, symbols, timeframe, adjustment, start_time,
         end_time, initial_capital, currency, config, config_hash, version, started_at, status)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running')`,
    )
    .run(
      number,
      id,
      start.mode,
      start.exchange,
      JSON.stringify(start.symbols),
      start.timeframe,
      start.adjustment,
      start.start,
      start.end,
      start.initialCapital,
      start.currency,
      start.config,
      start.configHash,
      start.version,
      start.startedAt,
    );
  insertStrategies(database, id, start.strategies);
  return id;
}

/** Writes what strategies a run has; one that is there already is as it is given from now on. */
export function insertStrategies(
  database: Database,
  id: RunId,
  strategies: readonly StrategyRecord[],
): void {
  const strategy = database.prepare(
    `INSERT INTO strategies (run_id, strategy_id, kind, params, symbols, allow_short, source_file,
       source_sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, strategy_id) DO UPDATE SET kind = excluded.kind,
       params = excluded.params, symbols = excluded.symbols, allow_short = excluded.allow_short,
       source_file = excluded.source_file, source_sha256 = excluded.source_sha256`,
  );
  for (const { id: strategyId, kind, params, symbols, allowShort, source } of strategies) {
    const origin = [source?.file ?? null, source?.sha256 ?? null] as const;
    const traded = JSON.stringify(symbols);
    strategy.run(id, strategyId, kind, params, traded, allowShort ? 1 : 0, ...origin);
  }
}
