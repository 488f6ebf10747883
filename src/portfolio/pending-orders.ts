import type { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderId, PositionId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import type { OrderRequest } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';

interface Pending {
  readonly order: OrderRequest;
  remaining: Decimal;
  /** Cash promised per unit, costs included; zero where the order needs none. */
  readonly cashPerUnit: number;
  readonly requestedAt: EpochMs;
}

const NONE: readonly OrderRequest[] = [];

/** Orders the portfolio asked for and has not seen the end of. */
export class PendingOrders {
  readonly #pending = new OpenItems<OrderId, Pending>();

  add(order: OrderRequest, cashPerUnit: number, requestedAt: EpochMs): void {
    this.#pending.set(order.id, { order, remaining: order.quantity, cashPerUnit, requestedAt });
  }

  find(id: OrderId): OrderRequest | null {
    return this.#pending.get(id)?.order ?? null;
  }

  applyFill(fill: Fill): void {
    const pending = this.#pending.get(fill.orderId);
    if (pending === undefined) return;
    pending.remaining = pending.remaining.minus(fill.quantity);
    if (fill.orderState === 'filled') this.#pending.delete(fill.orderId);
  }

  remove(id: OrderId): void {
    this.#pending.delete(id);
  }

  entryFor(strategy: StrategyId, symbol: SymbolName): OrderRequest | null {
    for (const { order } of this.#pending.values()) {
      if (order.role === 'entry' && order.strategy === strategy && order.symbol === symbol) {
        return order;
      }
    }
    return null;
  }

  exitFor(position: PositionId): OrderRequest | null {
    for (const { order } of this.#pending.values()) {
      if (order.role === 'exit' && order.position === position) return order;
    }
    return null;
  }

  /** Orders of a position, entries and exits, in the order they were requested. */
  ofPosition(position: PositionId): readonly OrderRequest[] {
    return this.#select((order) => order.position === position);
  }

  /** Entries requested at that time or before. */
  entriesFrom(time: EpochMs): readonly OrderRequest[] {
    if (this.#pending.size === 0) return NONE;
    return [...this.#pending.values()]
      .filter(({ order, requestedAt }) => order.role === 'entry' && requestedAt <= time)
      .map(({ order }) => order);
  }

  entries(): readonly OrderRequest[] {
    return this.#select((order) => order.role === 'entry');
  }

  all(): readonly OrderRequest[] {
    return this.#select(() => true);
  }

  /** Cash that open entry orders may still take. */
  promisedCash(): number {
    let sum = 0;
    for (const { remaining, cashPerUnit } of this.#pending.values()) {
      sum += remaining.toNumber() * cashPerUnit;
    }
    return sum;
  }

  #select(wanted: (order: OrderRequest) => boolean): readonly OrderRequest[] {
    const orders: OrderRequest[] = [];
    for (const { order } of this.#pending.values()) if (wanted(order)) orders.push(order);
    return orders;
  }
}
