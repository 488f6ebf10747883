import type { Quote } from '../core/quote.ts';
import { PHASES, type Phase } from './bar-passage.ts';
import {
  fillsLimit,
  inside,
  onePrice,
  reachesStop,
  startOf,
  type LimitFillRule,
  type Meeting,
} from './bar-matching.ts';
import type { FillDesk } from './fill-desk.ts';
import type { EncounterRules, OrderEncounters } from './order-encounters.ts';
import { touchOf } from './quote-touch.ts';
import type { SymbolBook } from './symbol-book.ts';
import { trailedLevel } from './trailing-stop.ts';
import type { Level, WorkingOrder } from './working-order.ts';

interface QuotePassageOptions {
  readonly desk: FillDesk;
  readonly encounters: OrderEncounters;
  readonly rules: EncounterRules;
}

/**
 * Takes the orders of a symbol through a quote: a moment in which a buy meets what is asked and a sell
 * what is bid, for any quantity. They are taken in the order of a bar.
 *
 * What a quote would change is told first and exactly: a quote that changes nothing may be left out.
 */
export class QuotePassage {
  readonly #desk: FillDesk;
  readonly #encounters: OrderEncounters;
  readonly #rules: EncounterRules;

  constructor({ desk, encounters, rules }: QuotePassageOptions) {
    this.#desk = desk;
    this.#encounters = encounters;
    this.#rules = rules;
  }

  /** Whether an order would fill, trigger, end, or have its stop moved. */
  moves(book: SymbolBook, quote: Quote): boolean {
    return book.orders.some((order) => order.isOpen && this.#isMoved(order, book, quote));
  }

  pass(book: SymbolBook, quote: Quote): void {
    // What arrives in answer to these fills is not among them: it waits for a later price.
    const waiting = book.orders.slice();
    for (const order of waiting) if (order.endsAt <= quote.time) this.#desk.expire(order);
    for (const order of waiting) {
      const isOut = order.kind === 'stop' && order.request.role !== 'entry';
      if (isOut && takesPart(order, quote)) this.#meet(order, book, quote);
    }
    for (const phase of PHASES) this.#meetPhase(phase, waiting, { book, quote });
    for (const order of waiting) if (takesPart(order, quote)) this.#desk.endAtOnce(order);
  }

  #isMoved(order: WorkingOrder, book: SymbolBook, quote: Quote): boolean {
    if (order.endsAt <= quote.time) return true;
    if (!takesPart(order, quote)) return false;
    if (order.isImmediate) return true;
    // Exits are there as long as something is held: each order that meets a price changes by it.
    const meets = quoteMeeting(order, quote, this.#rules.limitFill) !== null;
    return meets || this.#trailed(order, book, quote) !== null;
  }

  #meetPhase(
    phase: Phase,
    orders: readonly WorkingOrder[],
    { book, quote }: { readonly book: SymbolBook; readonly quote: Quote },
  ): void {
    for (const entries of [false, true]) {
      for (const order of orders) {
        const isOfPhase = phase === 'trail' ? order.isTrailing : order.kind === phase;
        const isNext = isOfPhase && (order.request.role === 'entry') === entries;
        if (!isNext || !takesPart(order, quote)) continue;
        if (phase === 'trail') this.#follow(order, book, quote);
        else this.#meet(order, book, quote);
      }
    }
  }

  #meet(order: WorkingOrder, book: SymbolBook, quote: Quote): void {
    const meeting = quoteMeeting(order, quote, this.#rules.limitFill);
    if (meeting === null) return;
    const { kind } = order;
    const price = touchOf(quote, order.request.side);
    const { time } = quote;
    this.#encounters.meetAt(order, { book, bar: null, span: onePrice(price), time }, meeting);
    // What has triggered is another order than the one that the bar around the quote found.
    if (order.kind !== kind) order.replace({ time, price, meetsBar: true });
  }

  #follow(order: WorkingOrder, book: SymbolBook, quote: Quote): void {
    const moved = this.#trailed(order, book, quote);
    if (moved !== null) order.tighten(moved);
  }

  /** Where a quote moves a trailing stop; null where it stays, as all do that only closes move. */
  #trailed(order: WorkingOrder, book: SymbolBook, quote: Quote): Level | null {
    const { request, standing, isTrailing } = order;
    if (this.#rules.trailingReference !== 'extreme' || !isTrailing) return null;
    if (request.type !== 'trailing_stop' || standing === null) return null;
    const { tickSize } = book.instrumentAt(quote.time);
    return trailedLevel(request, standing, { price: touchOf(quote, request.side), tickSize });
  }
}

/** A quote says nothing of the time before it: it meets what was there. */
function takesPart({ isOpen, placement }: WorkingOrder, { time }: Quote): boolean {
  return isOpen && (placement === null || placement.time < time);
}

/**
 * Where an order meets a quote, null where it does not: at the price quoted. A limit that rested was
 * met at its own price, on the way of the market to the one that is quoted.
 */
function quoteMeeting(
  { kind, standing, request, liquidity, isImmediate }: WorkingOrder,
  quote: Quote,
  limitFill: LimitFillRule,
): Meeting | null {
  const { side } = request;
  const price = touchOf(quote, side);
  if (standing === null) return startOf(onePrice(price));
  if (kind === 'stop') return reachesStop(side, price, standing) ? startOf(onePrice(price)) : null;
  if (!fillsLimit({ side, level: standing, limitFill }, price)) return null;
  return liquidity === 'maker' && !isImmediate ? inside(standing) : startOf(onePrice(price));
}
