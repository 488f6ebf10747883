import { invariant, present } from '../../../src/core/assert.ts';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { toExactJson } from '../../../src/core/exact-json.ts';
import type { Fill } from '../../../src/core/fill.ts';
import {
  isFinal,
  limitPriceOf,
  transition,
  type ApprovedOrder,
  type OrderState,
  type Side,
} from '../../../src/core/order.ts';
import type { Quote } from '../../../src/core/quote.ts';
import type { SimulatedVenue } from '../../../src/execution/simulated-venue.ts';
import { LOTS, TICKS } from './order-script.ts';
import { SLIPPAGE } from './script-auditor.ts';
import type { Auditor } from './script-player.ts';

interface Watched {
  readonly order: ApprovedOrder;
  /**
   * Time of the last quote that moved anything before it; -Infinity without one, and where it
   * answers a bar: that bar is over, whatever was quoted within it.
   */
  readonly after: number;
  state: OrderState;
  lots: number;
}

/** Holds what a venue reports of orders between bars against books of its own. */
export class QuoteAuditor implements Auditor {
  readonly log: string[] = [];
  readonly fills: Fill[] = [];
  /** Fills at quotes by type of order, and quotes that moved something without one. */
  readonly seen: string[] = [];
  readonly #orders = new Map<string, Watched>();
  readonly #holdings = new Map<string, { readonly side: Side; lots: number }>();
  #venue: SimulatedVenue | null = null;
  #cash = Decimal.parse('20000');
  #bar: Bar | null = null;
  #quote: Quote | null = null;
  #lastMoved = -Infinity;
  #isInBar = false;
  #isClosing = false;

