import { entryGroupOf, type OrderGroupId } from '../core/ids.ts';
import type { EntryOrder } from '../core/order.ts';
import type { Position } from '../core/position.ts';
import type { EntrySignal, IgnoreReason } from '../core/signal.ts';
import type { AccountFunds } from './account-funds.ts';
import { planEntry } from './entry-planner.ts';
import type { ExitHandler } from './exit-handler.ts';
import type { Holdings } from './holdings.ts';
import type { OrderDesk } from './order-desk.ts';
import type { PendingOrder, PendingOrders } from './pending-orders.ts';
import type { PortfolioSettings } from './portfolio-settings.ts';
import type { ProtectionHandler } from './protection-handler.ts';

interface EntryHandlerOptions {
  readonly settings: PortfolioSettings;
  readonly funds: AccountFunds;
  readonly desk: OrderDesk;
  readonly pending: PendingOrders;
  readonly holdings: Holdings;
  readonly exits: ExitHandler;
  readonly protections: ProtectionHandler;
}

type PendingEntry = PendingOrder<EntryOrder>;

/** What an entry is an addition to. */
interface Standing {
  readonly standing: Position | null;
  readonly entries: readonly PendingEntry[];
}

/** Turns wishes to hold a position into entry orders, or says why there is none. */
export class EntryHandler {
  readonly #options: EntryHandlerOptions;

  constructor(options: EntryHandlerOptions) {
    this.#options = options;
  }

  answer(signal: EntrySignal, signalSeq: number): IgnoreReason | null {
    const { strategy, symbol } = signal;
    const standing = this.#options.holdings.standing(strategy, symbol);
    if (standing !== null && !isSameWay(standing, signal)) return this.#oppose(signal, signalSeq);
    if (standing === null && this.#isHeldUpByDust(signal)) {
      return this.#options.exits.leave(signal, signalSeq);
    }
    const entries = this.#standAside(signal, standing);
    if (entries === null) return 'order-pending';
    const group = groupOf(signal);
    if (this.#isFull(entries, standing, group)) {
      return standing === null ? 'order-pending' : 'position-open';
    }
    return this.#enter(signal, signalSeq, { standing, entries });
  }

  /** Against the position held: out of it, and where it is so configured in the other way. */
  #oppose(signal: EntrySignal, signalSeq: number): IgnoreReason | null {
    const { exits, settings } = this.#options;
    const answer = exits.leave(signal, signalSeq);
    // The exit is what becomes of the signal where the entry comes to nothing.
    if (settings.oppositeSignal === 'reverse') {
      this.#enter(signal, signalSeq, { standing: null, entries: [] });
    }
    return answer;
  }

  /** What cannot be sold keeps a strategy from turning round, unless that is what it is to do. */
  #isHeldUpByDust(signal: EntrySignal): boolean {
    const dust = this.#options.holdings.dust(signal.strategy, signal.symbol);
    if (dust === null || isSameWay(dust, signal)) return false;
    return this.#options.settings.oppositeSignal === 'close';
  }

  /**
   * Entries that the new one stands beside; null where it must wait for theirs. Without a position,
   * those that could open two of them exclude one another: other sides, other groups.
   */
  #standAside(signal: EntrySignal, standing: Position | null): readonly PendingEntry[] | null {
    const { pending, desk, settings } = this.#options;
    const entries = pending.entriesOf(signal.strategy, signal.symbol);
    if (standing !== null) return entries;
    const group = groupOf(signal);
    if (entries.every(({ order }) => isBeside(order, signal, group))) return entries;
    const isTurn = entries.every(({ order }) => order.side !== signal.side);
    if (!isTurn || settings.oppositeSignal === 'close') return null;
    for (const entry of entries) desk.cancel(entry, signal.reason);
    return [];
  }

  /** A position is entered so often: entries that may still fill count, a group of them once. */
  #isFull(
    entries: readonly PendingEntry[],
    standing: Position | null,
    group: OrderGroupId | null,
  ): boolean {
    const filled = this.#options.protections.entriesOf(standing);
    const open = entries.filter(({ origin }) => !filled.has(origin));
    if (group !== null && open.some(({ order }) => order.group === group)) return false;
    const units = new Set(open.map(({ order, origin }) => order.group ?? origin));
    return filled.size + units.size >= this.#options.settings.maxEntries;
  }

  #enter(
    signal: EntrySignal,
    signalSeq: number,
    { standing, entries }: Standing,
  ): IgnoreReason | null {
    const { strategy, symbol, side } = signal;
    const { desk, funds, holdings, settings } = this.#options;
    if (side === 'sell' && !settings.allowsShort(strategy)) return 'shorting-disabled';
    const group = groupOf(signal);
    const leaving = holdings
      .leaving(strategy, symbol)
      .map((position) => ({ id: position.id, brings: this.#freedBy(position) }));
    const plan = planEntry(signal, funds.forEntry(strategy, { leaving, group }), settings);
    if (typeof plan === 'string') return plan;
    const dust = holdings.dust(strategy, symbol);
    const added = standing ?? (dust !== null && isSameWay(dust, signal) ? dust : null);
    const shared = group === null ? entries[0]?.order.position : undefined;
    desk.enter({ signal, signalSeq, plan, position: added?.id ?? shared ?? null, group });
    return null;
  }

  /** At the last price, costs included: what a long brings, or what it takes to buy a short back. */
  #freedBy(position: Position): number {
    const { holdings, settings } = this.#options;
    const price = holdings.priceOf(position);
    const quantity = holdings.sellable(position).toNumber();
    const side = position.side === 'long' ? 'sell' : 'buy';
    const cost = settings.costFraction({ symbol: position.symbol, side, price, quantity });
    const value = quantity * price;
    return side === 'sell' ? value * (1 - cost) : -value * (1 + cost);
  }
}

function isSameWay(position: Position, { side }: EntrySignal): boolean {
  return (position.side === 'long') === (side === 'buy');
}

function isBeside(order: EntryOrder, signal: EntrySignal, group: OrderGroupId | null): boolean {
  return order.group === group && (group !== null || order.side === signal.side);
}

function groupOf({ strategy, symbol, oneCancelsOther }: EntrySignal): OrderGroupId | null {
  return oneCancelsOther === null ? null : entryGroupOf(strategy, symbol, oneCancelsOther);
}
