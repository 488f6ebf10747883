import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { Liquidity } from '../core/fill.ts';
import { limitPriceOf, stopPriceOf, type ApprovedOrder } from '../core/order.ts';

interface Arrival {
  /** Last price known on arrival; null before the symbol's first bar. */
  readonly lastPrice: number | null;
  /** The bar already observed whose rest this order may still meet, or null. */
  readonly restOf: Bar | null;
}

/** An order the simulated venue accepted, with what is left of it. */
export class WorkingOrder {
  readonly request: ApprovedOrder;
  /** Stop or limit price, exact and as the double that bars are compared with; null for market. */
  readonly level: Level | null;
  /** A limit that waited in the book makes liquidity; everything else takes it. */
  readonly liquidity: Liquidity;
  /** The bar already observed on arrival whose rest it may meet, or null. */
  readonly restOf: Bar | null;
  #kind: ApprovedOrder['type'];
  #remaining: Decimal;
  #hasFilled = false;
  #isOpen = true;

  constructor(request: ApprovedOrder, { lastPrice, restOf }: Arrival) {
    this.restOf = restOf;
    this.request = request;
    this.level = levelOf(request);
    this.liquidity = waitsInBook(request, this.level, lastPrice) ? 'maker' : 'taker';
    this.#kind = request.type;
    this.#remaining = request.quantity;
  }

  /** What it acts as now: a triggered stop is a market order. */
  get kind(): ApprovedOrder['type'] {
    return this.#kind;
  }

  get remaining(): Decimal {
    return this.#remaining;
  }

  /** True for a stop that has become a market order. */
  get isTriggered(): boolean {
    return this.#kind !== this.request.type;
  }

  /** True from its first fill on. */
  get hasFilled(): boolean {
    return this.#hasFilled;
  }

  /** False once filled or cancelled. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** From here on it takes whatever price the market offers. */
  trigger(): void {
    this.#kind = 'market';
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

export interface Level {
  readonly exact: Decimal;
  readonly double: number;
}

function levelOf(request: ApprovedOrder): Level | null {
  const exact = stopPriceOf(request) ?? limitPriceOf(request);
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
