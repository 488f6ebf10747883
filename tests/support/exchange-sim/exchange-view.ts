import type { Holding } from './accounts.ts';
import type { ExchangeCore } from './exchange-core.ts';
import type { SimOrder, SimTrade } from './exchange-types.ts';
import type { Twist } from './fates.ts';
import { isOpen } from './order-store.ts';
import { plain, quotient, type Units } from './units.ts';

/** An order as tests see it: the truth, numbers as decimal text. */
export interface OrderView {
  readonly id: string;
  readonly clientId: string | null;
  readonly symbol: string;
  readonly side: SimOrder['side'];
  readonly kind: SimOrder['kind'];
  readonly state: SimOrder['state'];
  readonly quantity: string;
  readonly filled: string;
  readonly limit: string | null;
  readonly stop: string | null;
  /** Null where nothing was filled. */
  readonly averagePrice: string | null;
  readonly isTriggered: boolean;
  readonly isOurs: boolean;
}

export interface TradeView {
  readonly id: string;
  readonly orderId: string;
  readonly clientId: string | null;
  readonly symbol: string;
  readonly side: SimTrade['side'];
  readonly quantity: string;
  readonly price: string;
  readonly fee: { readonly asset: string; readonly amount: string };
  readonly isMaker: boolean;
  readonly time: number;
}

export function orderView(order: SimOrder): OrderView {
  const { id, clientId, symbol, side, kind, state, isTriggered, isOurs } = order;
  const { filled, cost, quantity, limit, stop } = order;
  return {
    id,
    clientId,
    symbol,
    side,
    kind,
    state,
    quantity: plain(quantity),
    filled: plain(filled),
    limit: limit === null ? null : plain(limit),
    stop: stop === null ? null : plain(stop),
    averagePrice: filled === 0n ? null : plain(quotient(cost, filled)),
    isTriggered,
    isOurs,
  };
}

export function tradeView(trade: SimTrade): TradeView {
  const { id, orderId, clientId, symbol, side, isMaker, time, fee } = trade;
  return {
    id,
    orderId,
    clientId,
    symbol,
    side,
    quantity: plain(trade.quantity),
    price: plain(trade.price),
    fee: { asset: fee.asset, amount: plain(fee.amount) },
    isMaker,
    time,
  };
}

/** What a front end is shown for one answer: the truth, or what a fault makes of it. */
export class ExchangeView {
  readonly #core: ExchangeCore;
  readonly #twist: Twist;
  readonly #hidden: ReadonlySet<string>;

  constructor(core: ExchangeCore, twist: Twist, hidden: ReadonlySet<string>) {
    this.#core = core;
    this.#twist = twist;
    this.#hidden = hidden;
  }

  /** A word in place of the venue's own for every status; null for the own one. */
  get statusWord(): string | null {
    return this.#twist.statusWord;
  }

  /** Newest last. */
  orders(): readonly SimOrder[] {
    return this.#bent(this.#all());
  }

  openOrders(): readonly SimOrder[] {
    return this.#bent(this.#all().filter(isOpen));
  }

  /** One that was asked for by name: never left out of a list. */
  order(matches: (order: SimOrder) => boolean): SimOrder | undefined {
    return this.#all().findLast(matches);
  }

  /** Oldest first. */
  trades(): readonly SimTrade[] {
    const known = this.#core.store.trades(this.#twist.asOf);
    const told = this.#bent(known.filter(({ orderId }) => !this.#hidden.has(orderId)));
    return this.#twist.doubles ? told.flatMap((trade) => [trade, trade]) : told;
  }

  /** Of one order: never left out of it. */
  tradesOf(orderId: string): readonly SimTrade[] {
    const known = this.#core.store.trades(this.#twist.asOf);
    return known.filter((trade) => trade.orderId === orderId);
  }

  /** What is said of a trade's fee; null while nothing is. */
  feeOf(trade: SimTrade): { readonly asset: string | null; readonly amount: string } | null {
    const { feeForm } = this.#twist;
    if (feeForm === 'null' || trade.feeToldAt > this.#core.now()) return null;
    const asset = feeForm === 'no-currency' ? null : trade.fee.asset;
    return { asset, amount: plain(trade.fee.amount) };
  }

  /** What is said of how much of an order is filled; null where nothing is. */
  filledOf({ filled, quantity }: SimOrder): Units | null {
    switch (this.#twist.filledForm) {
      case 'plain':
        return filled;
      case 'missing':
        return null;
      case 'over':
        return filled + quantity;
      case 'negative':
        return filled - quantity - quantity;
    }
  }

  holdings(): ReadonlyMap<string, Holding> {
    const { asOf, hidesBalances, leavesOut } = this.#twist;
    if (hidesBalances) return new Map();
    const holdings = this.#core.accounts.holdings(asOf);
    return leavesOut ? new Map([...holdings].filter((_, index) => index % 2 === 0)) : holdings;
  }

  #all(): readonly SimOrder[] {
    const orders = this.#core.store.orders(this.#twist.asOf);
    return this.#hidden.size === 0 ? orders : orders.filter(({ id }) => !this.#hidden.has(id));
  }

  #bent<T>(items: readonly T[]): readonly T[] {
    const { leavesOut, reverses } = this.#twist;
    const kept = leavesOut ? items.filter((_, index) => index % 2 === 1) : items;
    return reverses ? kept.toReversed() : kept;
  }
}
