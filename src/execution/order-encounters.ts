import type { Bar } from '../core/bar.ts';
import type { Side } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import {
  fillsLimit,
  inside,
  meetingOf,
  reachesStop,
  type LimitFillRule,
  type Meeting,
  type PriceSpan,
} from './bar-matching.ts';
import type { FillDesk } from './fill-desk.ts';
import type { SymbolBook } from './symbol-book.ts';
import { trailedLevel, type TrailingReference } from './trailing-stop.ts';
import type { Level, WorkingOrder } from './working-order.ts';

/** A stretch of trading, with the orders of its symbol. */
export interface Stretch {
  readonly book: SymbolBook;
  /** The bar it is of; null for a moment between two bars. */
  readonly bar: Bar | null;
  readonly span: PriceSpan;
  /** What fills in it are dated. */
  readonly time: EpochMs;
}

/** A stretch of a bar. */
export interface BarStretch extends Stretch {
  readonly bar: Bar;
}

export interface EncounterRules {
  readonly limitFill: LimitFillRule;
  readonly trailingReference: TrailingReference;
}

/** What becomes of one order in one stretch of a bar. */
export class OrderEncounters {
  readonly #desk: FillDesk;
  readonly #rules: EncounterRules;

  constructor(desk: FillDesk, rules: EncounterRules) {
    this.#desk = desk;
    this.#rules = rules;
  }

  /** Fills the order, or triggers it, where the stretch comes to its price. */
  meet(order: WorkingOrder, stretch: Stretch): void {
    const meeting = meetingOf(order, stretch.span, this.#rules.limitFill);
    if (meeting !== null) this.meetAt(order, stretch, meeting);
  }

  /** Fills the order there, or triggers it. */
  meetAt(order: WorkingOrder, stretch: Stretch, meeting: Meeting): void {
    if (order.kind !== 'stop') {
      this.#execute(order, stretch, meeting);
      return;
    }
    this.#trigger(order, stretch.book);
    if (order.level === null) this.#execute(order, stretch, meeting);
    else this.#placeLimit(order, stretch, { trigger: meeting, limit: order.level });
  }

  /**
   * Moves a trailing stop by what the market reached. The stop that stood before has been checked
   * against the stretch already.
   *
   * Where a bar closes at the moved stop or beyond, the stop was hit: the high it followed came
   * before the close, which is the last price of all, and on the way from one to the other the
   * market passed the stop. Where the close stays clear of it, the bar does not tell whether its
   * low came before the high or after; the stop then counts from the next bar on.
   *
   * After a fill inside the bar only the close is sure to have come later. So it is with a stop that
   * quotes have moved within the bar: it was hit where the bar closes beyond it. A quote that is later
   * than the bar has no part in it.
   */
  follow(order: WorkingOrder, stretch: BarStretch): void {
    order.finish(stretch.bar);
    const { book, bar, span } = stretch;
    const isLate = book.quote !== null;
    const tightened = isLate ? null : order.tightened;
    const { request, level } = order;
    if (request.type !== 'trailing_stop' || level === null) return;
    const byExtreme = this.#rules.trailingReference === 'extreme' && span.rangeFollows;
    const price = byExtreme ? extremeOf(request.side, span) : span.close;
    const { tickSize } = book.instrumentAt(bar.openTime);
    const moved = trailedLevel(request, tightened ?? level, { price, tickSize }) ?? tightened;
    if (moved === null) return;
    order.moveTo(moved, { isLate });
    const isSettledByClose = byExtreme || tightened !== null;
    if (!isSettledByClose || !reachesStop(request.side, span.close, moved)) return;
    this.#trigger(order, book);
    this.#execute(order, stretch, inside(moved));
  }

  /**
   * A stop-limit order that has just triggered arrives as a limit order at the price that triggered
   * it: the first of the stretch where that lies beyond the stop, else the stop. Where its limit
   * allows that price it fills there. Else it rests. After a trigger by the first price the whole
   * stretch may still fill it, like any limit. After one inside the stretch only the close is sure
   * to have come later, so the order fills at its limit where the close proves that the market came
   * back, and waits for the next bar where it does not.
   */
  #placeLimit(
    order: WorkingOrder,
    stretch: Stretch,
    { trigger, limit }: { readonly trigger: Meeting; readonly limit: Level },
  ): void {
    const { side } = order.request;
    const { bar, span } = stretch;
    if (allows(side, limit, trigger)) {
      order.finish(bar);
      this.#execute(order, stretch, trigger);
      order.rest();
      return;
    }
    order.rest();
    if (trigger.atStart && span.rangeFollows) return;
    order.finish(bar);
    const { limitFill } = this.#rules;
    if (fillsLimit({ side, level: limit, limitFill }, span.close)) {
      this.#execute(order, stretch, inside(limit));
    }
  }

  /** A position whose stop has triggered buys no more. */
  #trigger(stop: WorkingOrder, book: SymbolBook): void {
    stop.trigger();
    const { role, position } = stop.request;
    if (role === 'entry') return;
    for (const order of book.orders) {
      const isEntry = order.request.role === 'entry' && order.request.position === position;
      if (isEntry) this.#desk.cancel(order, 'stop triggered');
    }
  }

  #execute(order: WorkingOrder, { book, bar, time }: Stretch, meeting: Meeting): void {
    this.#desk.execute({ order, book, bar, meeting, time, goesOn: true, ignoreVolume: false });
  }
}

/** The price of a span that moves a trailing stop of that side the most. */
function extremeOf(side: Side, { high, low }: PriceSpan): number {
  return side === 'sell' ? high : low;
}

/** Compared exactly: a limit order never fills worse than its limit. */
function allows(side: Side, limit: Level, { exact }: Meeting): boolean {
  return side === 'buy' ? !exact.greaterThan(limit.exact) : !exact.lessThan(limit.exact);
}
