import type { Candle } from './script.ts';

/** An order for a fixed number of shares; prices in quote currency. */
export interface ShareOrder {
  readonly id: number;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly kind: 'market' | 'limit' | 'stop' | 'stop-limit' | 'stop-trail';
  /** Limit price, or stop price for all others; null for a market order. */
  readonly price: number | null;
  /** Limit of a stop-limit. */
  readonly limit: number | null;
  /** How far a trailing stop follows. */
  readonly trail: { readonly by: 'amount' | 'percent'; readonly size: number } | null;
  /** Number of the last bar it fills in; null without end. Its end is known after that bar. */
  readonly lastBar: number | null;
  /** Orders that it excludes, and that exclude it. */
  readonly group: string | null;
  /** Orders without a trail that begin to work with the bar after this one has filled. */
  readonly children: readonly ShareOrder[];
}

export interface ShareFill {
  readonly order: number;
  readonly bar: number;
  readonly price: number;
}

interface Working {
  readonly order: ShareOrder;
  stop: number;
  isTriggered: boolean;
}

/**
 * The rules of backtrader's broker, written down again from its documentation and with doubles: a
 * limit fills at the open where that is better, else where it is touched; a stop at the open where
 * that lies beyond, else at its price; a trailing stop is moved by closes, after the bar.
 */
export class TouchingBroker {
  #working: Working[] = [];
  readonly fills: ShareFill[] = [];
  /**
   * First bar in which a stop-limit triggered and its limit was certainly reached afterwards, and
   * which these rules let pass all the same; null where there was none.
   */
  disputedBar: number | null = null;
  #coming: ShareOrder[] = [];

  place(order: ShareOrder, close: number): void {
    const stop = order.trail === null ? (order.price ?? 0) : trailedFrom(order, close);
    this.#working.push({ order, stop, isTriggered: false });
  }

  cancelAll(): void {
    this.#working = [];
    this.#coming = [];
  }

  /** Takes all back but what trails, and places it again at so many times its prices. */
  shiftAll(factor: number): void {
    const moved = this.#working.filter(({ order }) => order.trail === null);
    this.#working = this.#working.filter(({ order }) => order.trail !== null);
    for (const { order } of moved) this.place(shifted(order, factor), 0);
    this.#coming = this.#coming.map((order) => shifted(order, factor));
  }

  get isIdle(): boolean {
    return this.#working.length === 0 && this.#coming.length === 0;
  }

  /** Lets every order meet the bar, in the order of arrival; tells what filled in it. */
  meet(bar: number, candle: Candle): readonly ShareFill[] {
    for (const child of this.#coming.splice(0)) this.place(child, candle.open);
    const before = this.fills.length;
    for (const working of this.#working.slice()) {
      if (!this.#working.includes(working)) continue;
      this.#try(working, bar, candle);
      if (bar === working.order.lastBar) this.#end(working);
    }
    return this.fills.slice(before);
  }

  #try(working: Working, bar: number, candle: Candle): void {
    const { order } = working;
    const price = priceIn(working, candle);
    if (price === null && order.kind === 'stop-limit' && isLetPass(working, candle)) {
      this.disputedBar ??= bar;
    }
    if (price === null) {
      if (order.trail !== null) working.stop = followed(working, candle.close);
      return;
    }
    this.#end(working);
    this.#working = this.#working.filter(
      (other) => order.group === null || other.order.group !== order.group,
    );
    this.fills.push({ order: order.id, bar, price });
    this.#coming.push(...order.children);
  }

  #end(working: Working): void {
    this.#working = this.#working.filter((other) => other !== working);
  }
}

function priceIn(working: Working, candle: Candle): number | null {
  const { order } = working;
  switch (order.kind) {
    case 'market':
      return candle.open;
    case 'limit':
      return limitIn(order.side, order.price ?? 0, candle);
    case 'stop':
    case 'stop-trail':
      return stopIn(order.side, working.stop, candle);
    case 'stop-limit':
      return stopLimitIn(working, candle);
  }
}

function limitIn(side: ShareOrder['side'], limit: number, candle: Candle): number | null {
  const { open, high, low } = candle;
  if (side === 'buy') return limit >= open ? open : limit >= low ? limit : null;
  return limit <= open ? open : limit <= high ? limit : null;
}

function stopIn(side: ShareOrder['side'], stop: number, candle: Candle): number | null {
  const { open, high, low } = candle;
  if (side === 'buy') return open >= stop ? open : high >= stop ? stop : null;
  return open <= stop ? open : low <= stop ? stop : null;
}

/** A limit at or beyond its stop fills where it was triggered; one before it waits. */
function stopLimitIn(working: Working, candle: Candle): number | null {
  const { side } = working.order;
  const limit = working.order.limit ?? 0;
  if (working.isTriggered) return limitIn(side, limit, candle);
  const at = stopIn(side, working.stop, candle);
  if (at === null) return null;
  working.isTriggered = true;
  if (at === candle.open) return limitIn(side, limit, candle);
  const isBeyond = side === 'buy' ? limit >= working.stop : limit <= working.stop;
  if (isBeyond) return working.stop;
  const { open, close } = candle;
  const cameBack =
    side === 'buy' ? open > close && limit >= close : open <= close && limit <= close;
  return cameBack ? limit : null;
}

/** The bar triggered the order inside and closed where its limit allows a fill. */
function isLetPass({ order, stop, isTriggered }: Working, { open, close }: Candle): boolean {
  const { side, limit } = order;
  const isInside = side === 'buy' ? open < stop : open > stop;
  const isAllowed = side === 'buy' ? close <= (limit ?? 0) : close >= (limit ?? 0);
  return isTriggered && isInside && isAllowed;
}

function shifted(order: ShareOrder, factor: number): ShareOrder {
  const { price, limit } = order;
  return {
    ...order,
    price: price === null ? null : price * factor,
    limit: limit === null ? null : limit * factor,
  };
}

function trailedFrom({ side, trail }: ShareOrder, price: number): number {
  if (trail === null) return price;
  const distance = trail.by === 'amount' ? trail.size : price * trail.size;
  return side === 'buy' ? price + distance : price - distance;
}

function followed({ order, stop }: Working, close: number): number {
  const next = trailedFrom(order, close);
  return order.side === 'buy' ? Math.min(stop, next) : Math.max(stop, next);
}
