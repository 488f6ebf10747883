import type { Bar } from '../core/bar.ts';
import type { Decimal } from '../core/decimal.ts';
import type { OrderId } from '../core/ids.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { ApprovedOrder } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';
import type { Venue, VenueReports } from '../ports/venue.ts';
import { meetingOf, startOf, type LimitFillRule, type PriceSpan } from './bar-matching.ts';
import type { TradingCosts } from './fill-draft.ts';
import { FillDesk } from './fill-desk.ts';
import { refusalOf } from './order-admission.ts';
import { SymbolBook } from './symbol-book.ts';
import { VenueAccount, type EntryMoment } from './venue-account.ts';
import { WorkingOrder } from './working-order.ts';

const MARKET_FILL_TIMES = ['next_open', 'close'] as const;
export type MarketFillTime = (typeof MARKET_FILL_TIMES)[number];

export interface SimulatedVenueOptions extends TradingCosts {
  /** As they are at a time. */
  readonly instruments: (symbol: SymbolName, time: EpochMs) => Instrument;
  /** `close` fills a market order at the close it was decided on: for comparisons only. */
  readonly fillAt: MarketFillTime;
  readonly limitFill: LimitFillRule;
  /** Fraction of a bar's volume that fills may take; null sets no limit and ignores volume. */
  readonly maxVolumeShare: number | null;
  /** In quote currency. */
  readonly initialCash: Decimal;
}

/** What happens first in a bar: orders at the open, then stops, then limits. */
const PHASES = ['market', 'stop', 'limit'] as const;
type Phase = (typeof PHASES)[number];

/** A stretch of a bar, with the orders of its symbol. */
interface Stretch {
  readonly book: SymbolBook;
  readonly bar: Bar;
  readonly span: PriceSpan;
}

/**
 * An exchange made of bars. Orders fill against the bars they are shown, deterministically and to
 * the disadvantage of the order where a bar leaves the truth open.
 *
 * A protective order that arrives before `settle` for a position entered in the bar just observed
 * still meets that bar: all of it when the entry filled at the open. When the entry filled inside
 * the bar, a stop counts the whole range as yet to come; a take-profit waits for the next bar.
 *
 * A fill carries the open time of the bar it happened in; one at a close, the time of that close.
 */
export class SimulatedVenue implements Venue {
  readonly #options: SimulatedVenueOptions;
  readonly #account: VenueAccount;
  readonly #desk: FillDesk;
  readonly #books = new Map<SymbolName, SymbolBook>();
  #instant = 0;
  /** Close time of the latest bar of any symbol. */
  #lastClose: EpochMs = 0;
  #isClosing = false;

  constructor(options: SimulatedVenueOptions) {
    this.#options = options;
    this.#account = new VenueAccount(options.initialCash);
    this.#desk = new FillDesk(this.#account, options);
  }

  /** Quote currency on the venue's own books. */
  get cash(): Decimal {
    return this.#account.cash;
  }

  connect(reports: VenueReports): void {
    this.#desk.connect(reports);
  }

  submit(request: ApprovedOrder): void {
    const { id: orderId, position, role } = request;
    const book = this.#book(request.symbol);
    // What is left at the end is closed even where a venue would find it too small.
    const refusal = this.#isClosing ? null : refusalOf(request, book.instrumentAt(this.#lastClose));
    if (refusal !== null) {
      this.#desk.update({ orderId, state: 'rejected', reason: refusal });
    } else if (role !== 'entry' && this.#account.held(position).isZero) {
      this.#desk.update({ orderId, state: 'canceled', reason: 'group filled' });
    } else {
      this.#accept(request, book);
    }
  }

