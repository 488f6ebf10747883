import type { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderId } from '../core/ids.ts';
import { OpenItems } from '../core/open-items.ts';
import { type ExitOrder, isFinal, type OrderUpdate } from '../core/order.ts';
import type { Position } from '../core/position.ts';

interface WorkingExit {
  readonly order: ExitOrder;
  remaining: Decimal;
}

/** The approved market orders that close positions and have not come to their end. */
export class WorkingExits {
  readonly #orders = new OpenItems<OrderId, WorkingExit>();

  /** Exits that wait for a price are not among them: they may never fill. */
  add(order: ExitOrder): void {
    if (order.type !== 'market') return;
    this.#orders.set(order.id, { order, remaining: order.quantity });
  }

  fill({ orderId, quantity, orderState }: Fill): void {
    const working = this.#orders.get(orderId);
    if (working === undefined) return;
    working.remaining = working.remaining.minus(quantity);
    if (orderState === 'filled') this.#orders.delete(orderId);
  }

  update({ orderId, state }: OrderUpdate): void {
    if (isFinal(state)) this.#orders.delete(orderId);
  }

  /** True where one of them is for all that can be sold: what is held in whole lots. */
  close({ id, quantity }: Pick<Position, 'id' | 'quantity'>, lotStep: Decimal): boolean {
    const sellable = quantity.toStep(lotStep, 'down');
    for (const { order, remaining } of this.#orders.values()) {
      if (order.position === id && !remaining.lessThan(sellable)) return true;
    }
    return false;
  }
}
