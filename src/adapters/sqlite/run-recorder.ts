import { invariant } from '../../core/assert.ts';
import type { AnyEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import type { EquityPoint, RunEnd, RunRecorder } from '../../ports/run-store.ts';
import type { Database } from './database.ts';
import { writeRunEnd } from './run-end.ts';
import { RunRows } from './run-rows.ts';
import { namingFaults } from './sqlite-faults.ts';

/**
 * Writes one run. What it holds makes sense after every event, so that a commit may fall between
 * any two of them: what it points at is written before what points.
 */
export class SqliteRunRecorder implements RunRecorder {
  readonly runId: RunId;
  readonly #database: Database;
  readonly #rows: RunRows;
  readonly #changesPerCommit: number;
  #changes = 0;
  #isFinished = false;

  /** Keeps up to `changesPerCommit` changes in memory before they go out in one transaction. */
  constructor(database: Database, runId: RunId, changesPerCommit: number) {
    this.runId = runId;
    this.#database = database;
    this.#changesPerCommit = changesPerCommit;
    this.#rows = new RunRows(database, runId);
  }

  record(event: AnyEvent): void {
    if (this.#rows.take(event)) this.#count();
  }

  recordEquity(point: EquityPoint): void {
    this.#rows.takeEquity(point);
    this.#count();
  }

  finish(end: RunEnd): void {
    invariant(!this.#isFinished, `run ${this.runId} must be finished once`);
    this.#commit(() => {
      this.#rows.write(true);
      writeRunEnd(this.#database, this.runId, end);
    });
    this.#isFinished = true;
  }

  #count(): void {
    invariant(!this.#isFinished, `run ${this.runId} must not go on after its end`);
    if (++this.#changes >= this.#changesPerCommit) this.#commit(() => this.#rows.write(false));
  }

  /** What was not committed stays in memory: a fault here loses nothing that a retry could save. */
  #commit(work: () => void): void {
    namingFaults(this.#database.name, `recording run ${this.runId}`, () =>
      this.#database.transaction(work).immediate(),
    );
    this.#rows.committed();
    this.#changes = 0;
  }
}
