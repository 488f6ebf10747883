import type { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderGroupId, OrderId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import { type EntryOrder, isFinal, type OrderUpdate } from '../core/order.ts';
import { worstPrice } from './entry-value.ts';
import type { Exposure } from './exposure.ts';

/** An entry with what of it may still fill. */
export interface WorkingOrder {
  readonly order: EntryOrder;
  readonly remaining: Decimal;
  /** Its cancellation was asked for. */
  readonly isLeaving: boolean;
}

type Working = { -readonly [Key in keyof WorkingOrder]: WorkingOrder[Key] };

type Judged = Pick<EntryOrder, 'strategy' | 'symbol' | 'group'>;

/**
 * The approved entries that may still fill. An order whose outcome is unknown stays in the book:
 * it may yet turn out to have filled.
 */
export class WorkingOrders {
  readonly #orders = new OpenItems<OrderId, Working>();

  constructor(restored: readonly WorkingOrder[] = []) {
    for (const working of restored) this.#orders.set(working.order.id, { ...working });
  }

  add(order: EntryOrder): void {
    this.#orders.set(order.id, { order, remaining: order.quantity, isLeaving: false });
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

  symbolOf(id: OrderId): SymbolName | null {
    return this.#orders.get(id)?.order.symbol ?? null;
  }

  snapshot(): readonly WorkingOrder[] {
    return Array.from(this.#orders.values(), (working) => ({ ...working }));
  }

  /** Notes that an order is to end; until it has, it counts. */
  leave(id: OrderId): void {
    const working = this.#orders.get(id);
    if (working !== undefined) working.isLeaving = true;
  }

  /**
   * The unfilled part of every order, at the price it was approved at. One order of a group fills at
   * most: a group counts with the largest of them. Of what stands beside the entry that is judged,
   * its own group does not count, nor do orders of its strategy in its symbol that are to end: their
   * cancellation goes out before the entry does.
   */
  exposures(entry: Judged | null = null): readonly Exposure[] {
    const exposures: Exposure[] = [];
    let groups: Map<OrderGroupId, Exposure> | null = null;
    for (const { order, remaining, isLeaving } of this.#orders.values()) {
      if (isLeaving && isOfSame(order, entry)) continue;
      const { strategy, symbol, group } = order;
      const value = remaining.toNumber() * worstPrice(order);
      const exposure = { strategy, symbol, value };
      if (group === null) exposures.push(exposure);
      else if (group !== entry?.group) {
        groups ??= new Map();
        const largest = groups.get(group);
        if (largest === undefined || !(value <= largest.value)) groups.set(group, exposure);
      }
    }
    return groups === null ? exposures : [...exposures, ...groups.values()];
  }
}

function isOfSame({ strategy, symbol }: EntryOrder, entry: Judged | null): boolean {
  return entry !== null && entry.strategy === strategy && entry.symbol === symbol;
}
