import type { EquityMark } from '../../../src/core/equity.ts';
import type { AnyEvent } from '../../../src/core/events.ts';
import type { Commission, FeeCorrection, Fill } from '../../../src/core/fill.ts';
import type { SymbolName } from '../../../src/core/instrument.ts';
import {
  isFinal,
  limitPriceOf,
  stopPriceOf,
  type EntryOrder,
  type OrderRequest,
  type OrderState,
  type OrderUpdate,
} from '../../../src/core/order.ts';
import type { RiskAssessment } from '../../../src/core/risk.ts';
import { SIMULATED_LIMITS } from './simulated-config.ts';
import type { History } from './history.ts';

/** What is left of a position that was sold, less than any venue would sell. Quote currency. */
const DUST = 25;
/** Sums of doubles that were added in another order. */
const ROUNDING = 1e-9;
/** Markets jump by six hundredths, between an approval and its fill, and while a position is held. */
const COLLAR = 0.15;
/** One strategy trades: what holds for its position holds for the symbol. */
const IN_ONE_SYMBOL = Math.min(SIMULATED_LIMITS.position, SIMULATED_LIMITS.symbol);

interface WatchedEntry {
  readonly order: EntryOrder;
  left: number;
  state: OrderState;
  isLeaving: boolean;
}

/**
 * What the account is worth and what it has at stake, reckoned from events alone: from fills, fees
 * and closes, in plain numbers. It shares no line with the ledger, the marks or the limits.
 */
export class MoneyWatch {
  readonly #history: History;
  readonly #held = new Map<SymbolName, number>();
  readonly #closes = new Map<SymbolName, number>();
  readonly #entries = new Map<string, WatchedEntry>();
  /** What market orders that close positions have still to sell, by order id. */
  readonly #sales = new Map<string, { readonly symbol: SymbolName; left: number }>();
  readonly #requests = new Map<string, OrderRequest>();
  /** Orders of which nobody knows whether the exchange has them. */
  readonly #unknown = new Set<string>();
  /** Symbols of fills, by trade id. */
  readonly #trades = new Map<string, SymbolName>();
  #cash: number;
  #equity: number;

  constructor(capital: number, history: History) {
    this.#history = history;
    this.#cash = capital;
    this.#equity = capital;
  }

  event(event: AnyEvent): void {
    if (event.type === 'slice.closed') {
      for (const { symbol, close } of event.payload.bars) this.#closes.set(symbol, close);
    } else if (event.type === 'equity.marked') this.#marked(event.payload);
    else if (event.type === 'order.requested') this.#requests.set(event.payload.id, event.payload);
    else if (event.type === 'risk.assessed') this.#assessed(event.payload);
    else if (event.type === 'order.approved') this.#approved(event.payload);
    else if (event.type === 'order.cancel-requested') {
      this.#change(event.payload.orderId, { isLeaving: true });
    } else if (event.type === 'order.updated') this.#updated(event.payload);
    else if (event.type === 'order.filled') this.#filled(event.payload);
    else if (event.type === 'fee.corrected') this.#corrected(event.payload);
  }

  /** I03: cash and goods at the last closes are the equity. */
  #marked({ equity, cash }: EquityMark): void {
    this.#equity = equity;
    const worth = this.#cash + this.#sum((symbol, held) => held * this.#close(symbol));
    const text = `is ${worth} by fills and closes`;
    if (!isNear(equity, worth, equity)) this.#broken('I03', `equity ${equity} ${text}`);
    if (!isNear(cash, this.#cash, equity)) {
      this.#broken('I03', `cash ${cash} is ${this.#cash} by fills`);
    }
  }

  /** I27: what is no number lets no order pass. */
  #assessed({ orderId, assessments }: RiskAssessment): void {
    if (this.#requests.get(orderId)?.role !== 'entry') return;
    for (const { check, limit, actual, passed } of assessments) {
      if (passed && limit !== null && !Number.isFinite(actual)) {
        this.#broken('I27', `${check} let ${orderId} pass with ${actual}`);
      }
    }
  }

  /** I21: with all that may still fill, at its worst price, the limits hold. */
  #approved(order: OrderRequest): void {
    const { id, symbol, quantity } = order;
    const left = quantity.toNumber();
    if (order.role !== 'entry') {
      if (order.type === 'market') this.#sales.set(id, { symbol, left });
      return;
    }
    const beside = [...this.#entries.values()].filter((entry) => counts(entry, order));
    for (const other of this.#unknown) {
      if (this.#requests.get(other)?.symbol !== symbol) continue;
      this.#broken('I21', `${id} is let pass while ${other} is unknown`);
    }
    const stakeIn = (of: SymbolName | null): number =>
      this.#sum((each, held) => (of === null || each === of ? this.#stakeIn(each, held) : 0)) +
      stakeOf(beside.filter((entry) => of === null || entry.order.symbol === of)) +
      left * worstOf(order);
    const { invested } = SIMULATED_LIMITS;
    const most = this.#equity * (1 + ROUNDING);
    if (!(stakeIn(symbol) <= IN_ONE_SYMBOL * most + DUST)) {
      this.#broken('I21', `${id} is let pass with ${stakeIn(symbol)} at stake in ${symbol}`);
    }
    if (!(stakeIn(null) <= invested * most + 3 * DUST)) {
      this.#broken('I21', `${id} is let pass with ${stakeIn(null)} at stake`);
    }
    this.#entries.set(id, { order, left, state: 'approved', isLeaving: false });
  }

  /** What is held and not on its way out at any price. */
  #stakeIn(symbol: SymbolName, held: number): number {
    let kept = held;
    for (const sale of this.#sales.values()) if (sale.symbol === symbol) kept -= sale.left;
    return Math.max(0, kept) * this.#close(symbol);
  }

  #updated({ orderId, state }: OrderUpdate): void {
    if (state === 'unknown') this.#unknown.add(orderId);
    else this.#unknown.delete(orderId);
    if (isFinal(state)) this.#sales.delete(orderId);
    this.#change(orderId, { state });
  }