  connect(venue: SimulatedVenue): void {
    this.#venue = venue;
    venue.connect({
      charged: () => undefined,
      updated: ({ orderId, state, reason }) => {
        this.log.push(`${orderId} ${state} ${reason}`);
        const watched = present(this.#orders.get(orderId), orderId);
        watched.state = transition(watched.state, state, orderId);
      },
      filled: (fill) => this.#onFill(fill),
    });
  }

  held() {
    return [...this.#holdings].filter(([, { lots }]) => lots > 0);
  }

  lotsOf(position: string): number {
    return this.#holdings.get(position)?.lots ?? 0;
  }

  submit(order: ApprovedOrder): void {
    const state = transition('approved', 'submitted', order.id);
    const after = this.#isInBar ? -Infinity : this.#lastMoved;
    this.#orders.set(order.id, { order, after, state, lots: 0 });
    this.#audited.submit(order);
  }

  /** What is said to move something does, what is not said to does not. */
  quote(quote: Quote): void {
    const venue = this.#audited;
    const before = essenceOf(venue);
    const reported = this.log.length;
    const isMoved = venue.isMovedBy(quote);
    invariant(!isMoved || quote.time > (this.#bar?.closeTime ?? 0), 'a quote of the past is none');
    invariant(!isMoved || venue.workingSymbols().includes(quote.symbol), 'it is worth asking for');
    this.#quote = quote;
    if (isMoved) this.#lastMoved = quote.time;
    venue.quote(quote);
    this.#quote = null;
    invariant(isMoved === (essenceOf(venue) !== before), 'a quote moves what it is said to move');
    invariant(isMoved || this.log.length === reported, 'nothing is told of what is not moved');
    if (isMoved && this.log.length === reported) this.seen.push('silent');
    invariant(!venue.isMovedBy(quote), 'the same quote moves nothing twice');
    this.#audit();
  }

  observe(bar: Bar): void {
    this.#bar = bar;
    this.#isInBar = true;
    this.#audited.observe(bar);
    this.#audit();
  }

  settle(): void {
    this.#isInBar = false;
    this.#audited.settle();
  }

  cancel(pick: number): void {
    const watched = [...this.#orders.values()][pick];
    if (watched !== undefined) this.#audited.cancel(watched.order.id, 'drawn by lot');
  }

  closeSession(): void {
    this.#isClosing = true;
  }

  auditEnd(): void {
    const open = [...this.#orders.values()].filter(({ state }) => !isFinal(state));
    invariant(open.length === 0, 'every order has ended');
    invariant(this.held().length === 0, 'nothing is held');
  }

  get #audited(): SimulatedVenue {
    return present(this.#venue, 'a venue');
  }

  #audit(): void {
    invariant(this.#audited.cash.equals(this.#cash), 'cash is what the fills left of it');
  }

  #onFill(fill: Fill): void {
    this.fills.push(fill);
    const lots = Math.round(fill.quantity.toNumber() * LOTS);
    this.log.push(`${fill.orderId} ${lots} at ${fill.price.toString()} ${fill.time}`);
    const watched = present(this.#orders.get(fill.orderId), fill.orderId);
    watched.state = transition(watched.state, fill.orderState, fill.orderId);
    watched.lots += lots;
    invariant(watched.lots <= watched.order.quantity.toNumber() * LOTS + 1e-6, 'no overfill');
    this.#book(fill, watched.order, lots);
    const limit = limitPriceOf(watched.order);
    invariant(limit === null || !isWorse(fill.side, fill.price, limit), 'a limit is never passed');
    invariant(!isWorse(fill.side, fill.rawPrice, fill.price), 'no fill is better than its market');
    if (this.#quote !== null) this.#auditAtQuote(fill, watched.order, this.#quote);
    else if (!this.#isClosing) this.#auditInBar(fill, watched);
  }

  #auditAtQuote(fill: Fill, { type }: ApprovedOrder, quote: Quote): void {
    const touch = fill.side === 'buy' ? quote.ask : quote.bid;
    const exact = Decimal.fromNumber(touch);
    invariant(fill.time === quote.time, 'a fill at a quote has its time');
    invariant(!isWorse(fill.side, exact, fill.price), 'no fill is better than the touch');
    const isLimit = type === 'limit' || type === 'stop_limit';
    if (!isLimit) invariant(fill.rawPrice.equals(exact), 'what takes a price takes the touch');
    // The whole of this slippage is spread, which a quote holds already.
    invariant(fill.impact.isZero && fill.price.equals(fill.rawPrice), 'no spread is paid twice');
    this.seen.push(type);
  }

  #auditInBar(fill: Fill, { order, after }: Watched): void {
    const bar = present(this.#bar, 'a bar');
    invariant(fill.time >= after, 'nothing fills before it was ordered');
    const isOfRest = after > bar.openTime;
    const rests = order.type === 'limit' && order.timeInForce !== 'ioc';
    const isAtOnce = order.timeInForce === 'fok';
    invariant(!isOfRest || !rests || isAtOnce, 'a limit waits for the bar after that of its quote');
    if (isOfRest && order.type === 'market') {
      invariant(fill.rawPrice.toNumber() === bar.close, 'of that bar the close alone is sure');
    }
    const allowed = fill.rawPrice.toNumber() * SLIPPAGE + 1 / TICKS + 1e-9;
    const lost = fill.price.minus(fill.rawPrice).abs().toNumber();
    invariant(lost <= allowed, 'slippage stays within the model and a tick');
  }

  #book(fill: Fill, order: ApprovedOrder, lots: number): void {
    const value = fill.quantity.times(fill.price);
    this.#cash = fill.side === 'buy' ? this.#cash.minus(value) : this.#cash.plus(value);
    const holding = this.#holdings.get(order.position) ?? { side: order.side, lots: 0 };
    this.#holdings.set(order.position, holding);
    holding.lots += order.role === 'entry' ? lots : -lots;
    invariant(holding.lots >= 0, 'exits never pass zero');
    const buysIn = order.role === 'entry' && fill.side === 'buy';
    invariant(!buysIn || !this.#cash.isNegative, 'an entry never spends more than cash');
  }
}

/** All of a venue that orders and money hang on. */
function essenceOf(venue: SimulatedVenue): string {
  const { account, desk, books } = venue.snapshot();
  return toExactJson({ account, desk, orders: books.map(({ orders }) => orders) });
}

function isWorse(side: Side, price: Decimal, than: Decimal): boolean {
  return side === 'buy' ? price.greaterThan(than) : price.lessThan(than);
}
