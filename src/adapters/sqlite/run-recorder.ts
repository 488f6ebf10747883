import { invariant } from '../../core/assert.ts';

import type { AnyEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import type { EquityPoint, RunEnd, RunRecorder } from '../../ports/run-store.ts';
import { AppendRows } from './append-rows.ts';
import type { Database } from './database.ts';
import { OrderRows } from './order-rows.ts';
import { PositionRows } from './position-rows.ts';
import { SignalRows } from './signal-rows.ts';
import { namingFaults } from './sqlite-faults.ts';

/**
 * Writes one run. What it holds makes sense after every event, so that a commit may fall between
 * any two of them: what it points at is written before what points.
 */
export class SqliteRunRecorder implements RunRecorder {
  readonly runId: RunId;
  readonly #database: Database;
  readonly #signals: SignalRows;
  readonly #positions: PositionRows;
  readonly #orders: OrderRows;
  readonly #appends: AppendRows;
  readonly #changesPerCommit: number;
  #changes = 0;
  #isFinished = false;

  /** Keeps up to `changesPerCommit` changes in memory before they go out in one transaction. */
  constructor(database: Database, runId: RunId, changesPerCommit: number) {
    this.runId = runId;
    this.#database = database;
    this.#changesPerCommit = changesPerCommit;
    this.#signals = new SignalRows(database, runId);
    this.#positions = new PositionRows(database, runId);
    this.#orders = new OrderRows(database, runId);
    this.#appends = new AppendRows(database, runId);
  }

  record(event: AnyEvent): void {
    if (event.type === 'signal.raised') this.#signals.raised(event);
    else if (event.type === 'signal.ignored') {
      this.#signals.answered(event.payload.signalSeq, event.payload.reason);
    } else if (event.type === 'order.cancel-requested') this.#signals.canceledOn(event.causedBy);
    else if (event.type === 'position.updated') this.#positions.updated(event);
    else if (event.type === 'risk.alerted') this.#appends.alerted(event);
    else if (event.type === 'risk.assessed') this.#appends.assessed(event.payload);
    else if (!this.#recordOrder(event)) return;
    this.#count();
  }

  recordEquity(point: EquityPoint): void {
    this.#appends.marked(point);
    this.#count();
  }

  finish(end: RunEnd): void {
    invariant(!this.#isFinished, `run ${this.runId} must be finished once`);
    this.#commit(() => {
      this.#write(true);
      writeEnd(this.#database, this.runId, end);
    });
    this.#isFinished = true;
  }

  /** False for events that leave no row behind. */
  #recordOrder(event: AnyEvent): boolean {
    if (event.type === 'order.requested') {
      this.#signals.answered(event.payload.signalSeq, 'ordered');
      this.#orders.requested(event);
    } else if (event.type === 'order.approved') this.#orders.approved(event);
    else if (event.type === 'order.rejected') {
      this.#orders.rejected(event);
      this.#appends.rejected(event);
    } else if (event.type === 'order.updated') this.#orders.updated(event);
    else if (event.type === 'order.filled') {
      this.#positions.entered(event, this.#orders.filled(event));
      this.#appends.filled(event);
    } else return false;
    return true;
  }

  #count(): void {
    invariant(!this.#isFinished, `run ${this.runId} must not go on after its end`);
    if (++this.#changes >= this.#changesPerCommit) this.#commit(() => this.#write(false));
  }

  #write(isOver: boolean): void {
    this.#signals.write(isOver);
    this.#positions.write();
    this.#orders.write();
    this.#appends.write();
  }

  /** What was not committed stays in memory: a fault here loses nothing that a retry could save. */
  #commit(work: () => void): void {
    namingFaults(this.#database.name, `recording run ${this.runId}`, () =>
      this.#database.transaction(work).immediate(),
    );
    this.#signals.committed();
    this.#positions.committed();
    this.#orders.committed();
    this.#appends.committed();
    this.#changes = 0;
  }
}

function writeEnd(database: Database, runId: RunId, end: RunEnd): void {
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
