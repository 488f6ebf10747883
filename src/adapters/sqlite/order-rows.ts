import { present } from '../../core/assert.ts';
import type { EngineEvent } from '../../core/events.ts';
import type { OrderId, RunId } from '../../core/ids.ts';
import { isFinal, limitPriceOf, stopPriceOf, trailTextOf } from '../../core/order.ts';
import type { OrderRequest, OrderState } from '../../core/order.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Database } from './database.ts';

interface Step {
  readonly seq: number;
  readonly ts: EpochMs;
  readonly causedBy: number | null;
}

/** A change of state that is no fill. */
export type StateChange = readonly [
  state: OrderState,
  seq: number,
  ts: EpochMs,
  reason: string | null,
];

/** Why an order that has ended has a step after its end. */
const LATE_FILL = 'filled after its end';

/** Numbers of events rather than events: thousands wait here, and would keep their payloads. */
export interface OrderRecord {
  readonly order: OrderRequest;
  readonly requestedSeq: number;
  readonly requestedTs: EpochMs;
  readonly requestedCausedBy: number | null;
  approvedSeq: number | null;
  approvedCausedBy: number | null;
  state: OrderState;
  stateReason: string | null;
  stateSeq: number;
  stateCausedBy: number | null;
  readonly changes: StateChange[];
  /** There is a position to point at: an exit has one from the start, an entry once it fills. */
  hasPosition: boolean;
  isDirty: boolean;
}

/** Finds an order again that was written and forgotten; null where there is none. */
export type Recall = (id: OrderId) => OrderRecord | null;

/** Orders that may still change, and those that changed since they were last written. */
export class OrderRows {
  readonly #runId: RunId;
  readonly #upsert;
  readonly #recall: Recall;
  #records = new Map<OrderId, OrderRecord>();

  constructor(database: Database, runId: RunId, recall: Recall) {
    this.#runId = runId;
    this.#recall = recall;
    this.#upsert = database.prepare(
      `INSERT INTO orders (run_id, order_id, strategy_id, symbol, side, role, type, quantity,
         limit_price, stop_price, trail, time_in_force, expires_at, replaces, reference_price, reason, signal_seq, position_id,
         group_id, requested_seq, requested_ts, requested_caused_by, approved_seq,
         approved_caused_by, state, state_reason, state_seq, state_caused_by, steps)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, order_id) DO UPDATE SET
         position_id = excluded.position_id, approved_seq = excluded.approved_seq,
         approved_caused_by = excluded.approved_caused_by, state = excluded.state,
         state_reason = excluded.state_reason, state_seq = excluded.state_seq,
         state_caused_by = excluded.state_caused_by, steps = excluded.steps`,
    );
  }

  requested({ seq, ts, causedBy, payload }: EngineEvent<'order.requested'>): void {
    this.#records.set(payload.id, {
      order: payload,
      requestedSeq: seq,
      requestedTs: ts,
      requestedCausedBy: causedBy,
      approvedSeq: null,
      approvedCausedBy: null,
      state: 'created',
      stateReason: null,
      stateSeq: seq,
      stateCausedBy: causedBy,
      changes: [],
      hasPosition: payload.role !== 'entry',
      isDirty: true,
    });
  }

  approved(event: EngineEvent<'order.approved'>): void {
    const record = this.#stepped(event.payload.id, event, 'approved', null);
    record.approvedSeq = event.seq;
    record.approvedCausedBy = event.causedBy;
  }

  rejected(event: EngineEvent<'order.rejected'>): void {
    const { order, refusal } = event.payload;
    this.#stepped(order.id, event, 'rejected', refusal.check);
  }

  updated(event: EngineEvent<'order.updated'>): void {
    const { orderId, state, reason } = event.payload;
    this.#stepped(orderId, event, state, reason === '' ? null : reason);
  }

  /** Returns the order that the fill belongs to. */
  filled(event: EngineEvent<'order.filled'>): OrderRequest {
    const { orderId, orderState } = event.payload;
    const record = this.#known(orderId);
    if (isFinal(record.state)) {
      // A final state stays what it is: a fill that comes after it is noted beside it.
      record.changes.push([record.state, event.seq, event.ts, LATE_FILL]);
      record.isDirty = true;
    } else {
      this.#changed(orderId, event, orderState, null);
    }
    record.hasPosition = true;
    return record.order;
  }

  write(): void {
    for (const record of this.#records.values()) if (record.isDirty) this.#upsertRow(record);
  }

  /** Forgets what nothing can happen to any more, once it is committed. */
  committed(): void {
    const open = new Map<OrderId, OrderRecord>();
    for (const [id, record] of this.#records) {
      record.isDirty = false;
      if (!isFinal(record.state)) open.set(id, record);
    }
    this.#records = open;
  }

  #stepped(id: OrderId, step: Step, state: OrderState, reason: string | null): OrderRecord {
    const record = this.#changed(id, step, state, reason);
    record.changes.push([state, step.seq, step.ts, reason]);
    return record;
  }

  #changed(id: OrderId, step: Step, state: OrderState, reason: string | null): OrderRecord {
    const record = this.#known(id);
    record.state = state;
    record.stateReason = reason;
    record.stateSeq = step.seq;
    record.stateCausedBy = step.causedBy;
    record.isDirty = true;
    return record;
  }

  #known(id: OrderId): OrderRecord {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const recalled = present(this.#recall(id), `the request of order ${id}`);
    this.#records.set(id, recalled);
    return recalled;
  }

  #upsertRow(record: OrderRecord): void {
    const { order } = record;
    this.#upsert.run(
      this.#runId,
      order.id,
      order.strategy,
      order.symbol,
      order.side,
      order.role,
      order.type,
      order.quantity.toString(),
      limitPriceOf(order)?.toString() ?? null,
      stopPriceOf(order)?.toString() ?? null,
      trailTextOf(order),
      order.timeInForce,
      order.expiresAt,
      order.replaces,
      order.referencePrice,
      order.reason,
      order.signalSeq,
      record.hasPosition ? order.position : null,
      order.group,
      record.requestedSeq,
      record.requestedTs,
      record.requestedCausedBy,
      record.approvedSeq,
      record.approvedCausedBy,
      record.state,
      record.stateReason,
      record.stateSeq,
      record.stateCausedBy,
      JSON.stringify(record.changes),
    );
  }
}
