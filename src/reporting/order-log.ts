import { Decimal } from '../core/decimal.ts';
import type { EventBus } from '../core/event-bus.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderId } from '../core/ids.ts';
import type { OrderRequest, OrderState } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import { notionalOf } from './fill-costs.ts';

/** What became of one requested order. Money in quote currency. */
export interface OrderRow {
  readonly order: OrderRequest;
  readonly requestedAt: EpochMs;
  readonly state: OrderState;
  readonly filledQuantity: Decimal;
  /** Null before the first fill. */
  readonly averagePrice: Decimal | null;
  readonly fees: Decimal;
  /** Why it was refused, cancelled or rejected; null when it was not. */
  readonly outcome: string | null;
}

/** A fill with the order it belongs to; null when that was not requested in this run. */
export interface FillRow {
  readonly fill: Fill;
  readonly order: OrderRequest | null;
}

interface OrderProgress {
  readonly order: OrderRequest;
  readonly requestedAt: EpochMs;
  state: OrderState;
  filledQuantity: Decimal;
  notional: Decimal;
  fees: Decimal;
  outcome: string | null;
}

/** Keeps every order of a run with its last state, and every fill: for exports only. */
export class OrderLog {
  readonly #orders = new Map<OrderId, OrderProgress>();
  readonly #fills: FillRow[] = [];

  get fills(): readonly FillRow[] {
    return this.#fills;
  }

  /** In the order they were requested. */
  *orders(): Generator<OrderRow> {
    for (const { notional, ...progress } of this.#orders.values()) {
      const { filledQuantity } = progress;
      const averagePrice = filledQuantity.isZero ? null : notional.dividedBy(filledQuantity);
      yield { ...progress, averagePrice };
    }
  }

  subscribe(bus: Pick<EventBus, 'on'>): undefined {
    bus.on('order.requested', ({ ts, payload }) => this.#begin(payload, ts));
    bus.on('order.approved', ({ payload }) => this.#change(payload.id, 'approved', null));
    bus.on('order.rejected', ({ payload: { order, refusal } }) =>
      this.#change(order.id, 'rejected', refusal.message),
    );
    bus.on('order.updated', ({ payload: { orderId, state, reason } }) =>
      this.#change(orderId, state, state === 'submitted' || state === 'accepted' ? null : reason),
    );
    bus.on('order.filled', ({ payload }) => this.#fill(payload));
    return undefined;
  }

  #begin(order: OrderRequest, requestedAt: EpochMs): undefined {
    this.#orders.set(order.id, {
      order,
      requestedAt,
      state: 'created',
      filledQuantity: Decimal.zero,
      notional: Decimal.zero,
      fees: Decimal.zero,
      outcome: null,
    });
    return undefined;
  }

  #change(id: OrderId, state: OrderState, outcome: string | null): undefined {
    const progress = this.#orders.get(id);
    if (progress === undefined) return undefined;
    progress.state = state;
    progress.outcome = outcome;
    return undefined;
  }

  #fill(fill: Fill): undefined {
    const progress = this.#orders.get(fill.orderId);
    this.#fills.push({ fill, order: progress?.order ?? null });
    if (progress === undefined) return undefined;
    // A fill that comes after the end of its order changes nothing of that end.
    if (fill.late === undefined) progress.state = fill.orderState;
    progress.filledQuantity = progress.filledQuantity.plus(fill.quantity);
    progress.notional = progress.notional.plus(notionalOf(fill));
    progress.fees = progress.fees.plus(fill.fee);
    return undefined;
  }
}
