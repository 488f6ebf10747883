import type { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import { type EntryOrder, isFinal, type OrderUpdate } from '../core/order.ts';
import { worstPrice } from './entry-value.ts';
import type { Exposure } from './exposure.ts';

interface WorkingOrder {
  readonly order: EntryOrder;
  remaining: Decimal;
}

/**
 * The approved entries that may still fill. An order whose outcome is unknown stays in the book:
 * it may yet turn out to have filled.
 */
export class WorkingOrders {
  readonly #orders = new OpenItems<OrderId, WorkingOrder>();

  add(order: EntryOrder): void {
    this.#orders.set(order.id, { order, remaining: order.quantity });
  }

  /** What filled is a position from now on. Fills of exits, which are not in the book, pass. */
  fill({ orderId, quantity, orderState }: Fill): void {
    const working = this.#orders.get(orderId);
    if (working === undefined) return;
    working.remaining = working.remaining.minus(quantity);
    if (orderState === 'filled' || !working.remaining.isPositive) this.#orders.delete(orderId);
  }

  update({ orderId, state }: OrderUpdate): void {
    if (isFinal(state)) this.#orders.delete(orderId);
  }

  /** The unfilled part of every order, at the price it was approved at. */
  exposures(): readonly Exposure[] {
    return Array.from(this.#orders.values(), ({ order, remaining }) => ({
      strategy: order.strategy,
      symbol: order.symbol,
      value: remaining.toNumber() * worstPrice(order),
    }));
  }
}
