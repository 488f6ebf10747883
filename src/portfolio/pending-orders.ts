import type { Slice } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';
import {
  rootOf,
  type OrderGroupId,
  type OrderId,
  type PositionId,
  type StrategyId,
} from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import { OpenItems } from '../core/open-items.ts';
import type { EntryOrder, OrderRequest } from '../core/order.ts';
import type { ReplaceSignal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { OpenOrder } from '../ports/portfolio-view.ts';
import { openOrder } from './open-order.ts';

/** An open order, and whose it is. */
export type OwnedOrder = OpenOrder & { readonly strategy: StrategyId };

/** A wish to have another order in the place of one whose end is awaited. */
export interface AwaitedReplacement {
  readonly signal: ReplaceSignal;
  readonly signalSeq: number;
}

interface OrderTracking {
  /** Funds promised per unit, costs included; zero where the order needs none. */
  readonly cashPerUnit: number;
  readonly requestedAt: EpochMs;
  /** An entry that is cancelled after `execution.entry_bars`. */
  readonly hasLifetime: boolean;
  /** The first of the orders that took one another's place, this one included. */
  readonly origin: OrderId;
}

export interface PendingOrder<Order extends OrderRequest = OrderRequest> extends OrderTracking {
  readonly order: Order;
  readonly filled: Decimal;
  /** Of an order sized at its fill an estimate, never negative. */
  readonly remaining: Decimal;
  /** Its cancellation was asked for. */
  readonly isLeaving: boolean;
  /** What follows once the cancellation is known. */
  readonly replacement: AwaitedReplacement | null;
}

interface TrackedOrder extends PendingOrder {
  /** Of its symbol, since it was asked for. */
  readonly barsSeen: number;
}

type Pending = { -readonly [Key in keyof TrackedOrder]: TrackedOrder[Key] };

/** The orders to go on with. */
export interface PendingSnapshot {
  /** In the order they were requested. */
  readonly orders: readonly TrackedOrder[];
  readonly ended: readonly PositionId[];
}

/** As many as there are ended orders that a late fill is taken of. */
const ENDED_REMEMBERED = 64;

const NONE: readonly PendingOrder[] = [];
const NO_ENTRIES: readonly PendingOrder<EntryOrder>[] = [];
const NO_OPEN_ORDERS: readonly OpenOrder[] = [];

/** Orders the portfolio asked for and has not seen the end of. */
export class PendingOrders {
  readonly #pending = new OpenItems<OrderId, Pending>();
  /** Positions that came to nothing: those that entries wait for, and the latest others. */
  #ended: readonly PositionId[];

  constructor(restored: PendingSnapshot | null = null) {
    this.#ended = restored?.ended ?? [];
    for (const each of restored?.orders ?? []) this.#pending.set(each.order.id, { ...each });
  }

  snapshot(): PendingSnapshot {
    const orders = Array.from(this.#pending.values(), (pending) => ({ ...pending }));
    return { orders, ended: this.#ended };
  }

  add(order: OrderRequest, tracking: OrderTracking): void {
    const { quantity: remaining } = order;
    this.#pending.set(order.id, {
      ...tracking,
      order,
      filled: Decimal.zero,
      remaining,
      barsSeen: 0,
      isLeaving: false,
      replacement: null,
    });
  }

  find(id: OrderId): PendingOrder | null {
    return this.#pending.get(id) ?? null;
  }

  applyFill(fill: Fill): void {
    const pending = this.#pending.get(fill.orderId);
    if (pending === undefined) return;
    pending.filled = pending.filled.plus(fill.quantity);
    pending.remaining = pending.order.quantity.minus(pending.filled).max(Decimal.zero);
    if (fill.orderState === 'filled') this.#pending.delete(fill.orderId);
  }

  /** Notes that the end of an order was asked for, and what is to follow it. */
  leave(id: OrderId, replacement: AwaitedReplacement | null): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    pending.isLeaving = true;
    pending.replacement = replacement;
  }

  remove(id: OrderId): void {
    this.#pending.delete(id);
  }

  /** Orders of a strategy in a symbol, in the order they were requested. */
  openOrders(strategy: StrategyId, symbol: SymbolName): readonly OpenOrder[] {
    if (this.#pending.size === 0) return NO_OPEN_ORDERS;
    let open: OpenOrder[] | null = null;
    for (const pending of this.#pending.values()) {
      const { order } = pending;
      if (order.strategy !== strategy || order.symbol !== symbol) continue;
      open ??= [];
      open.push(openOrder(pending));
    }
    return open ?? NO_OPEN_ORDERS;
  }

  /** Orders of all strategies, in the order they were requested. */
  allOpenOrders(): readonly OwnedOrder[] {
    return this.all().map((each) => ({ ...openOrder(each), strategy: each.order.strategy }));
  }

  /** Entries of a strategy in a symbol that are to stay, or whose place another is to take. */
  entriesOf(strategy: StrategyId, symbol: SymbolName): readonly PendingOrder<EntryOrder>[] {
    if (this.#pending.size === 0) return NO_ENTRIES;
    return this.#entries(
      ({ order, isLeaving, replacement }) =>
        order.strategy === strategy &&
        order.symbol === symbol &&
        (!isLeaving || replacement !== null),
    );
  }

  /** Orders of a position, entries and exits, in the order they were requested. */
  ofPosition(position: PositionId): readonly PendingOrder[] {
    const root = rootOf(position);
    return this.#select(
      ({ order }) =>
        order.position === position || (order.role === 'entry' && rootOf(order.position) === root),
    );
  }

  /** Notes that a position holds nothing any more: what its entries still buy is another one. */
  end(position: PositionId): void {
    const root = rootOf(position);
    const waiting = new Set(this.entries().map(({ order }) => rootOf(order.position)));
    const recent = this.#ended.length - ENDED_REMEMBERED + 1;
    const kept = this.#ended.filter(
      (each, index) => each !== root && (index >= recent || waiting.has(each)),
    );
    this.#ended = [...kept, root];
  }

  /** Whether a position of that name has ended, as far as an order for it may still fill. */
  hasEnded(position: PositionId): boolean {
    return this.#ended.length > 0 && this.#ended.includes(rootOf(position));
  }

  /** Takes note of a slice: what waits in one of its symbols has seen one bar more. */
  see({ bars }: Slice): void {
    if (this.#pending.size === 0) return;
    for (const pending of this.#pending.values()) {
      if (bars.some(({ symbol }) => symbol === pending.order.symbol)) pending.barsSeen++;
    }
  }

  /** Entries with a lifetime that have seen so many bars of their symbol, or more. */
  entriesAfter(bars: number): readonly PendingOrder<EntryOrder>[] {
    if (this.#pending.size === 0) return NO_ENTRIES;
    return this.#entries(({ hasLifetime, barsSeen }) => hasLifetime && barsSeen >= bars);
  }

  entries(): readonly PendingOrder<EntryOrder>[] {
    return this.#entries(() => true);
  }

  all(): readonly PendingOrder[] {
    return this.#select(() => true);
  }

  /**
   * Funds that open entry orders may still take, all of them or those of one strategy, but for those
   * of the group given: one order of a group fills at most, so a group counts with the most expensive
   * of them.
   */
  promisedCash(except: OrderGroupId | null, strategy: StrategyId | null = null): number {
    let sum = 0;
    let groups: Map<OrderGroupId, number> | null = null;
    for (const pending of this.#pending.values()) {
      if (!takesFunds(pending, strategy)) continue;
      const cash = pending.remaining.toNumber() * pending.cashPerUnit;
      const { group } = pending.order;
      if (group === null) sum += cash;
      else if (group !== except) {
        groups ??= new Map();
        groups.set(group, Math.max(cash, groups.get(group) ?? 0));
      }
    }
    if (groups !== null) for (const cash of groups.values()) sum += cash;
    return sum;
  }

  #entries(wanted: (pending: Pending) => boolean): readonly PendingOrder<EntryOrder>[] {
    let entries: PendingOrder<EntryOrder>[] | null = null;
    for (const pending of this.#pending.values()) {
      if (!isEntry(pending) || !wanted(pending)) continue;
      entries ??= [];
      entries.push(pending);
    }
    return entries ?? NO_ENTRIES;
  }

  #select(wanted: (pending: Pending) => boolean): readonly PendingOrder[] {
    if (this.#pending.size === 0) return NONE;
    const orders: PendingOrder[] = [];
    for (const pending of this.#pending.values()) if (wanted(pending)) orders.push(pending);
    return orders;
  }
}

/** Whether an order of that strategy, or of any, may still take funds. */
function takesFunds(
  { order, cashPerUnit, isLeaving }: PendingOrder,
  strategy: StrategyId | null,
): boolean {
  if (isLeaving || cashPerUnit === 0) return false;
  return strategy === null || order.strategy === strategy;
}

/** True for an order that opens a position or adds to one. */
export function isEntry(pending: PendingOrder): pending is PendingOrder<EntryOrder> {
  return pending.order.role === 'entry';
}
