import type { Decimal } from '../core/decimal.ts';
import type { OrderId } from '../core/ids.ts';
import type { ApprovedOrder } from '../core/order.ts';

/**
 * How many ended orders are remembered. A venue is read again before it is believed that an order
 * ended; a fill that shows up later still does so within minutes, before as many others have ended.
 */
const REMEMBERED = 64;

/** An order that has ended, with what of it had filled. */
export interface EndedOrder {
  readonly order: ApprovedOrder;
  readonly filled: Decimal;
}

/** The orders that ended last, for fills that come after all. */
export class EndedOrders {
  /** A ring: the oldest gives way. */
  readonly #orders: EndedOrder[];
  #next: number;

  /** The orders given, oldest first. */
  constructor(orders: readonly EndedOrder[]) {
    this.#orders = orders.slice(-REMEMBERED);
    this.#next = this.#orders.length % REMEMBERED;
  }

  add(ended: EndedOrder): void {
    this.#orders[this.#next] = ended;
    this.#next = (this.#next + 1) % REMEMBERED;
  }

  find(id: OrderId): EndedOrder | null {
    return this.#orders.find(({ order }) => order.id === id) ?? null;
  }

  /** Notes that more of an order has filled. */
  fill({ order: { id } }: EndedOrder, filled: Decimal): void {
    const slot = this.#orders.findIndex(({ order }) => order.id === id);
    const ended = this.#orders[slot];
    if (ended !== undefined) this.#orders[slot] = { ...ended, filled };
  }

  /** Oldest first. */
  all(): readonly EndedOrder[] {
    return [...this.#orders.slice(this.#next), ...this.#orders.slice(0, this.#next)];
  }
}
