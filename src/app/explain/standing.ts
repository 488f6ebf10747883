import type { Bar } from '../../core/bar.ts';
import { Decimal } from '../../core/decimal.ts';
import type { PositionSide } from '../../core/position.ts';
import { formatTime } from '../../core/time.ts';
import type { Business, RecordedOrder, RunArchive } from '../../ports/run-archive.ts';
import { END_REASONS } from '../run-backtest.ts';
import { explainedOrder, wasOver, type ExplainedOrder, type Moment } from './order-story.ts';

/** What a strategy held of a symbol when it decided on a bar. */
export interface HeldPosition {
  readonly id: string;
  readonly side: PositionSide;
  readonly quantity: number;
  /** Mean, slippage included. */
  readonly entryPrice: number;
  readonly entryTime: string;
  /** Before fees, at the close of the bar. */
  readonly unrealisedPnl: number;
}

/** An order that might still fill, with what had filled by then. */
export type OpenOrderThen = Pick<
  ExplainedOrder,
  'id' | 'role' | 'side' | 'type' | 'quantity' | 'limitPrice' | 'stopPrice' | 'reason'
> & { readonly filled: number; readonly requestedAt: string };

export interface HaltThen {
  readonly check: string;
  readonly limit: number | null;
  readonly actual: number | null;
  readonly since: string;
  readonly message: string;
}

const OUTSIDE: ReadonlySet<string> = new Set(Object.values(END_REASONS));

/**
 * How things stood when strategies decided on a bar: after all that its arrival brought about, and
 * before the first signal of that instant and all that came of it.
 */
export class Standing {
  readonly #archive: RunArchive;
  readonly #run: string;
  readonly #bar: Bar;
  /** Number of the first signal of the instant: decisions began with it. */
  readonly #decided: number;

  constructor(archive: RunArchive, run: string, bar: Bar) {
    this.#archive = archive;
    this.#run = run;
    this.#bar = bar;
    this.#decided = archive.firstSignalAt(run, bar.closeTime) ?? Infinity;
  }

  /** The halt in force, on which entries were refused; null while trading went on. */
  halt(): HaltThen | null {
    const { closeTime } = this.#bar;
    const last = this.#archive.alertsUntil(this.#run, closeTime).filter(this.#precedes).at(-1);
    if (last?.kind !== 'halted') return null;
    const { check, limit, actual, message } = last;
    return { check, limit, actual, since: formatTime(last.ts), message };
  }

  position(business: Business): HeldPosition | null {
    const { openTime: from, closeTime: until } = this.#bar;
    const candidates = this.#archive.positionsWithin(this.#run, business, { from, until });
    for (const { id, side, entryTime } of candidates) {
      const orders = this.#archive.ordersOfPosition(this.#run, id);
      const { quantity, entryPrice } = this.#holding(orders);
      if (!quantity.isPositive) continue;
      const moved = (this.#bar.close - entryPrice) * quantity.toNumber();
      return {
        id,
        side,
        quantity: quantity.toNumber(),
        entryPrice,
        entryTime: formatTime(entryTime),
        unrealisedPnl: side === 'long' ? moved : -moved,
      };
    }
    return null;
  }

  openOrders(business: Business): readonly OpenOrderThen[] {
    return this.#archive
      .ordersAround(this.#run, business, this.#bar.closeTime)
      .filter((order) => this.#wasRequested(order) && !wasOver(order, this.#precedes))
      .map((order) => {
        const { id, role, side, type, quantity, limitPrice, stopPrice, reason } =
          explainedOrder(order);
        const filled = sum(order.fills.filter(this.#precedes).map((fill) => fill.quantity));
        const requestedAt = formatTime(order.requestedTs);
        const prices = { limitPrice, stopPrice };
        const what = { id, role, side, type, quantity, ...prices, reason };
        return { ...what, filled: filled.toNumber(), requestedAt };
      });
  }

  readonly #precedes = ({ ts, seq, reason }: Moment): boolean => {
    if (ts !== this.#bar.closeTime) return ts < this.#bar.closeTime;
    return seq < this.#decided && !OUTSIDE.has(reason ?? '');
  };

  #wasRequested({ requestedTs: ts, requestedSeq: seq, reason }: RecordedOrder): boolean {
    return this.#precedes({ ts, seq, reason });
  }

  #holding(orders: readonly RecordedOrder[]) {
    let quantity = Decimal.zero;
    let entered = Decimal.zero;
    let paid = Decimal.zero;
    for (const order of orders) {
      const { reason } = order;
      for (const fill of order.fills.filter((each) => this.#precedes({ ...each, reason }))) {
        const amount = Decimal.parse(fill.quantity);
        if (order.role !== 'entry') quantity = quantity.minus(amount);
        else {
          quantity = quantity.plus(amount);
          entered = entered.plus(amount);
          paid = paid.plus(amount.times(Decimal.parse(fill.price)));
        }
      }
    }
    return { quantity, entryPrice: paid.toNumber() / entered.toNumber() };
  }
}

function sum(amounts: readonly string[]): Decimal {
  return amounts.reduce((total, amount) => total.plus(Decimal.parse(amount)), Decimal.zero);
}
