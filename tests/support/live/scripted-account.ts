import { Decimal } from '../../../src/core/decimal.ts';
import { ExchangeError } from '../../../src/core/errors.ts';
import type { Instrument } from '../../../src/core/instrument.ts';
import type { Side } from '../../../src/core/order.ts';
import type {
  AccountUpdate,
  CancelOutcome,
  ExchangeAccount,
  PlaceOutcome,
  RefusalCause,
  VenueBalance,
  VenueCapabilities,
  VenueFee,
  VenueOrder,
  VenueOrderRef,
  VenueOrderReport,
  VenueOrderStatus,
  VenueTrade,
} from '../../../src/ports/exchange-account.ts';
import type { SteppedTime } from '../stepped-time.ts';
import { BTC, dec } from '../orders.ts';

/** What happens to one call; `ok` where nothing is said. */
export type Fate =
  | { readonly kind: 'ok' }
  | { readonly kind: 'lost-before' }
  | { readonly kind: 'accepted-then-lost' }
  | { readonly kind: 'throws' }
  | { readonly kind: 'refused'; readonly cause: RefusalCause }
  | { readonly kind: 'fails'; readonly retryAfterMs?: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'partial' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'held'; readonly until: Promise<void> };

export type Call =
  | 'place'
  | 'cancel'
  | 'find'
  | 'openOrders'
  | 'closedOrders'
  | 'trades'
  | 'balances'
  | 'serverTime';

interface BookedOrder {
  readonly order: VenueOrder;
  readonly venueId: string;
  filled: Decimal;
  status: VenueOrderStatus;
  /** What it says it filled, where that is not the truth. */
  claims: Decimal | null | 'truth';
}

const OK: Fate = { kind: 'ok' };

const CAPABILITIES: VenueCapabilities = {
  orderTypes: new Set(['market', 'limit', 'stop', 'stop_limit']),
  timesInForce: new Set(['gtc', 'ioc', 'fok']),
  clientIdField: 'client_order_id',
  findsByClientId: true,
  restsStops: true,
  restsBothExits: false,
  requestValidityMs: 60_000,
  readPauseMs: 1_000,
};

/** An exchange that does as it is told, call by call, and keeps books of its own. */
export class ScriptedAccount implements ExchangeAccount {
  readonly exchange = 'scripted';
  readonly capabilities: VenueCapabilities;
  readonly watch: ExchangeAccount['watch'];
  /** Every create that left, lost ones too. */
  readonly posts: VenueOrder[] = [];
  readonly cancels: VenueOrderRef[] = [];
  readonly calls: Call[] = [];
  readonly orders = new Map<string, BookedOrder>();
  readonly tradesMade: VenueTrade[] = [];
  readonly balance = new Map<string, Decimal>([
    ['USD', dec(100_000)],
    ['BTC', dec(0)],
  ]);
  instrumentNow: Instrument = BTC;
  /** Fills market orders at once at this price; null leaves them open. */
  price: Decimal | null = null;
  feeOf: (quantity: Decimal, price: Decimal, side: Side) => VenueFee | null = (
    quantity,
    price,
  ) => ({
    currency: 'USD',
    amount: quantity.times(price).times(dec('0.001')),
  });
  clockOffset = 0;
  /** Shows orders and trades without the ids they came with. */
  dropsClientIds = false;
  /** How many orders asked for goods that were not there, or that others asked for already. */
  shortfalls = 0;
  /** Lets several orders wait for the same goods. */
  allowsShared = false;
  /** Its stream stands and says nothing. */
  isMute = false;
  beforePost: (order: VenueOrder) => void = () => undefined;
  /** Decides the fate of a call that nothing was queued for. */
  fateOf: (call: Call) => Fate = () => OK;
  readonly #time: SteppedTime;
  readonly #fates = new Map<Call, Fate[]>();
  readonly #before = new Map<Call, readonly VenueOrderReport[]>();
  #update: ((update: AccountUpdate) => void) | null = null;
  #ids = 0;

  constructor(
    time: SteppedTime,
    options: {
      readonly capabilities?: Partial<VenueCapabilities>;
      readonly streams?: boolean;
    } = {},
  ) {
    this.#time = time;
    this.capabilities = { ...CAPABILITIES, ...options.capabilities };
    this.watch =
      options.streams === true
        ? async (on, signal) => {
            this.#update = on.update;
            on.ready();
            await new Promise<void>((resolve) => {
              signal.addEventListener('abort', () => resolve(), { once: true });
            });
            this.#update = null;
          }
        : null;
  }

