/**
 * A whole exchange in memory: books, money, orders, its own account of what it was asked for. It speaks
 * no format and reads no clock but the one it is given; front ends put it into a venue's words, and a
 * transport carries these over loopback HTTP or within the process. It shares no arithmetic and no rule
 * with the engine that trades on it, so that the two can be compared.
 *
 * For tests:
 *
 * - `core.next('place', { kind: 'drop', accepted: true })`: what becomes of the next request of a kind;
 *   several queue up, `'any'` takes whatever comes. Without one, `core.policy` draws; by default all is well.
 * - `core.requests`: the wire log; lost requests included.
 * - `core.order(clientId)`, `core.orders()`, `core.trades()`, `core.balances()`: the truth, as decimal text.
 * - `core.fill(clientId, '0.5')`: somebody takes an open order, all of its rest by default.
 * - `core.moveTo('BTC/USD', '60100')`: the market moves; stops go off, resting orders are met.
 * - `core.external`: what happens to the account by other hands.
 * - `core.reached`: how often each fault struck, e.g. `F01 drop, accepted`.
 * - `core.heal()`: all is well from now on.
 * - `core.desk.liquidity`, `.feeTaking`, `.feeDelayMs`: partial fills and forms of fees.
 *
 * Beside it: `makeExchange(venue, …)` for core, front end and credentials; `serveOnLoopback` for real HTTP;
 * `VirtualTime` and `inProcessFetch` for one process without a network; `inProcessStream` for updates by
 * themselves; `SwarmPolicy` for faults by seed; `liveMarkets` for prices by seed; `ExchangeAuditor` for what
 * must hold.
 *
 * Numbers of tests are decimal text; times are UTC milliseconds by the exchange's own clock.
 */
import type { Clock } from '../../../src/ports/clock.ts';
import type { EpochMs } from '../../../src/core/time.ts';
import { Accounts } from './accounts.ts';
import type { Listing, SimOrder, VenueRules } from './exchange-types.ts';
import { ExternalHands } from './external-hands.ts';
import { faultName, STRAIGHT, type Call, type FaultName, type Fate, type Twist } from './fates.ts';
import {
  ExchangeView,
  orderView,
  tradeView,
  type OrderView,
  type TradeView,
} from './exchange-view.ts';
import { OrderDesk, type AccountChange } from './order-desk.ts';
import { isOpen, OrderStore } from './order-store.ts';
import { SimMarket } from './sim-market.ts';
import { plain, units } from './units.ts';
import type { LoggedRequest } from './wire.ts';

/** Draws what becomes of a request. */
export interface FatePolicy {
  draw(call: Call, now: EpochMs): Fate;
}

export interface ExchangeCoreOptions {
  readonly clock: Clock;
  readonly rules: VenueRules;
  readonly listings: readonly Listing[];
  /** What the customer has at the start, by asset. */
  readonly balances: Readonly<Record<string, string>>;
  readonly policy?: FatePolicy;
}

export interface Balance {
  readonly total: string;
  readonly free: string;
}

const ALL_WELL: FatePolicy = { draw: () => ({ kind: 'ok' }) };

export class ExchangeCore {
  readonly accounts = new Accounts();
  readonly store = new OrderStore();
  readonly markets = new Map<string, SimMarket>();
  readonly desk: OrderDesk;
  readonly external: ExternalHands;
  readonly rules: VenueRules;
  policy: FatePolicy;
  /** Milliseconds by which the exchange's clock is ahead. */
  clockOffsetMs = 0;
  /** Streams say nothing while this holds. */
  areStreamsSilent = false;
  /** What the keys may do. */
  permissions = { mayTrade: true, mayWithdraw: false };
  readonly requests: LoggedRequest[] = [];
  readonly reached = new Map<FaultName, number>();
  readonly #clock: Clock;
  readonly #queued: { readonly call: Call | 'any'; readonly fate: Fate }[] = [];
  /** Orders that reads do not find yet, with how many reads more. */
  readonly #hidden = new Map<string, number>();
  readonly #listeners = new Set<(change: AccountChange) => void>();
  /** What every order is told with in place of its status, and until when; null for its status. */
  oddStatus: { readonly word: string; readonly until: EpochMs } | null = null;
  #twist: Twist = STRAIGHT;

