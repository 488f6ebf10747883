import { invariant } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import { InvariantError } from '../core/errors.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { AccountCheck } from '../core/account-check.ts';
import type { FeeCorrection, Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import { exitGroupOf, rootOf, type OrderId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import {
  isFinal,
  sizedAtFillOf,
  transition,
  type ApprovedOrder,
  type CancelRequest,
  type OrderState,
  type OrderUpdate,
} from '../core/order.ts';
import type { AccountReports, Venue } from '../ports/venue.ts';
import { EndedOrders, type EndedOrder } from './ended-orders.ts';

interface ExecutorOptions {
  readonly bus: Pick<EventBus, 'on' | 'publisher'>;
  readonly venue: Venue;
  readonly restored?: ExecutorSnapshot | null | undefined;
}

interface TrackedOrder {
  readonly order: ApprovedOrder;
  state: OrderState;
  filled: Decimal;
}

/** The orders to go on with. */
export interface ExecutorSnapshot {
  readonly open: readonly Readonly<TrackedOrder>[];
  /** Oldest first. */
  readonly ended: readonly EndedOrder[];
  readonly overtaken: readonly (readonly [order: OrderId, reason: string])[];
}

/**
 * Stands between the bus and one venue: hands on approved orders and cancellations, and publishes
 * what the venue reports. Never sees a request that risk did not approve. A report that breaks the
 * order's life cycle is an `InvariantError`.
 *
 * A fill is a fact: one that comes after its order's end was known is published as late, and changes
 * nothing of that end; one that is more than was ordered is published with its excess. Only a fill
 * of an order nobody remembers is an `InvariantError`.
 */
export class Executor implements AccountReports {
  readonly #venue: Venue;
  readonly #update: Publish<'order.updated'>;
  readonly #fill: Publish<'order.filled'>;
  readonly #charge: Publish<'financing.charged'>;
  readonly #correctFee: Publish<'fee.corrected'>;
  readonly #check: Publish<'account.checked'>;
  /** Orders that are not final. */
  readonly #open = new OpenItems<OrderId, TrackedOrder>();
  /** Cancellations that overtook the approval of their order, with their reasons. */
  readonly #overtaken: Map<OrderId, string>;
  readonly #ended: EndedOrders;

  constructor({ bus, venue, restored = null }: ExecutorOptions) {
    this.#venue = venue;
    this.#overtaken = new Map(restored?.overtaken);
    this.#ended = new EndedOrders(restored?.ended ?? []);
    for (const each of restored?.open ?? []) this.#open.set(each.order.id, { ...each });
    this.#update = bus.publisher('order.updated');
    this.#fill = bus.publisher('order.filled');
    this.#charge = bus.publisher('financing.charged');
    this.#correctFee = bus.publisher('fee.corrected');
    this.#check = bus.publisher('account.checked');
    venue.connect(this);
    bus.on('order.approved', ({ payload }) => this.#submit(payload));
    bus.on('order.cancel-requested', ({ payload }) => this.#cancel(payload));
    bus.on('bar.arrived', ({ payload }) => {
      venue.observe(payload);
    });
    bus.on('quote.arrived', ({ payload }) => {
      venue.quote(payload);
    });
    bus.on('slice.closed', () => this.#settle());
  }

  updated(update: OrderUpdate): void {
    this.#advance(this.#tracked(update.orderId), update.state);
    this.#update(update);
  }

  filled(fill: Fill): void {
    const tracked = this.#open.get(fill.orderId);
    if (tracked === undefined) return this.#filledLate(fill);
    const filled = tracked.filled.plus(fill.quantity);
    if (!isConsistent(fill, tracked.order, filled)) throw badFill(fill, tracked.order, filled);
    const excess = excessOf(fill, tracked.order, filled);
    tracked.filled = filled;
    this.#advance(tracked, fill.orderState);
    this.#fill(excess === null ? fill : { ...fill, excess });
  }

  charged(charge: FinancingCharge): void {
    this.#charge(charge);
  }

  feeCorrected(correction: FeeCorrection): void {
    this.#correctFee(correction);
  }

  accountChecked(check: AccountCheck): void {
    this.#check(check);
  }

  snapshot(): ExecutorSnapshot {
    return {
      open: Array.from(this.#open.values(), (tracked) => ({ ...tracked })),
      ended: this.#ended.all(),
      overtaken: [...this.#overtaken],
    };
  }

  #filledLate(fill: Fill): void {
    const ended = this.#ended.find(fill.orderId);
    if (ended === null) {
      // Forgotten here, after so many others; the venue that executed it still knows what it was.
      if (fill.late === undefined || !fill.quantity.isPositive) throw unknownOrder(fill.orderId);
      return this.#fill(fill);
    }
    const { order } = ended;
    const filled = ended.filled.plus(fill.quantity);
    if (!fill.quantity.isPositive) throw badFill(fill, order, filled);
    this.#ended.fill(ended, filled);
    const excess = excessOf(fill, order, filled);
    this.#fill({ ...fill, late: order, ...(excess === null ? {} : { excess }) });
  }

  #submit(order: ApprovedOrder): undefined {
    invariant(!this.#open.has(order.id), `order ${order.id} must be approved once`);
    const tracked: TrackedOrder = { order, state: 'approved', filled: Decimal.zero };
    this.#open.set(order.id, tracked);
    const canceled = this.#overtaken.get(order.id);
    if (canceled !== undefined) {
      this.#overtaken.delete(order.id);
      this.updated({ orderId: order.id, state: 'canceled', reason: canceled });
      return;
    }
    this.updated({ orderId: order.id, state: 'submitted', reason: order.reason });
    this.#venue.submit(asVenuesName(order));
  }

  /**
   * A cancellation may meet an order that is final already: nothing is left to do. Or one whose
   * approval still waits in the queue: then it must not be sent.
   */
  #cancel({ orderId, reason }: CancelRequest): undefined {
    if (this.#open.has(orderId)) this.#venue.cancel(orderId, reason);
    else this.#overtaken.set(orderId, reason);
  }

  /** The queue of earlier inputs is empty by now: no approval they led to is still to come. */
  #settle(): undefined {
    if (this.#overtaken.size > 0) this.#overtaken.clear();
    this.#venue.settle();
  }

  #tracked(id: OrderId): TrackedOrder {
    const tracked = this.#open.get(id);
    if (tracked !== undefined) return tracked;
    throw unknownOrder(id);
  }

  #advance(tracked: TrackedOrder, to: OrderState): void {
    tracked.state = transition(tracked.state, to, tracked.order.id);
    if (!isFinal(to)) return;
    const { order, filled } = tracked;
    this.#open.delete(order.id);
    this.#ended.add({ order, filled });
  }
}

/** A venue knows the positions that succeed one another by the first one's name alone. */
function asVenuesName(order: ApprovedOrder): ApprovedOrder {
  const position = rootOf(order.position);
  if (position === order.position) return order;
  return order.role === 'entry'
    ? { ...order, position }
    : { ...order, position, group: exitGroupOf(position) };
}

/**
 * An exit is complete with less than its quantity once another of its group took its share. What an
 * order sized at its fill is for, the venue alone knows. More than was ordered is no order's business.
 */
function isConsistent(fill: Fill, order: ApprovedOrder, filled: Decimal): boolean {
  const { quantity, role } = order;
  if (!fill.quantity.isPositive) return false;
  if (sizedAtFillOf(order) !== null) return true;
  if (filled.greaterThan(quantity)) return true;
  const isComplete = filled.equals(quantity);
  return fill.orderState === 'filled' ? isComplete || role !== 'entry' : !isComplete;
}

/** What of a fill lies beyond what was ordered; null where nothing does. */
function excessOf(fill: Fill, order: ApprovedOrder, filled: Decimal): Decimal | null {
  if (sizedAtFillOf(order) !== null) return null;
  const beyond = filled.minus(order.quantity);
  return beyond.isPositive ? beyond.min(fill.quantity) : null;
}

function unknownOrder(id: OrderId): InvariantError {
  return new InvariantError(`an open order was expected in a report of the venue, was "${id}"`);
}

function badFill(fill: Fill, { id, quantity }: ApprovedOrder, filled: Decimal): InvariantError {
  return new InvariantError(
    `fills of at most "${quantity.toString()}" were expected for order ${id}, was ` +
      `"${filled.toString()}" and ${fill.orderState} with ${fill.tradeId} of ` +
      `"${fill.quantity.toString()}"`,
  );
}