  /** Queues what happens to the next calls of that kind. */
  next(call: Call, ...fates: readonly Fate[]): void {
    this.#fates.set(call, [...(this.#fates.get(call) ?? []), ...fates]);
  }

  /** Executes part of an order, or what is left of it. */
  fill(clientId: string, quantity?: string, terms: { price?: string; fee?: VenueFee | null } = {}) {
    const booked = this.#booked(clientId);
    const { order } = booked;
    const amount = quantity === undefined ? restOf(booked) : dec(quantity);
    booked.filled = booked.filled.plus(amount);
    if (booked.filled.equals(order.quantity)) booked.status = 'filled';
    const { price, fee } = this.#termsOf(amount, order.side, terms);
    const trade: VenueTrade = {
      tradeId: `v${++this.#ids}`,
      venueOrderId: booked.venueId,
      clientId: this.dropsClientIds ? null : order.clientId,
      symbol: order.symbol,
      side: order.side,
      quantity: amount,
      price,
      fee,
      liquidity: 'taker',
      time: this.#time.now(),
    };
    this.tradesMade.push(trade);
    this.#settle(trade);
    if (!this.isMute) {
      this.#update?.({ kind: 'trade', trade });
      this.#update?.({ kind: 'order', order: this.#report(booked) });
    }
    return trade;
  }

