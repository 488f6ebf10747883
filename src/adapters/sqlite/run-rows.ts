import type { AnyEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import type { EquityPoint } from '../../ports/run-store.ts';
import { AppendRows } from './append-rows.ts';
import { ControlRows } from './control-rows.ts';
import type { Database } from './database.ts';
import { FeeRows } from './fee-rows.ts';
import { OrderRows, type Recall } from './order-rows.ts';
import { PositionRows } from './position-rows.ts';
import { SignalRows } from './signal-rows.ts';

interface RunRowsOptions {
  /** A signal may be written before it has its answer. */
  readonly hasLateAnswers: boolean;
  /** Orders that were forgotten may change after all. */
  readonly recall: Recall;
}

const ONE_PROCESS: RunRowsOptions = { hasLateAnswers: false, recall: () => null };

/**
 * The rows that the events of one run make, held until somebody writes them in a transaction. What
 * points at a row is written after it.
 */
export class RunRows {
  readonly #signals: SignalRows;
  readonly #positions: PositionRows;
  readonly #orders: OrderRows;
  readonly #appends: AppendRows;
  readonly #fees: FeeRows;
  readonly #controls: ControlRows;

  constructor(database: Database, runId: RunId, options: RunRowsOptions = ONE_PROCESS) {
    this.#signals = new SignalRows(database, runId, options.hasLateAnswers);
    this.#positions = new PositionRows(database, runId);
    this.#orders = new OrderRows(database, runId, options.recall);
    this.#appends = new AppendRows(database, runId);
    this.#fees = new FeeRows(database, runId);
    this.#controls = new ControlRows(database, runId);
  }

  /** False for events that leave no row behind. */
  take(event: AnyEvent): boolean {
    if (event.type === 'signal.raised') this.#signals.raised(event);
    else if (event.type === 'signal.ignored') {
      this.#signals.answered(event.payload.signalSeq, event.payload.reason);
    } else if (event.type === 'order.cancel-requested') this.#signals.canceledOn(event.causedBy);
    else if (event.type === 'position.updated') this.#positions.updated(event);
    else if (event.type === 'risk.alerted') this.#appends.alerted(event);
    else if (event.type === 'risk.assessed') this.#appends.assessed(event.payload);
    else return this.#takeOrder(event) || this.#takeFromOutside(event);
    return true;
  }

  takeEquity(point: EquityPoint): void {
    this.#appends.marked(point);
  }

  /** Runs inside a transaction. `withUnanswered` says whether signals need not wait any longer. */
  write(withUnanswered: boolean): void {
    this.#signals.write(withUnanswered);
    this.#positions.write();
    this.#orders.write();
    this.#appends.write();
    this.#fees.write();
    this.#controls.write();
  }

  /** What was written is safe: nothing of it needs to be kept. */
  committed(): void {
    this.#signals.committed();
    this.#positions.committed();
    this.#orders.committed();
    this.#appends.committed();
    this.#fees.committed();
    this.#controls.committed();
  }

  #takeOrder(event: AnyEvent): boolean {
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

  #takeFromOutside(event: AnyEvent): boolean {
    if (event.type === 'fee.corrected') this.#fees.corrected(event.payload);
    else if (event.type === 'operator.commanded') this.#controls.commanded(event);
    else if (event.type === 'gate.changed') this.#controls.gateChanged(event);
    else if (event.type === 'account.checked') this.#controls.accountChecked(event);
    else return false;
    return true;
  }
}
