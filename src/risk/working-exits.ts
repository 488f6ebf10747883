import type { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import { type ExitOrder, isFinal, type OrderUpdate } from '../core/order.ts';
import type { Position } from '../core/position.ts';

/** An exit with what of it may still fill. */
export interface WorkingExit {
  readonly order: ExitOrder;
  readonly remaining: Decimal;
}

type Working = { -readonly [Key in keyof WorkingExit]: WorkingExit[Key] };

/** The approved orders that close positions and have not come to their end. */
export class WorkingExits {
  readonly #orders = new OpenItems<OrderId, Working>();

  constructor(restored: readonly WorkingExit[] = []) {
    for (const working of restored) this.#orders.set(working.order.id, { ...working });
  }

  add(order: ExitOrder): void {
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

  symbolOf(id: OrderId): SymbolName | null {
    return this.#orders.get(id)?.order.symbol ?? null;
  }

  snapshot(): readonly WorkingExit[] {
    return Array.from(this.#orders.values(), (working) => ({ ...working }));
  }

  /**
   * True where a market order is for all that can be sold: what is held in whole lots. One that
   * waits for a price may never fill.
   */
  close({ id, quantity }: Pick<Position, 'id' | 'quantity'>, lotStep: Decimal): boolean {
    const sellable = quantity.toStep(lotStep, 'down');
    for (const { order, remaining } of this.#orders.values()) {
      if (order.type !== 'market') continue;
      if (order.position === id && !remaining.lessThan(sellable)) return true;
    }
    return false;
  }
}
