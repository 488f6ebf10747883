import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { Liquidity } from '../core/fill.ts';
import { limitPriceOf, stopPriceOf, type ApprovedOrder, type SizedAtFill } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import { isImmediate } from './order-lifetime.ts';

interface Arrival {
  /** Last price known on arrival; null before the symbol's first bar. */
  readonly lastPrice: number | null;
  /** The bar already observed whose rest this order may still meet, or null. */
  readonly restOf: Bar | null;
  /** When it ends by itself; Infinity for never. */
  readonly endsAt: EpochMs;
}

/** What an order acts as: one of a stop type waits as a stop, then becomes one of the others. */
export type ActingAs = 'market' | 'stop' | 'limit';

/** An order the simulated venue accepted, with what is left of it. */
export class WorkingOrder {
  readonly request: ApprovedOrder;
  /** The bar already observed on arrival whose rest it may meet, or null. */
  readonly restOf: Bar | null;
  /** When it ends by itself; Infinity for never. */
  readonly endsAt: EpochMs;
  /** Sees the first price it can fill at, and is gone. */
  readonly isImmediate: boolean;
  #kind: ActingAs;
  #level: Level | null;
  #liquidity: Liquidity;
  #whole: Decimal;
  #remaining: Decimal;
  #unsettled: SizedAtFill | null;
  #hasFilled = false;
  #isOpen = true;
  #doneWith: Bar | null = null;

  constructor(request: ApprovedOrder, { lastPrice, restOf, endsAt }: Arrival) {
    this.request = request;
    this.restOf = restOf;
    this.endsAt = endsAt;
    this.isImmediate = isImmediate(request.timeInForce);
    this.#kind = request.type === 'market' || request.type === 'limit' ? request.type : 'stop';
    this.#level = levelAt(stopPriceOf(request) ?? limitPriceOf(request));
    this.#liquidity = waitsInBook(request, this.#level, lastPrice) ? 'maker' : 'taker';
    this.#whole = request.quantity;
    this.#remaining = request.quantity;
    this.#unsettled = request.role === 'entry' ? request.sizedAtFill : null;
  }

  /** What it acts as now: a triggered stop is a market order, a triggered stop-limit a limit. */
  get kind(): ActingAs {
    return this.#kind;
  }

  /** The stop or limit price it waits for now; null for a market order. */
  get level(): Level | null {
    return this.#level;
  }

  /** A limit that waited in the book makes liquidity; everything else takes it. */
  get liquidity(): Liquidity {
    return this.#liquidity;
  }

  /** All of it: what was asked for, or what the fill settled. */
  get whole(): Decimal {
    return this.#whole;
  }

  get remaining(): Decimal {
    return this.#remaining;
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
  }

  /** A trailing stop follows the market. */
  moveTo(level: Level): void {
    this.#level = level;
  }

  /** From here on its limit waits in the book for others. */
  rest(): void {
    this.#liquidity = 'maker';
  }

  /** All that this bar can do to it is done. */
  finish(bar: Bar): void {
    this.#doneWith = bar;
  }

  isDoneWith(bar: Bar): boolean {
    return this.#doneWith === bar;
  }

  /** Fixes the quantity of an order sized at its fill. */
  settle(quantity: Decimal): void {
    this.#whole = quantity;
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

function waitsInBook(
  { type, side }: ApprovedOrder,
  level: Level | null,
  lastPrice: number | null,
): boolean {
  if (type !== 'limit' || level === null) return false;
  if (lastPrice === null) return true;
  return side === 'buy' ? level.double < lastPrice : level.double > lastPrice;
}
