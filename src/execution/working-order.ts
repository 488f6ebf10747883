import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { Liquidity } from '../core/fill.ts';
import {
  limitPriceOf,
  stopPriceOf,
  type ApprovedOrder,
  type Side,
  type SizedAtFill,
} from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import { isImmediate } from './order-lifetime.ts';
import type { ActingAs, OrderSnapshot, Placement } from './order-snapshot.ts';

interface Arrival {
  /** Last price known on arrival; null before the symbol's first. */
  readonly lastPrice: number | null;
  /** Null where no quote moved anything since the last bar. */
  readonly placement: Placement | null;
  /** The bar already observed whose rest this order may still meet, or null. */
  readonly restOf: Bar | null;
  /** When it ends by itself; Infinity for never. */
  readonly endsAt: EpochMs;
}

/** An order the simulated venue accepted, with what is left of it. */
export class WorkingOrder {
  readonly request: ApprovedOrder;
  /** The bar already observed on arrival whose rest it may meet, or null. */
  readonly restOf: Bar | null;
  /** When it ends by itself; Infinity for never. */
  readonly endsAt: EpochMs;
  /** Sees the first price it can fill at, and is gone. */
  readonly isImmediate: boolean;
  #placement: Placement | null;
  #kind: ActingAs;
  #level: Level | null;
  #tightened: Level | null = null;
  #liquidity: Liquidity;
  #ordered: Decimal;
  #remaining: Decimal;
  #unsettled: SizedAtFill | null;
  #hasFilled = false;
  #isOpen = true;
  #doneWith: Bar | null = null;

  constructor(request: ApprovedOrder, { lastPrice, restOf, endsAt, placement }: Arrival) {
    this.request = request;
    this.restOf = restOf;
    this.endsAt = endsAt;
    this.#placement = placement;
    this.isImmediate = isImmediate(request.timeInForce);
    this.#kind = request.type === 'market' || request.type === 'limit' ? request.type : 'stop';
    this.#level = levelAt(stopPriceOf(request) ?? limitPriceOf(request));
    this.#liquidity = waitsInBook(request, this.#level, lastPrice) ? 'maker' : 'taker';
    this.#ordered = request.quantity;
    this.#remaining = request.quantity;
    this.#unsettled = request.role === 'entry' ? request.sizedAtFill : null;
  }

  /** An order as it was; `bar` is the last one of its symbol. */
  static restored(from: OrderSnapshot, bar: Bar | null): WorkingOrder {
    const { endsAt, placement, isOfRest } = from;
    const restOf = isOfRest ? bar : null;
    const order = new WorkingOrder(from.request, { lastPrice: null, restOf, endsAt, placement });
    order.#kind = from.kind;
    order.#level = levelAt(from.level);
    order.#tightened = levelAt(from.tightened);
    order.#liquidity = from.liquidity;
    order.#ordered = from.ordered;
    order.#remaining = from.remaining;
    if (!from.isUnsettled) order.#unsettled = null;
    order.#hasFilled = from.hasFilled;
    order.#isOpen = from.isOpen;
    order.#doneWith = from.isDone ? bar : null;
    return order;
  }

  /** `bar` is the last one of its symbol: what was of an earlier one is over. */
  snapshot(bar: Bar | null): OrderSnapshot {
    return {
      request: this.request,
      isOfRest: bar !== null && this.restOf === bar,
      isDone: bar !== null && this.#doneWith === bar,
      endsAt: this.endsAt,
      placement: this.#placement,
      kind: this.#kind,
      level: this.#level?.exact ?? null,
      tightened: this.#tightened?.exact ?? null,
      liquidity: this.#liquidity,
      ordered: this.#ordered,
      remaining: this.#remaining,
      isUnsettled: this.#unsettled !== null,
      hasFilled: this.#hasFilled,
      isOpen: this.#isOpen,
    };
  }

  /** The quote it was placed or triggered after; null where bars alone have known it. */
  get placement(): Placement | null {
    return this.#placement;
  }

  /** What it acts as now: a triggered stop is a market order, a triggered stop-limit a limit. */
  get kind(): ActingAs {
    return this.#kind;
  }

  /** The stop or limit price that the next bar finds; null for a market order. */
  get level(): Level | null {
    return this.#level;
  }

  /** Where quotes have moved a trailing stop to since the last bar; null where they have not. */
  get tightened(): Level | null {
    return this.#tightened;
  }

  /** The stop or limit price it waits for now; null for a market order. */
  get standing(): Level | null {
    return this.#tightened ?? this.#level;
  }

