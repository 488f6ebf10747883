import type { ExchangeCore } from './exchange-core.ts';
import type { SimOrder, SimTrade } from './exchange-types.ts';
import { orderView, type OrderView } from './exchange-view.ts';
import { isOpen } from './order-store.ts';
import { plain, product, type Units } from './units.ts';

interface Found {
  readonly step: number;
  readonly requests: number;
  readonly faults: readonly string[];
}

/** The exchange's own view of what a program did on it, for invariants to be held against. */
export class ExchangeAuditor {
  readonly #core: ExchangeCore;
  readonly #prefix: string;
  /** Of the state it was found in: audits come oftener than changes. */
  #found: Found = { step: -1, requests: -1, faults: [] };

  /** `prefix` is that of the client ids of the program under test. */
  constructor(core: ExchangeCore, prefix = 'qs') {
    this.#core = core;
    this.#prefix = prefix;
  }

  /** Requests to place an order, by client id; those that never arrived count as well. */
  posts(): ReadonlyMap<string, number> {
    const posts = new Map<string, number>();
    for (const { call, subject } of this.#core.requests) {
      const { clientId } = subject;
      if (call !== 'place' || clientId === null) continue;
      posts.set(clientId, (posts.get(clientId) ?? 0) + 1);
    }
    return posts;
  }

  /** Orders with our prefix, oldest first. */
  orders(): readonly OrderView[] {
    return this.#own().map(orderView);
  }

  openOrders(): readonly OrderView[] {
    return this.#own().filter(isOpen).map(orderView);
  }

  /** What our own trades leave of each base asset, told fees in it taken off; as decimal text. */
  positions(isTold: (trade: SimTrade) => boolean = () => true): Readonly<Record<string, string>> {
    const ids = new Set(this.#own().map(({ id }) => id));
    const sums = new Map<string, Units>();
    const add = (asset: string, amount: Units) => sums.set(asset, (sums.get(asset) ?? 0n) + amount);
    for (const trade of this.#core.store.trades()) {
      if (!ids.has(trade.orderId)) continue;
      const { base } = this.#core.market(trade.symbol);
      add(base, trade.side === 'buy' ? trade.quantity : -trade.quantity);
      if (trade.fee.asset === base && isTold(trade)) add(base, -trade.fee.amount);
    }
    return Object.fromEntries([...sums].map(([asset, amount]) => [asset, plain(amount)]));
  }

  /**
   * All that is wrong: with the program, where it sent a client id twice; with the exchange itself,
   * where its books, its orders and its trades do not agree. Empty when all is well.
   */
  faults(): readonly string[] {
    const { step } = this.#core.desk;
    const { length: requests } = this.#core.requests;
    if (this.#found.step !== step || this.#found.requests !== requests) {
      this.#found = { step, requests, faults: this.#look() };
    }
    return this.#found.faults;
  }

  #look(): readonly string[] {
    const twice = [...this.posts()].filter(([, count]) => count > 1);
    return [
      ...twice.map(([id, count]) => `an order "${id}" was sent ${count} times`),
      ...this.#core.accounts.faults(),
      ...this.#orderFaults(),
      ...this.#holdFaults(),
      ...this.#sumFaults(),
    ];
  }

  #own(): readonly SimOrder[] {
    return this.#core.store
      .orders()
      .filter(({ clientId }) => clientId?.startsWith(this.#prefix) ?? false);
  }

  #orderFaults(): readonly string[] {
    const filled = new Map<string, Units>();
    const ids = new Set<string>();
    const faults: string[] = [];
    for (const { id, orderId, quantity } of this.#core.store.trades()) {
      filled.set(orderId, (filled.get(orderId) ?? 0n) + quantity);
      if (ids.has(id)) faults.push(`two trades have the id ${id}`);
      ids.add(id);
    }
    for (const order of this.#core.store.orders()) {
      const traded = filled.get(order.id) ?? 0n;
      if (traded !== order.filled) faults.push(`order ${order.id}: trades are not what was filled`);
      if (order.filled > order.quantity) faults.push(`order ${order.id}: more than all was filled`);
      const isWhole = order.filled === order.quantity;
      if ((order.state === 'filled') !== isWhole) faults.push(`order ${order.id}: ${order.state}`);
    }
    return faults;
  }

  #holdFaults(): readonly string[] {
    const held = new Map<string, Units>();
    for (const { held: hold } of this.#core.store.orders()) {
      held.set(hold.asset, (held.get(hold.asset) ?? 0n) + hold.amount);
    }
    return [...this.#core.accounts.holdings()].flatMap(([asset, holding]) =>
      holding.held === (held.get(asset) ?? 0n) ? [] : [`${asset}: held for no order`],
    );
  }

  /** What came in from outside and what the trades did is what is there. */
  #sumFaults(): readonly string[] {
    const sums = new Map<string, Units>();
    const add = (asset: string, amount: Units) => sums.set(asset, (sums.get(asset) ?? 0n) + amount);
    for (const { postings } of this.#core.accounts.entries) {
      for (const { account, asset, amount } of postings) {
        if (account === 'outside') add(asset, -amount);
      }
    }
    for (const { symbol, side, quantity, price, fee } of this.#core.store.trades()) {
      const { base, quote } = this.#core.market(symbol);
      const sign = side === 'buy' ? 1n : -1n;
      add(base, sign * quantity);
      add(quote, -sign * product(quantity, price));
      add(fee.asset, -fee.amount);
    }
    return [...this.#core.accounts.holdings()].flatMap(([asset, { free, held }]) =>
      free + held === (sums.get(asset) ?? 0n) ? [] : [`${asset}: not what the trades left`],
    );
  }
}
