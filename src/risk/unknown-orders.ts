import type { OrderId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import type { OrderUpdate } from '../core/order.ts';

/** An order of which nobody knows whether the venue has it. */
export interface UnknownOrder {
  readonly orderId: OrderId;
  readonly symbol: SymbolName;
}

/** Orders that were sent, with an outcome that is not known. */
export class UnknownOrders {
  readonly #orders = new OpenItems<OrderId, UnknownOrder>();

  constructor(restored: readonly UnknownOrder[]) {
    for (const order of restored) this.#orders.set(order.orderId, order);
  }

  /** Any word of an order ends the doubt. */
  update({ orderId, state }: OrderUpdate, symbolOf: (id: OrderId) => SymbolName | null): void {
    if (state !== 'unknown') {
      this.#orders.delete(orderId);
      return;
    }
    const symbol = symbolOf(orderId);
    if (symbol !== null) this.#orders.set(orderId, { orderId, symbol });
  }

  /** A fill is word enough. */
  fill({ orderId }: Pick<UnknownOrder, 'orderId'>): void {
    this.#orders.delete(orderId);
  }

  in(symbol: SymbolName): OrderId | null {
    if (this.#orders.size === 0) return null;
    for (const order of this.#orders.values()) {
      if (order.symbol === symbol) return order.orderId;
    }
    return null;
  }

  snapshot(): readonly UnknownOrder[] {
    return [...this.#orders.values()];
  }
}
