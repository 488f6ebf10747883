import type { Clock } from '../../../src/ports/clock.ts';
import type { EpochMs } from '../../../src/core/time.ts';
import type { Accounts } from './accounts.ts';
import type {
  Canceled,
  OrderState,
  OrderWish,
  Placed,
  Refusal,
  SimOrder,
  SimTrade,
  VenueRules,
} from './exchange-types.ts';
import { feeOf, holdOf, holdRate } from './fees.ts';
import { isOpen, type OrderStore } from './order-store.ts';
import type { SimMarket } from './sim-market.ts';
import { floorTo, least, ONE, product, quotient, units, type Units } from './units.ts';
import { refusalOf } from './wish-rules.ts';

export interface DeskParts {
  readonly rules: VenueRules;
  readonly accounts: Accounts;
  readonly store: OrderStore;
  readonly markets: ReadonlyMap<string, SimMarket>;
  /** The exchange's own. */
  readonly clock: Clock;
}

/** What an account's stream would tell of. */
export type AccountChange =
  | { readonly kind: 'order'; readonly order: SimOrder }
  | { readonly kind: 'trade'; readonly trade: SimTrade };

const DAY = 86_400_000;

/** Takes orders, fills them, ends them: all that moves the customer's money. */
export class OrderDesk {
  /** How much of a wanted quantity somebody is there to trade; all of it by default. */
  liquidity: (symbol: string, wanted: Units) => Units = (_, wanted) => wanted;
  /** Milliseconds after a trade at which its fee is told. */
  feeDelayMs = 0;
  /** Milliseconds for which a cancel is under way. */
  cancelDelayMs = 0;
  /** Hears of every order that changes and of every trade, as it happens. */
  onChange: (change: AccountChange) => void = () => undefined;
  /** In place of the venue's own rule, for the trades to come. */
  feeTaking: VenueRules['feeTaking'];
  readonly #parts: DeskParts;
  readonly #cancelsDue = new Map<string, EpochMs>();
  #step = 0;
  #orders = 0;
  #trades = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.feeTaking = parts.rules.feeTaking;
  }

  /** Rises with every change. */
  get step(): number {
    return this.#step;
  }

  place(wish: OrderWish, isOurs = true): Placed {
    const market = this.#parts.markets.get(wish.symbol);
    if (market === undefined) return { kind: 'refused', reason: 'unknown-symbol' };
    const quantity = quantityOf(wish, market);
    const reason = this.#refusal(wish, market, quantity);
    if (reason !== null) return { kind: 'refused', reason };
    const order = this.#create({ ...wish, quantity }, market, isOurs);
    const held = this.#hold(order, market);
    if (held === null) return { kind: 'refused', reason: 'funds' };
    this.#orders += 1;
    this.#put({ ...order, held });
    this.#take(order.id, market);
    this.#trigger(this.#get(order.id), market);
    return { kind: 'taken', order: this.#get(order.id) };
  }

  /** Ends an open order; while cancels take time it only waits for its end. */
  cancel(id: string): Canceled {
    const { cancelDelayMs } = this;
    const order = this.#parts.store.get(id);
    if (order === undefined) return { kind: 'not-open', order: null };
    if (!isOpen(order)) return { kind: 'not-open', order };
    if (cancelDelayMs === 0) return { kind: 'canceled', order: this.#end(order, 'canceled') };
    this.#cancelsDue.set(id, this.#now() + cancelDelayMs);
    const pending = this.#put({ ...order, state: 'pending-cancel' });
    return { kind: 'canceled', order: pending };
  }

  /** Ends what its time has come for. */
  settle(): void {
    const now = this.#now();
    for (const order of this.#parts.store.open()) {
      const due = this.#cancelsDue.get(order.id);
      if (due !== undefined && due <= now) this.#end(order, 'canceled');
      else if (order.expiresAt !== null && order.expiresAt <= now) this.#end(order, 'expired');
    }
  }

  /** The book of a symbol moved: stops go off, resting orders are met, oldest first. */
  meet(market: SimMarket): void {
    const { symbol } = market.listing;
    for (const { id } of this.#parts.store.open().filter((each) => each.symbol === symbol)) {
      this.#trail(this.#get(id), market);
      this.#trigger(this.#get(id), market);
      const order = this.#get(id);
      if (isOpen(order) && order.isTriggered) this.#rest(order, market);
    }
  }

  /** Fills an open order at a price of the test's choice; less where the money does not reach. */
  fill(order: SimOrder, quantity: Units, price: Units, isMaker: boolean): SimTrade | null {
    const market = this.#market(order.symbol);
    const { accounts } = this.#parts;
    this.#release(order);
    const affordable = this.#affordable(order, price, market);
    const amount = least(least(quantity, order.quantity - order.filled), affordable);
    if (amount <= 0n) {
      this.#put({ ...order, state: 'expired', held: { asset: order.held.asset, amount: 0n } });
      return null;
    }
    const at = { step: this.#step + 1, time: this.#now(), what: `trade of ${order.id}` };
    const cost = product(amount, price);
    const isBuy = order.side === 'buy';
    accounts.move(market.quote, cost, isBuy ? ['free', 'market'] : ['market', 'free'], at);
    accounts.move(market.base, amount, isBuy ? ['market', 'free'] : ['free', 'market'], at);
    const trade = this.#trade(order, { quantity: amount, price, isMaker }, market);
    accounts.move(trade.fee.asset, trade.fee.amount, ['free', 'fees'], at);
    market.print(price, amount, trade.time);
    this.#parts.store.addTrade(trade, this.#step + 1);
    this.onChange({ kind: 'trade', trade });
    const filled = order.filled + amount;
    const after: SimOrder = {
      ...order,
      filled,
      cost: order.cost + cost,
      state: filled === order.quantity ? 'filled' : order.state,
      updatedAt: trade.time,
    };
    const held = isOpen(after) ? this.#rehold(after, market) : { ...order.held, amount: 0n };
    this.#put({ ...after, held });
    return trade;
  }

  /** Counts a change of something else, so that reads can be had from before it. */
  advance(): number {
    this.#step += 1;
    return this.#step;
  }

  #refusal(wish: OrderWish, market: SimMarket, quantity: Units): Refusal | null {
    const { store, rules } = this.#parts;
    const reason = refusalOf(wish, market, quantity, rules);
    if (reason !== null || wish.clientId === null || rules.uniqueIds === 'none') return reason;
    const namesakes = store.withClientId(wish.clientId);
    const others = rules.uniqueIds === 'open' ? namesakes.filter(isOpen) : namesakes;
    return others.length > 0 ? 'duplicate-id' : null;
  }

  #create(wish: OrderWish & { quantity: Units }, market: SimMarket, isOurs: boolean): SimOrder {
    const { clientId, symbol, side, kind, quantity, lifetime } = wish;
    const now = this.#now();
    return {
      id: this.#parts.rules.orderId(this.#orders + 1),
      clientId,
      symbol,
      side,
      kind,
      quantity,
      lifetime,
      isOurs,
      ...pricesOf(wish, market),
      triggersOnRise: wish.triggersOnRise ?? side === 'buy',
      expiresAt: lifetime === 'day' ? now - (now % DAY) + DAY : (wish.expiresAt ?? null),
      postOnly: wish.postOnly ?? false,
      state: 'open',
      isTriggered: kind === 'market' || kind === 'limit',
      filled: 0n,
      cost: 0n,
      held: { asset: side === 'buy' ? market.quote : market.base, amount: 0n },
      createdAt: now,
      updatedAt: now,
    };
  }

  /** A new order, or a stop that went off, takes from the book what it may. */
  #take(id: string, market: SimMarket): void {
    const order = this.#get(id);
    if (!order.isTriggered) return;
    const price = order.side === 'buy' ? market.ask : market.bid;
    const crosses = order.limit === null || isThrough(order, price);
    const wanted = order.quantity - order.filled;
    const there = crosses ? this.#available(market, wanted) : 0n;
    const isWhole = there === wanted;
    if (there > 0n && (isWhole || order.lifetime !== 'fok')) this.fill(order, there, price, false);
    const after = this.#get(id);
    const mayRest = after.limit !== null && after.lifetime !== 'ioc' && after.lifetime !== 'fok';
    if (!mayRest && isOpen(after)) this.#end(after, this.#parts.rules.unfilledState);
  }

  #rest(order: SimOrder, market: SimMarket): void {
    const { limit } = order;
    if (limit === null) return;
    const price = order.side === 'buy' ? market.ask : market.bid;
    if (!isThrough(order, price)) return;
    const there = this.#available(market, order.quantity - order.filled);
    if (there > 0n) this.fill(order, there, limit, true);
  }

  #trail(order: SimOrder, market: SimMarket): void {
    const { trail, stop, side } = order;
    if (trail === null || stop === null || order.isTriggered || !isOpen(order)) return;
    const wanted = side === 'sell' ? market.last - trail : market.last + trail;
    const follows = side === 'sell' ? wanted > stop : wanted < stop;
    if (follows) this.#put({ ...order, stop: wanted });
  }

  #trigger(order: SimOrder, market: SimMarket): void {
    const { stop } = order;
    if (stop === null || order.isTriggered || !isOpen(order)) return;
    const isHit = order.triggersOnRise ? market.last >= stop : market.last <= stop;
    if (!isHit) return;
    this.#put({ ...order, isTriggered: true });
    this.#take(order.id, market);
  }

  #available(market: SimMarket, wanted: Units): Units {
    const there = floorTo(this.liquidity(market.listing.symbol, wanted), market.lot);
    return there > wanted ? wanted : there;
  }

  #trade(
    order: SimOrder,
    { quantity, price, isMaker }: Pick<SimTrade, 'quantity' | 'price' | 'isMaker'>,
    market: SimMarket,
  ): SimTrade {
    const { rules, accounts } = this.#parts;
    const time = this.#now();
    this.#trades += 1;
    const worth = { side: order.side, quantity, price, isMaker };
    return {
      id: rules.tradeId(this.#trades),
      orderId: order.id,
      clientId: order.clientId,
      symbol: order.symbol,
      side: order.side,
      quantity,
      price,
      fee: feeOf(worth, market, { rules, taking: this.feeTaking, accounts }),
      feeToldAt: time + this.feeDelayMs,
      isMaker,
      time,
    };
  }

  /** Null where the customer has not got it. */
  #hold(order: SimOrder, market: SimMarket): SimOrder['held'] | null {
    const hold = holdOf(order, market, this.#parts.rules);
    if (hold.amount > this.#parts.accounts.holding(hold.asset).free) return null;
    return this.#book(order, hold);
  }

  /** As much as there is: a stop may fill at a worse price than it was held for. */
  #rehold(order: SimOrder, market: SimMarket): SimOrder['held'] {
    const { asset, amount } = holdOf(order, market, this.#parts.rules);
    const { free } = this.#parts.accounts.holding(asset);
    return this.#book(order, { asset, amount: least(amount, free) });
  }

  #book(order: SimOrder, hold: SimOrder['held']): SimOrder['held'] {
    const at = { step: this.#step + 1, time: this.#now(), what: `hold ${order.id}` };
    this.#parts.accounts.move(hold.asset, hold.amount, ['free', 'held'], at);
    return hold;
  }

  #release({ id, held }: SimOrder): void {
    const at = { step: this.#step + 1, time: this.#now(), what: `release ${id}` };
    this.#parts.accounts.move(held.asset, held.amount, ['held', 'free'], at);
  }

  #affordable(order: SimOrder, price: Units, market: SimMarket): Units {
    const { asset } = order.held;
    const { free } = this.#parts.accounts.holding(asset);
    const rate = ONE + holdRate(order, this.#parts.rules, this.feeTaking);
    const each = order.side === 'buy' ? product(price, rate) : rate;
    return floorTo(quotient(free, each), market.lot);
  }

  #end(order: SimOrder, state: OrderState): SimOrder {
    this.#release(order);
    return this.#put({ ...order, state, held: { ...order.held, amount: 0n } });
  }

  #put(order: SimOrder): SimOrder {
    const step = this.advance();
    const dated = { ...order, updatedAt: this.#now() };
    this.#parts.store.put(dated, step);
    this.onChange({ kind: 'order', order: dated });
    return dated;
  }

  #get(id: string): SimOrder {
    const order = this.#parts.store.get(id);
    if (order === undefined) throw new Error(`no order "${id}" at this exchange`);
    return order;
  }

  #market(symbol: string): SimMarket {
    const market = this.#parts.markets.get(symbol);
    if (market === undefined) throw new Error(`no market "${symbol}" at this exchange`);
    return market;
  }

  #now(): EpochMs {
    return this.#parts.clock.now();
  }
}

function quantityOf({ quantity, spend }: OrderWish, market: SimMarket): Units {
  if (quantity !== null) return quantity;
  return floorTo(quotient(spend ?? 0n, market.ask), units(market.listing.lotStep));
}

function pricesOf(
  { side, limit, stop, trail }: OrderWish,
  { last }: SimMarket,
): Pick<SimOrder, 'limit' | 'stop' | 'trail'> {
  const distance = trail ?? 0n;
  const trailing = side === 'sell' ? last - distance : last + distance;
  return {
    limit: limit ?? null,
    stop: distance > 0n ? trailing : (stop ?? null),
    trail: trail ?? null,
  };
}

function isThrough({ side, limit }: SimOrder, price: Units): boolean {
  if (limit === null) return false;
  return side === 'buy' ? price <= limit : price >= limit;
}