  #termsOf(amount: Decimal, side: Side, terms: { price?: string; fee?: VenueFee | null }) {
    const price = terms.price === undefined ? (this.price ?? dec(100)) : dec(terms.price);
    const fee = terms.fee === undefined ? this.feeOf(amount, price, side) : terms.fee;
    return { price, fee };
  }

  #settle({ symbol, side, quantity, price, fee }: VenueTrade): void {
    const base = symbol.split('/')[0] ?? '';
    const value = quantity.times(price);
    this.#move(base, side === 'buy' ? quantity : quantity.negated());
    this.#move('USD', side === 'buy' ? value.negated() : value);
    if (fee !== null) this.#move(fee.currency, fee.amount.negated());
  }

  /** Says later what a trade cost. */
  tellFee(tradeId: string, fee: VenueFee): void {
    const at = this.tradesMade.findIndex((trade) => trade.tradeId === tradeId);
    const trade = this.tradesMade[at];
    if (trade === undefined) throw new Error(`no trade ${tradeId}`);
    this.tradesMade[at] = { ...trade, fee };
    this.#move(fee.currency, fee.amount.negated());
  }

  set(clientId: string, status: VenueOrderStatus): void {
    this.#booked(clientId).status = status;
  }

  claim(clientId: string, filled: Decimal | null): void {
    this.#booked(clientId).claims = filled;
  }

  stream(update: AccountUpdate): void {
    this.#update?.(update);
  }

  reportOf(clientId: string): VenueOrderReport {
    return this.#report(this.#booked(clientId));
  }

  get open(): readonly BookedOrder[] {
    return [...this.orders.values()].filter(({ status }) => isOpen(status));
  }

  identify() {
    return Promise.resolve({ accountId: 'a1', mayTrade: true, mayWithdraw: false });
  }

  async serverTime(): Promise<number> {
    await this.#fate('serverTime');
    return this.#time.now() + this.clockOffset;
  }

  instrument(): Promise<Instrument> {
    return Promise.resolve(this.instrumentNow);
  }

  async place(order: VenueOrder): Promise<PlaceOutcome> {
    this.beforePost(order);
    this.posts.push(order);
    const fate = this.#take('place');
    if (fate.kind === 'held') await fate.until;
    await Promise.resolve();
    if (fate.kind === 'refused') return { kind: 'refused', cause: fate.cause, reason: 'no' };
    if (fate.kind === 'lost-before') return { kind: 'unknown', reason: 'timed out' };
    if (fate.kind === 'throws') throw new Error('socket hang up');
    const venueId = this.#accept(order);
    if (venueId === null) return { kind: 'refused', cause: 'funds', reason: 'insufficient funds' };
    if (fate.kind === 'accepted-then-lost') return { kind: 'unknown', reason: 'timed out' };
    return { kind: 'acknowledged', venueId };
  }

  async cancel(ref: VenueOrderRef): Promise<CancelOutcome> {
    this.cancels.push(ref);
    const fate = this.#take('cancel');
    await Promise.resolve();
    if (fate.kind === 'lost-before') return { kind: 'unknown', reason: 'timed out' };
    if (fate.kind === 'throws') throw new Error('socket hang up');
    const booked = this.orders.get(ref.clientId);
    if (booked === undefined || !isOpen(booked.status)) {
      return { kind: 'not-open', reason: 'no such open order' };
    }
    if (fate.kind === 'ignored') booked.status = 'pending-cancel';
    else booked.status = 'canceled';
    return fate.kind === 'accepted-then-lost'
      ? { kind: 'unknown', reason: 'timed out' }
      : { kind: 'sent' };
  }

  async find(ref: VenueOrderRef): Promise<VenueOrderReport | null> {
    const fate = await this.#fate('find');
    const booked = this.orders.get(ref.clientId);
    return fate.kind === 'empty' || booked === undefined ? null : this.#report(booked);
  }

  openOrders(
    _symbols?: readonly string[],
    _signal?: AbortSignal,
  ): Promise<readonly VenueOrderReport[]> {
    return this.#list('openOrders', (status) => isOpen(status));
  }

  closedOrders(): Promise<readonly VenueOrderReport[]> {
    return this.#list('closedOrders', (status) => !isOpen(status));
  }

  async trades(_symbols: readonly string[], since: number): Promise<readonly VenueTrade[]> {
    const fate = await this.#fate('trades');
    if (fate.kind === 'empty') return [];
    const all = this.tradesMade.filter(({ time }) => time >= since);
    return fate.kind === 'partial' ? all.slice(1) : all;
  }

  async balances(): Promise<readonly VenueBalance[]> {
    const fate = await this.#fate('balances');
    if (fate.kind === 'empty') return [];
    return [...this.balance].map(([currency, total]) => ({ currency, total, free: total }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What a spot exchange allows: goods that rest in one order are not there for another. */
  #accept(order: VenueOrder): string | null {
    if (this.orders.has(order.clientId)) throw new Error(`${order.clientId} was sent twice`);
    const base = order.symbol.split('/')[0] ?? '';
    if (order.side === 'sell' && !this.allowsShared) {
      const isThere = (this.balance.get(base) ?? dec(0)).minus(this.resting(base));
      if (order.quantity.greaterThan(isThere)) {
        this.shortfalls++;
        return null;
      }
    }
    const venueId = `x${++this.#ids}`;
    const status = 'open' as const;
    this.orders.set(order.clientId, {
      order,
      venueId,
      filled: Decimal.zero,
      status,
      claims: 'truth',
    });
    if (order.type === 'market' && this.price !== null) this.fill(order.clientId);
    return venueId;
  }

  /** Base units that open sell orders ask for. */
  resting(base: string): Decimal {
    return this.open
      .filter(({ order }) => order.side === 'sell' && order.symbol.startsWith(`${base}/`))
      .reduce((sum, { order, filled }) => sum.plus(order.quantity.minus(filled)), Decimal.zero);
  }

  async #list(
    call: 'openOrders' | 'closedOrders',
    wanted: (status: VenueOrderStatus) => boolean,
  ): Promise<readonly VenueOrderReport[]> {
    const fate = await this.#fate(call);
    if (fate.kind === 'stale') return this.#before.get(call) ?? [];
    const all = [...this.orders.values()]
      .filter(({ status }) => wanted(status))
      .map((booked) => this.#report(booked));
    this.#before.set(call, all);
    if (fate.kind === 'empty') return [];
    return fate.kind === 'partial' ? all.slice(1) : all;
  }

  #report({ order, venueId, filled, status, claims }: BookedOrder): VenueOrderReport {
    return {
      clientId: this.dropsClientIds ? null : order.clientId,
      venueId,
      symbol: order.symbol,
      side: order.side,
      status,
      statusText: status.toUpperCase(),
      quantity: order.quantity,
      filled: claims === 'truth' ? filled : claims,
      averagePrice: null,
      updatedAt: null,
    };
  }

  async #fate(call: Call): Promise<Fate> {
    const fate = this.#take(call);
    if (fate.kind === 'held') await fate.until;
    await Promise.resolve();
    if (fate.kind !== 'fails') return fate;
    const { retryAfterMs } = fate;
    throw new ExchangeError('the exchange did not answer', {
      kind: 'network',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  #take(call: Call): Fate {
    this.calls.push(call);
    return this.#fates.get(call)?.shift() ?? this.fateOf(call);
  }

  #booked(clientId: string): BookedOrder {
    const booked = this.orders.get(clientId);
    if (booked === undefined) throw new Error(`no order ${clientId}`);
    return booked;
  }

  #move(currency: string, amount: Decimal): void {
    this.balance.set(currency, (this.balance.get(currency) ?? Decimal.zero).plus(amount));
  }
}

function restOf({ order, filled }: BookedOrder): Decimal {
  return order.quantity.minus(filled);
}

function isOpen(status: VenueOrderStatus): boolean {
  return status === 'open' || status === 'pending-cancel' || status === 'unclear';
}