  constructor({ clock, rules, listings, balances, policy }: ExchangeCoreOptions) {
    this.#clock = clock;
    this.rules = rules;
    this.policy = policy ?? ALL_WELL;
    for (const listing of listings) this.markets.set(listing.symbol, new SimMarket(listing));
    const { accounts, store, markets } = this;
    const own: Clock = { now: () => this.now() };
    this.desk = new OrderDesk({ rules, accounts, store, markets, clock: own });
    this.external = new ExternalHands(this);
    this.desk.onChange = (change) => {
      for (const listener of this.#listeners) listener(change);
    };
    for (const [asset, amount] of Object.entries(balances)) {
      const at = { step: this.desk.advance(), time: this.now(), what: 'opening balance' };
      this.accounts.move(asset, units(amount), ['outside', 'free'], at);
    }
  }

  /** By the exchange's own clock. */
  now(): EpochMs {
    return this.#clock.now() + this.clockOffsetMs;
  }

  /** Hears of every change of orders and every trade at once; what it gives back ends that. */
  listen(listener: (change: AccountChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Queues what becomes of the next request of a kind. */
  next(call: Call | 'any', fate: Fate): void {
    this.#queued.push({ call, fate });
  }

  /** The fate of a request that has just come. */
  fateOf(call: Call): Fate {
    const index = this.#queued.findIndex((each) => each.call === call || each.call === 'any');
    const [queued] = index < 0 ? [] : this.#queued.splice(index, 1);
    return queued?.fate ?? this.policy.draw(call, this.#clock.now());
  }

  /** No faults from now on, and those that last are over; what they did stays done. */
  heal(): void {
    this.policy = ALL_WELL;
    this.#queued.length = 0;
    this.#hidden.clear();
    this.clockOffsetMs = 0;
    this.areStreamsSilent = false;
    this.oddStatus = null;
    this.desk.feeDelayMs = 0;
    this.desk.feeTaking = this.rules.feeTaking;
  }

  /** Counts a fault that had an effect. */
  note(fate: Fate): void {
    if (fate.kind === 'ok') return;
    this.reach(faultName(fate));
  }

  /** Counts a fault that befalls from elsewhere. */
  reach(name: FaultName): void {
    this.reached.set(name, (this.reached.get(name) ?? 0) + 1);
  }

  /** Runs one answer, bent. */
  twisted<T>(twist: Twist, work: () => T): T {
    const before = this.#twist;
    this.#twist = twist;
    try {
      return work();
    } finally {
      this.#twist = before;
    }
  }

  /** What a front end may tell. One for each answer: orders that are not found yet count it. */
  view(): ExchangeView {
    const hidden = new Set(this.#hidden.keys());
    for (const [id, reads] of this.#hidden) {
      if (reads <= 1) this.#hidden.delete(id);
      else this.#hidden.set(id, reads - 1);
    }
    const odd =
      this.oddStatus !== null && this.now() < this.oddStatus.until ? this.oddStatus : null;
    const statusWord = this.#twist.statusWord ?? odd?.word ?? null;
    return new ExchangeView(this, { ...this.#twist, statusWord }, hidden);
  }

  /** Reads do not find an order, so many times. */
  hide(orderId: string, reads: number): void {
    this.#hidden.set(orderId, reads);
  }

  /** The market of a symbol moves to a price at which somebody trades a volume. */
  moveTo(symbol: string, price: string, volume = '1'): void {
    const market = this.market(symbol);
    this.desk.settle();
    market.setPrice(units(price));
    market.print(units(price), units(volume), this.now());
    this.desk.advance();
    this.desk.meet(market);
  }

  /** Somebody takes an open order at its own price, or the market's where it has none. */
  fill(clientId: string, quantity?: string): TradeView {
    const order = this.#byClientId(clientId);
    if (order === undefined || !isOpen(order)) {
      throw new Error(`an open order "${clientId}" was expected, was ${order?.state ?? 'none'}`);
    }
    const rest = order.quantity - order.filled;
    const amount = quantity === undefined ? rest : units(quantity);
    const price = order.limit ?? order.stop ?? this.market(order.symbol).last;
    const trade = this.desk.fill(order, amount, price, true);
    if (trade === null) throw new Error(`no money is left to fill "${clientId}"`);
    return tradeView(trade);
  }

  market(symbol: string): SimMarket {
    const market = this.markets.get(symbol);
    if (market === undefined) throw new Error(`no market "${symbol}" at this exchange`);
    return market;
  }

  /** The latest order with a client id. */
  order(clientId: string): OrderView | undefined {
    const order = this.#byClientId(clientId);
    return order === undefined ? undefined : orderView(order);
  }

  orders(): readonly OrderView[] {
    return this.store.orders().map(orderView);
  }

  trades(): readonly TradeView[] {
    return this.store.trades().map(tradeView);
  }

  balances(): Readonly<Record<string, Balance>> {
    return Object.fromEntries(
      [...this.accounts.holdings()].map(([asset, { free, held }]) => [
        asset,
        { total: plain(free + held), free: plain(free) },
      ]),
    );
  }

  #byClientId(clientId: string): SimOrder | undefined {
    return this.store.withClientId(clientId).at(-1);
  }
}