  #change(id: string, change: Partial<Pick<WatchedEntry, 'state' | 'isLeaving'>>): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    Object.assign(entry, change);
    if (isFinal(entry.state)) this.#entries.delete(id);
  }

  #filled(fill: Fill): void {
    const { tradeId, orderId, symbol, side, quantity } = fill;
    const [amount, price] = [quantity.toNumber(), fill.price.toNumber()];
    const sign = side === 'buy' ? 1 : -1;
    this.#add(symbol, sign * amount);
    this.#cash -= sign * amount * price;
    this.#trades.set(tradeId, symbol);
    this.#charge(symbol, fill.fee.toNumber(), fill.commission, 1);
    this.#unknown.delete(orderId);
    const sale = this.#sales.get(orderId);
    if (sale !== undefined) sale.left -= amount;
    if (fill.orderState === 'filled') this.#sales.delete(orderId);
    const request = this.#requests.get(orderId);
    // Two of a group may fill at one moment: no exchange here knows what cancels what.
    if (request?.role === 'entry' && request.group === null) this.#entered(symbol, price, orderId);
    const entry = this.#entries.get(orderId);
    if (entry === undefined) return;
    entry.left -= amount;
    if (fill.orderState === 'filled') this.#entries.delete(orderId);
    else entry.state = fill.orderState;
  }

  /** I22: what an entry makes of a position keeps near the limit, late fills included. */
  #entered(symbol: SymbolName, price: number, orderId: string): void {
    const stake = (this.#held.get(symbol) ?? 0) * price;
    if (stake <= IN_ONE_SYMBOL * this.#equity * (1 + COLLAR)) return;
    this.#broken('I22', `${orderId} makes it ${stake} of ${symbol}, equity is ${this.#equity}`);
  }

  #corrected({ tradeId, fee, commission, booked, bookedCommission }: FeeCorrection): void {
    const symbol = this.#trades.get(tradeId);
    if (symbol === undefined) return this.#broken('I03', `a fee of ${tradeId} came before it`);
    this.#charge(symbol, booked.toNumber(), bookedCommission, -1);
    this.#charge(symbol, fee.toNumber(), commission, 1);
  }

  /** A fee is taken from cash, from the goods, or from what is none of the books'. */
  #charge(symbol: SymbolName, fee: number, commission: Commission | null, times: 1 | -1): void {
    if (commission === null) this.#cash -= times * fee;
    else if (commission.takenFrom === 'base') {
      this.#add(symbol, -times * commission.amount.toNumber());
    }
  }

  #add(symbol: SymbolName, amount: number): void {
    this.#held.set(symbol, (this.#held.get(symbol) ?? 0) + amount);
  }

  #close(symbol: SymbolName): number {
    return this.#closes.get(symbol) ?? Number.NaN;
  }

  #sum(of: (symbol: SymbolName, held: number) => number): number {
    let sum = 0;
    for (const [symbol, held] of this.#held) if (held !== 0) sum += of(symbol, held);
    return sum;
  }

  #broken(invariant: string, message: string): void {
    this.#history.broken(invariant, message);
  }
}

/** One of a group fills at most; what is to end does so before an entry of its strategy goes out. */
function counts({ order, isLeaving }: WatchedEntry, judged: EntryOrder): boolean {
  const isOfSame = order.strategy === judged.strategy && order.symbol === judged.symbol;
  if (isLeaving && isOfSame) return false;
  return order.group === null || order.group !== judged.group;
}

function stakeOf(entries: readonly WatchedEntry[]): number {
  const largest = new Map<string, number>();
  let sum = 0;
  for (const { order, left } of entries) {
    const stake = left * worstOf(order);
    if (order.group === null) sum += stake;
    else largest.set(order.group, Math.max(stake, largest.get(order.group) ?? 0));
  }
  return [...largest.values()].reduce((total, stake) => total + stake, sum);
}

function worstOf(order: EntryOrder): number {
  const own = [limitPriceOf(order), stopPriceOf(order)].map((price) => price?.toNumber() ?? 0);
  return Math.max(order.referencePrice, ...own);
}

function isNear(one: number, other: number, scale: number): boolean {
  return Math.abs(one - other) <= ROUNDING * Math.max(1, Math.abs(scale));
}
