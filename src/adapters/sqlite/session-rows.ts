import { present } from '../../core/assert.ts';
import type { RunId } from '../../core/ids.ts';
import type { EpochMs } from '../../core/time.ts';
import type { RunSession } from '../../ports/lasting-run.ts';
import type { Database } from './database.ts';

const SESSION = `SELECT number, started_at AS startedAt, config, config_hash AS configHash, version,
  first_seq AS firstSeq, start_state AS startState, warm_up AS warmUp, ended_at AS endedAt, outcome
  FROM sessions`;

/** Processes' shares of runs. */
export class SessionRows {
  readonly #ofRun;
  readonly #next;
  readonly #insert;
  readonly #warmedUp;
  readonly #end;

  constructor(database: Database) {
    this.#ofRun = database.prepare<[string], RunSession>(
      `${SESSION} WHERE run_id = ? ORDER BY number`,
    );
    this.#next = database
      .prepare<[RunId], number>(
        'SELECT coalesce(max(number), 0) + 1 FROM sessions WHERE run_id = ?',
      )
      .pluck();
    this.#insert = database.prepare<(string | number | null)[]>(
      `INSERT INTO sessions (run_id, number, started_at, config, config_hash, version, first_seq,
         start_state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#warmedUp = database.prepare<[string, RunId, number]>(
      'UPDATE sessions SET warm_up = ? WHERE run_id = ? AND number = ?',
    );
    this.#end = database.prepare<[EpochMs, string, RunId, number]>(
      `UPDATE sessions SET ended_at = ?, outcome = ?
       WHERE run_id = ? AND number = ? AND ended_at IS NULL`,
    );
  }

  /** In the order they began. */
  ofRun(runId: string): readonly RunSession[] {
    return this.#ofRun.all(runId);
  }

  /** Number of the session that is to begin. */
  next(runId: RunId): number {
    return present(this.#next.get(runId), 'the number of the next session');
  }

  begun(runId: RunId, session: RunSession): void {
    const { number, startedAt, config, configHash, version, firstSeq, startState } = session;
    const what = [config, configHash, version] as const;
    this.#insert.run(runId, number, startedAt, ...what, firstSeq, startState);
  }

  warmedUp(runId: RunId, number: number, warmUp: string): void {
    this.#warmedUp.run(warmUp, runId, number);
  }

  /** The first end stands. */
  ended(
    runId: RunId,
    number: number,
    end: { readonly at: EpochMs; readonly outcome: string },
  ): void {
    this.#end.run(end.at, end.outcome, runId, number);
  }
}
