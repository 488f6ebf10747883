import { DataError } from '../../core/errors.ts';
import type { RunId } from '../../core/ids.ts';
import type { StoredState } from '../../ports/lasting-run.ts';
import type { RunStatus } from '../../ports/run-store.ts';
import type { Database } from './database.ts';
import { firstHash, stateHash } from './journal-chain.ts';
import type { JournalHead } from './journal-rows.ts';

interface RunRow {
  readonly mode: string;
  readonly status: RunStatus;
  readonly nonce: string | null;
  readonly configHash: string;
}

interface StateRow extends StoredState {
  readonly sha256: string;
}

/** A run that may go on, and where it stopped. */
export interface RestoredRun {
  readonly nonce: string;
  readonly head: JournalHead;
  /** Null where it came to no input yet. */
  readonly state: StoredState | null;
}

/**
 * Reads where a run stopped. Throws a `DataError` for one that cannot go on: it ended, or its state
 * is not the one that was saved with the last event of its journal.
 */
export function restoredRun(database: Database, runId: RunId): RestoredRun {
  const { mode, status, nonce, configHash } = runRow(database, runId);
  if (nonce === null || status !== 'running') {
    throw new DataError(
      `run ${runId}: a paper or live run that has not ended was expected, was a ${mode} run that is ` +
        `${status}; start a new one`,
    );
  }
  const head = headOf(database, runId) ?? { seq: 0, hash: firstHash(runId, configHash) };
  const row = stateRow(database, runId);
  if (row === null && head.seq === 0) return { nonce, head, state: null };
  const state = row === null ? null : { seq: row.seq, savedAt: row.savedAt, state: row.state };
  if (state === null || state.seq !== head.seq || stateHash(runId, head, state) !== row?.sha256) {
    throw new DataError(
      `run ${runId}: the state saved with event ${head.seq} was expected, was ` +
        `${state === null ? 'nothing' : `one of event ${state.seq} that does not fit the journal`}; ` +
        `run "quantsage verify ${runId}", and restore a backup together with its -wal file`,
    );
  }
  return { nonce, head, state };
}

function runRow(database: Database, runId: RunId): RunRow {
  const row = database
    .prepare<[string], RunRow>(
      'SELECT mode, status, nonce, config_hash AS configHash FROM runs WHERE run_id = ?',
    )
    .get(runId);
  if (row !== undefined) return row;
  throw new DataError(
    `run ${runId}: a recorded run was expected, was none; see "quantsage runs list"`,
  );
}

function headOf(database: Database, runId: RunId): JournalHead | undefined {
  return database
    .prepare<[string], JournalHead>(
      'SELECT seq, hash FROM events WHERE run_id = ? ORDER BY seq DESC LIMIT 1',
    )
    .get(runId);
}

function stateRow(database: Database, runId: string): StateRow | null {
  const row = database
    .prepare<[string], StateRow>(
      'SELECT seq, saved_at AS savedAt, state, sha256 FROM engine_state WHERE run_id = ?',
    )
    .get(runId);
  return row ?? null;
}