  cancel(orderId: OrderId, reason: string): void {
    for (const book of this.#books.values()) {
      const order = book.orders.find(({ request }) => request.id === orderId);
      if (order === undefined) continue;
      // A stop that has triggered is being executed: there is nothing left to call back. What
      // is left of an entry can always be.
      const isCallable = !order.isTriggered || order.request.role === 'entry';
      if (this.#isClosing || isCallable) this.#desk.cancel(order, reason);
      return;
    }
  }

  /** Cancels everything that rests: symbols in the order they came up, orders as they arrived. */
  cancelAll(reason: string): void {
    for (const book of this.#books.values()) {
      for (const order of book.orders) this.#desk.cancel(order, reason);
    }
  }

  observe(bar: Bar): void {
    const book = this.#book(bar.symbol);
    book.bar = bar;
    book.instant = this.#instant;
    if (bar.closeTime > this.#lastClose) this.#lastClose = bar.closeTime;
    if (book.isEmpty) return;
    this.#meetBar(book, bar);
    book.sweep();
  }

  settle(): void {
    this.#instant++;
  }

  /**
   * Ends the trading period: no bar follows. Market orders fill at once at the last close, whatever
   * the bar's volume and the instrument's steps and minima; other orders rest until cancelled.
   */
  closeSession(): void {
    this.#isClosing = true;
  }

  #accept(request: ApprovedOrder, book: SymbolBook): void {
    const entry = this.#runningEntry(request, book);
    const order = new WorkingOrder(request, {
      lastPrice: entry?.meeting.double ?? book.bar?.close ?? null,
      restOf: entry?.bar ?? null,
    });
    book.add(order);
    this.#desk.update({ orderId: request.id, state: 'accepted', reason: request.reason });
    if (entry !== null) this.#meetRestOfBar(order, book, entry);
    else if (order.kind === 'market' && book.bar !== null) this.#meetClose(order, book, book.bar);
  }

  /** How the position of an exit order was entered in the bar that still runs, or null. */
  #runningEntry({ role, type, position }: ApprovedOrder, book: SymbolBook): EntryMoment | null {
    if (role === 'entry' || type === 'market' || this.#isClosing) return null;
    if (book.bar === null || book.instant !== this.#instant) return null;
    return this.#account.entryIn(book.bar, position);
  }

  #meetBar(book: SymbolBook, bar: Bar): void {
    // What arrives in answer to these fills is not among them: it meets the rest of the bar.
    const waiting = book.orders.slice();
    const span: PriceSpan = { start: bar.open, high: bar.high, low: bar.low };
    if (book.budget.hasTrading(bar)) {
      this.#meetGap(waiting, {
        book,
        bar,
        span: { start: bar.open, high: bar.open, low: bar.open },
      });
      for (const phase of PHASES) this.#meetPhase(phase, waiting, { book, bar, span });
    }
    for (const order of waiting) this.#expire(order);
  }

  /** A stop that the bar opens beyond is out at the open, before anybody buys there. */
  #meetGap(orders: readonly WorkingOrder[], atOpen: Stretch): void {
    for (const order of orders) {
      const isStop = order.isOpen && order.kind === 'stop' && order.request.role !== 'entry';
      if (isStop) this.#meet(order, atOpen);
    }
  }

  /** Exits before entries: what a bar's volume has room for goes to who wants out. */
  #meetPhase(phase: Phase, orders: readonly WorkingOrder[], stretch: Stretch): void {
    for (const entries of [false, true]) {
      for (const order of orders) {
        if (!order.isOpen || order.kind !== phase) continue;
        if ((order.request.role === 'entry') === entries) this.#meet(order, stretch);
      }
    }
  }

  #meetRestOfBar(arrived: WorkingOrder, book: SymbolBook, entry: EntryMoment): void {
    const { bar, meeting } = entry;
    if (arrived.kind === 'stop') entry.awaitsStop = false;
    const span: PriceSpan = { start: meeting.double, high: bar.high, low: bar.low };
    for (const phase of PHASES) {
      // A take-profit that overtook its stop waits for it: the stop is taken first.
      if (phase === 'limit' && (entry.awaitsStop || !meeting.atStart)) continue;
      for (const order of book.orders) {
        if (!order.isOpen || order.restOf !== bar || order.kind !== phase) continue;
        if (order.request.position !== arrived.request.position) continue;
        this.#meet(order, { book, bar, span });
        this.#expire(order);
      }
    }
  }

  /** A market order decided on a close, where it fills on that close. */
  #meetClose(order: WorkingOrder, book: SymbolBook, bar: Bar): void {
    const ignoreVolume = this.#isClosing;
    if (!ignoreVolume && !this.#isAtClose(book)) return;
    if (ignoreVolume || book.budget.hasTrading(bar)) {
      const meeting = startOf({ start: bar.close, high: bar.close, low: bar.close });
      const time = ignoreVolume ? this.#lastClose : bar.closeTime;
      this.#desk.execute({ order, book, bar, meeting, time, goesOn: false, ignoreVolume });
    }
    this.#expire(order);
  }

  /** A symbol without a bar of this instant has no close to fill at: its last one is past. */
  #isAtClose(book: SymbolBook): boolean {
    return this.#options.fillAt === 'close' && book.instant >= this.#instant - 1;
  }

  #meet(order: WorkingOrder, { book, bar, span }: Stretch): void {
    const meeting = meetingOf(order, span, this.#options.limitFill);
    if (meeting === null) return;
    if (order.kind === 'stop') this.#trigger(order, book);
    const time = bar.openTime;
    this.#desk.execute({ order, book, bar, meeting, time, goesOn: true, ignoreVolume: false });
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

  #expire(order: WorkingOrder): void {
    if (order.request.timeInForce === 'ioc') this.#desk.cancel(order, 'not filled at once');
  }

  #book(symbol: SymbolName): SymbolBook {
    const known = this.#books.get(symbol);
    if (known !== undefined) return known;
    const { instruments, maxVolumeShare } = this.#options;
    const book = new SymbolBook((time) => instruments(symbol, time), maxVolumeShare);
    this.#books.set(symbol, book);
    return book;
  }
}
