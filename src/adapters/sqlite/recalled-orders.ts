import type { OrderId, RunId } from '../../core/ids.ts';
import type { OrderState } from '../../core/order.ts';
import type { Database } from './database.ts';
import { PayloadReader, type StoredEvent } from './journal-codec.ts';
import type { OrderRecord } from './order-rows.ts';
import { parseSteps } from './recorded-json.ts';

interface OrderRow {
  readonly requestedSeq: number;
  readonly requestedTs: number;
  readonly requestedCausedBy: number | null;
  readonly approvedSeq: number | null;
  readonly approvedCausedBy: number | null;
  readonly state: OrderState;
  readonly stateReason: string | null;
  readonly stateSeq: number;
  readonly stateCausedBy: number | null;
  readonly steps: string | null;
  readonly position: string | null;
}

/** Orders of a run as they were left: their rows, and their requests from the journal. */
export class RecalledOrders {
  readonly #runId: RunId;
  readonly #row;
  readonly #event;

  constructor(database: Database, runId: RunId) {
    this.#runId = runId;
    this.#row = database.prepare<[RunId, OrderId], OrderRow>(
      `SELECT requested_seq AS requestedSeq, requested_ts AS requestedTs,
         requested_caused_by AS requestedCausedBy, approved_seq AS approvedSeq,
         approved_caused_by AS approvedCausedBy, state, state_reason AS stateReason,
         state_seq AS stateSeq, state_caused_by AS stateCausedBy, steps, position_id AS position
       FROM orders WHERE run_id = ? AND order_id = ?`,
    );
    this.#event = database.prepare<[RunId, number], StoredEvent>(
      `SELECT seq, ts, type, caused_by AS causedBy, payload FROM events
       WHERE run_id = ? AND seq = ?`,
    );
  }

  find(id: OrderId): OrderRecord | null {
    const row = this.#row.get(this.#runId, id);
    const stored = row === undefined ? undefined : this.#event.get(this.#runId, row.requestedSeq);
    if (row === undefined || stored === undefined) return null;
    const event = new PayloadReader(() => null).eventOf(stored);
    if (event.type !== 'order.requested') return null;
    const { steps, position, ...rest } = row;
    return {
      ...rest,
      order: event.payload,
      changes: parseSteps(steps ?? '[]').map(({ state, seq, ts, reason }) => {
        return [state, seq, ts, reason];
      }),
      hasPosition: position !== null,
      isDirty: false,
    };
  }
}
