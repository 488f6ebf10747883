import { invariant } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import { InvariantError } from '../core/errors.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { AccountCheck } from '../core/account-check.ts';
import type { FeeCorrection, Fill } from '../core/fill.ts';
import type { FinancingCharge } from '../core/financing.ts';
import type { OrderId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import {
  isFinal,
  transition,
  type ApprovedOrder,
  type CancelRequest,
  type OrderState,
  type OrderUpdate,
} from '../core/order.ts';
import type { AccountReports, Venue } from '../ports/venue.ts';

interface ExecutorOptions {
  readonly bus: Pick<EventBus, 'on' | 'publisher'>;
  readonly venue: Venue;
}

interface TrackedOrder {
  readonly order: ApprovedOrder;
  state: OrderState;
  filled: Decimal;
}

/**
 * Stands between the bus and one venue: hands on approved orders and cancellations, and publishes
 * what the venue reports. Never sees a request that risk did not approve. A report that breaks the
 * order's life cycle, or fills more than was ordered, is an `InvariantError`.
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
  readonly #overtaken = new Map<OrderId, string>();

  constructor({ bus, venue }: ExecutorOptions) {
    this.#venue = venue;
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
    const tracked = this.#tracked(fill.orderId);
    const filled = tracked.filled.plus(fill.quantity);
    if (!isConsistent(fill, tracked.order, filled)) throw badFill(fill, tracked.order, filled);
    tracked.filled = filled;
    this.#advance(tracked, fill.orderState);
    this.#fill(fill);
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
    this.#venue.submit(order);
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
    throw new InvariantError(`an open order was expected in a report of the venue, was "${id}"`);
  }

  #advance(tracked: TrackedOrder, to: OrderState): void {
    tracked.state = transition(tracked.state, to, tracked.order.id);
    if (isFinal(to)) this.#open.delete(tracked.order.id);
  }
}

/**
 * An exit is complete with less than its quantity once another of its group took its share. What an
 * order sized at its fill is for, the venue alone knows.
 */
function isConsistent(fill: Fill, order: ApprovedOrder, filled: Decimal): boolean {
  const { quantity, role } = order;
  if (!fill.quantity.isPositive) return false;
  if (order.role === 'entry' && order.sizedAtFill !== null) return true;
  if (filled.greaterThan(quantity)) return false;
  const complete = filled.equals(quantity);
  return fill.orderState === 'filled' ? complete || role !== 'entry' : !complete;
}

function badFill(fill: Fill, { id, quantity }: ApprovedOrder, filled: Decimal): InvariantError {
  return new InvariantError(
    `fills of at most "${quantity.toString()}" were expected for order ${id}, was ` +
      `"${filled.toString()}" and ${fill.orderState} with ${fill.tradeId} of ` +
      `"${fill.quantity.toString()}"`,
  );
}
