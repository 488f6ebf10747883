import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import type { OrderId, PositionId, StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import type { OrderPricing, OrderRequest } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import type { OpenOrder } from '../ports/portfolio-view.ts';

interface Pending {
  readonly order: OrderRequest;
  filled: Decimal;
  /** Of an order sized at its fill an estimate, never negative. */
  remaining: Decimal;
  /** Funds promised per unit, costs included; zero where the order needs none. */
  readonly cashPerUnit: number;
  readonly requestedAt: EpochMs;
}

const NONE: readonly OrderRequest[] = [];
const NO_OPEN_ORDERS: readonly OpenOrder[] = [];

/** Orders the portfolio asked for and has not seen the end of. */
export class PendingOrders {
  readonly #pending = new OpenItems<OrderId, Pending>();

  add(order: OrderRequest, cashPerUnit: number, requestedAt: EpochMs): void {
    const { quantity } = order;
    const untouched = { filled: Decimal.zero, remaining: quantity };
    this.#pending.set(order.id, { order, ...untouched, cashPerUnit, requestedAt });
  }

  find(id: OrderId): OrderRequest | null {
    return this.#pending.get(id)?.order ?? null;
  }

  applyFill(fill: Fill): void {
    const pending = this.#pending.get(fill.orderId);
    if (pending === undefined) return;
    pending.filled = pending.filled.plus(fill.quantity);
    pending.remaining = pending.order.quantity.minus(pending.filled).max(Decimal.zero);
    if (fill.orderState === 'filled') this.#pending.delete(fill.orderId);
  }

  remove(id: OrderId): void {
    this.#pending.delete(id);
  }

  /** Orders of a strategy in a symbol, in the order they were requested. */
  openOrders(strategy: StrategyId, symbol: SymbolName): readonly OpenOrder[] {
    if (this.#pending.size === 0) return NO_OPEN_ORDERS;
    const open: OpenOrder[] = [];
    for (const pending of this.#pending.values()) {
      const { order } = pending;
      if (order.strategy === strategy && order.symbol === symbol) open.push(openOrder(pending));
    }
    return open;
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

  /** Funds that open entry orders may still take: all of them, or those of one strategy. */
  promisedCash(strategy: StrategyId | null = null): number {
    let sum = 0;
    for (const { order, remaining, cashPerUnit } of this.#pending.values()) {
      if (strategy !== null && order.strategy !== strategy) continue;
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

function openOrder({ order, filled, requestedAt }: Pending): OpenOrder {
  const { id, symbol, side, role, quantity, timeInForce, expiresAt } = order;
  return Object.freeze({
    id,
    symbol,
    side,
    role,
    reduceOnly: role !== 'entry',
    quantity: quantity.max(filled),
    filled,
    timeInForce,
    expiresAt,
    requestedAt,
    ...pricingOf(order),
  });
}

function pricingOf(order: OrderRequest): OrderPricing {
  switch (order.type) {
    case 'market':
      return { type: 'market' };
    case 'limit':
      return { type: 'limit', limitPrice: order.limitPrice };
    case 'stop':
      return { type: 'stop', stopPrice: order.stopPrice };
    case 'stop_limit':
      return { type: 'stop_limit', stopPrice: order.stopPrice, limitPrice: order.limitPrice };
    case 'trailing_stop':
      return { type: 'trailing_stop', stopPrice: order.stopPrice, trail: order.trail };
  }
}
