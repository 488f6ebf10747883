import type { RunId } from '../../core/ids.ts';
import type { RunEnd } from '../../ports/run-store.ts';
import type { Database } from './database.ts';

/** Writes what a run came to. Runs inside a transaction, once a run. */
export function writeRunEnd(database: Database, runId: RunId, end: RunEnd): void {
  const metric = database.prepare(
    'INSERT INTO performance_metrics (run_id, name, value) VALUES (?, ?, ?)',
  );
  for (const [name, value] of Object.entries(end.metrics)) metric.run(runId, name, value);
  database
    .prepare(
      `UPDATE runs SET status = ?, finished_at = ?, result_hash = ?, data_fingerprint = ?, bars = ?,
         final_equity = ?, report = ?, error = ? WHERE run_id = ?`,
    )
    .run(
      end.status,
      end.finishedAt,
      end.resultHash,
      end.dataFingerprint,
      end.bars,
      end.finalEquity,
      end.report,
      end.error,
      runId,
    );
}