  /** A limit that waited in the book makes liquidity; everything else takes it. */
  get liquidity(): Liquidity {
    return this.#liquidity;
  }

  get remaining(): Decimal {
    return this.#remaining;
  }

  /** True while nothing of what it is for has filled, and its group has taken nothing off. */
  get isWhole(): boolean {
    return this.#remaining.equals(this.#ordered);
  }

  /** What its quantity is to be made of where it first fills; null where that is known. */
  get unsettled(): SizedAtFill | null {
    return this.#unsettled;
  }

  /** True for a stop that has become a market order: it is out of anybody's hands. */
  get isBeingExecuted(): boolean {
    return this.#kind === 'market' && this.request.type !== 'market';
  }

  /** True for a trailing stop that has not triggered. */
  get isTrailing(): boolean {
    return this.request.type === 'trailing_stop' && this.#kind === 'stop';
  }

  /** True from its first fill on. */
  get hasFilled(): boolean {
    return this.#hasFilled;
  }

  /** False once filled, cancelled or expired. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A stop becomes a market order, a stop-limit a limit order. */
  trigger(): void {
    const limit = levelAt(limitPriceOf(this.request));
    this.#kind = limit === null ? 'market' : 'limit';
    this.#level = limit;
    this.#tightened = null;
  }

  /** A trailing stop follows a bar; what later quotes moved it to stands where it is closer. */
  moveTo(level: Level, { isLate }: { readonly isLate: boolean }): void {
    this.#level = level;
    if (!isLate || !isBehind(this.request.side, level, this.#tightened)) this.#tightened = null;
  }

  /** A bar is over that the quotes lay in: its stop stands where they moved it, for the next one too. */
  keepTightened(): void {
    if (this.#tightened === null) return;
    this.#level = this.#tightened;
    this.#tightened = null;
  }

  /**
   * A trailing stop follows a quote. The bar around the quote may have been anywhere before: for it
   * the stop still stands where its open found it.
   */
  tighten(level: Level): void {
    this.#tightened = level;
  }

  /** From now on it is as if it had been placed after this quote. */
  replace(placement: Placement): void {
    this.#placement = placement;
  }

  /**
   * A trailing stop goes on from where the one stood that it takes the place of, and that one's bar
   * is over for it; unless it begins closer to the market.
   */
  succeed(forerunner: WorkingOrder): void {
    const [own, reached] = [this.#level, forerunner.standing];
    if (own === null || !isBehind(this.request.side, own, reached)) return;
    this.#level = forerunner.#level;
    this.#tightened = forerunner.#tightened;
    this.#placement = forerunner.#placement;
    this.#doneWith = forerunner.#doneWith;
  }

  /** From here on its limit waits in the book for others. */
  rest(): void {
    this.#liquidity = 'maker';
  }

  /** All that this bar can do to it is done. */
  finish(bar: Bar | null): void {
    this.#doneWith = bar;
  }

  isDoneWith(bar: Bar): boolean {
    return this.#doneWith === bar;
  }

  /** Fixes the quantity of an order sized at its fill. */
  settle(quantity: Decimal): void {
    this.#ordered = quantity;
    this.#remaining = quantity;
    this.#unsettled = null;
  }

  /** Takes off what it filled itself. */
  fill(quantity: Decimal): void {
    this.#hasFilled = true;
    this.reduce(quantity);
  }

  /** Takes a quantity off: its own fill, or its group's. Never below zero. */
  reduce(quantity: Decimal): void {
    this.#remaining = this.#remaining.minus(quantity).max(Decimal.zero);
  }

  close(): void {
    this.#isOpen = false;
  }
}

/** A price, exact and as the double that bars are compared with. */
export interface Level {
  readonly exact: Decimal;
  readonly double: number;
}

function levelAt(exact: Decimal | null): Level | null {
  return exact === null ? null : { exact, double: exact.toNumber() };
}

/** Whether a stop of that side is farther from the market than another. */
function isBehind(side: Side, stop: Level, other: Level | null): boolean {
  if (other === null) return false;
  return side === 'sell' ? stop.exact.lessThan(other.exact) : stop.exact.greaterThan(other.exact);
}

function waitsInBook(
  { type, side }: ApprovedOrder,
  level: Level | null,
  lastPrice: number | null,
): boolean {
  if (type !== 'limit' || level === null) return false;
  if (lastPrice === null) return true;
  return side === 'buy' ? level.double < lastPrice : level.double > lastPrice;
}
