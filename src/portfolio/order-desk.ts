import type { Decimal } from '../core/decimal.ts';
import type { Publish } from '../core/event-bus.ts';
import {
  exitGroupOf,
  orderId,
  positionId,
  type OrderGroupId,
  type OrderId,
  type PositionId,
} from '../core/ids.ts';
import type { EntryOrder, ExitOrder, OrderPricing, TimeInForce } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { EntrySignal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { EntryPlan } from './entry-planner.ts';
import type { AwaitedReplacement, PendingOrder, PendingOrders } from './pending-orders.ts';

interface OrderDeskOptions {
  readonly request: Publish<'order.requested'>;
  readonly cancel: Publish<'order.cancel-requested'>;
  /** Told of a replacement that will not follow. */
  readonly dropped: (replacement: AwaitedReplacement) => void;
  readonly pending: PendingOrders;
  /** Time of the last mark. */
  readonly now: () => EpochMs;
  readonly restored: DeskSnapshot | null;
}

/** How many ids were given out. */
export interface DeskSnapshot {
  readonly orders: number;
  readonly positions: number;
}

interface NewEntry {
  readonly signal: EntrySignal;
  readonly signalSeq: number;
  readonly plan: EntryPlan;
  /** Null for a position of its own. */
  readonly position: PositionId | null;
  readonly group: OrderGroupId | null;
}

interface NewExit {
  readonly role: ExitOrder['role'];
  readonly pricing: OrderPricing;
  readonly quantity: Decimal;
  readonly reason: string;
  readonly signalSeq: number;
  readonly referencePrice: number;
  readonly timeInForce?: TimeInForce;
  readonly expiresAt?: EpochMs | null;
  readonly replaces?: OrderId;
}

/** Writes order requests and cancellations: numbers orders and keeps track of them. */
export class OrderDesk {
  readonly #options: OrderDeskOptions;
  #orders: number;
  #positions: number;

  constructor(options: OrderDeskOptions) {
    this.#options = options;
    this.#orders = options.restored?.orders ?? 0;
    this.#positions = options.restored?.positions ?? 0;
  }

  snapshot(): DeskSnapshot {
    return { orders: this.#orders, positions: this.#positions };
  }

  enter({ signal, signalSeq, plan, position, group }: NewEntry): void {
    const { strategy, symbol, side, price, reason, terms } = signal;
    const order: EntryOrder = {
      id: this.#nextId(),
      strategy,
      symbol,
      side,
      quantity: plan.quantity,
      timeInForce: terms.timeInForce ?? 'gtc',
      expiresAt: terms.expiresAt,
      replaces: null,
      sizedAtFill: plan.sizedAtFill,
      position: position ?? positionId(++this.#positions),
      signalSeq,
      referencePrice: price,
      reason,
      role: 'entry',
      group,
      protection: plan.protection,
      ...plan.pricing,
    };
    const { cashPerUnit } = plan;
    this.#place(order, { cashPerUnit, hasLifetime: terms.timeInForce === null, origin: order.id });
  }

  exit(position: Position, exit: NewExit): void {
    const { pricing, timeInForce = 'gtc', expiresAt = null, ...rest } = exit;
    const order: ExitOrder = {
      replaces: null,
      ...rest,
      id: this.#nextId(),
      strategy: position.strategy,
      symbol: position.symbol,
      side: position.side === 'long' ? 'sell' : 'buy',
      timeInForce,
      expiresAt,
      position: position.id,
      group: exitGroupOf(position.id),
      ...pricing,
    };
    this.#place(order, { cashPerUnit: 0, hasLifetime: false, origin: order.id });
  }

  /** The same exit for another quantity, as a new order. */
  resize(order: ExitOrder, quantity: Decimal): void {
    const id = this.#nextId();
    this.#place({ ...order, id, quantity }, { cashPerUnit: 0, hasLifetime: false, origin: id });
  }

  /** An entry in the place of one that is final. */
  reenter(
    ended: PendingOrder<EntryOrder>,
    changed: Pick<
      EntryOrder,
      'quantity' | 'protection' | 'sizedAtFill' | 'signalSeq' | 'referencePrice' | 'reason'
    >,
    terms: { readonly pricing: OrderPricing; readonly cashPerUnit: number },
  ): void {
    const { order, hasLifetime, origin } = ended;
    this.#place(
      { ...order, ...changed, ...terms.pricing, id: this.#nextId(), replaces: order.id },
      { cashPerUnit: terms.cashPerUnit, hasLifetime, origin },
    );
  }

  /** Takes an order back; a replacement follows once its end is known. */
  cancel(
    { order, replacement }: PendingOrder,
    reason: string,
    next: AwaitedReplacement | null = null,
  ): void {
    this.#options.pending.leave(order.id, next);
    if (replacement !== null) this.#options.dropped(replacement);
    this.#options.cancel({ orderId: order.id, reason });
  }

  #place(
    order: EntryOrder | ExitOrder,
    tracking: {
      readonly cashPerUnit: number;
      readonly hasLifetime: boolean;
      readonly origin: OrderId;
    },
  ): void {
    this.#options.pending.add(order, { ...tracking, requestedAt: this.#options.now() });
    this.#options.request(order);
  }

  #nextId(): OrderId {
    return orderId(++this.#orders);
  }
}
