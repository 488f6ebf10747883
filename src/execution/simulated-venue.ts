import { present } from '../core/assert.ts';
import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { OrderId } from '../core/ids.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { MarginTerms } from '../core/margin.ts';
import type { ApprovedOrder } from '../core/order.ts';
import type { Quote } from '../core/quote.ts';
import type { EpochMs } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import type { Venue, VenueReports } from '../ports/venue.ts';
import { meetingOf, onePrice, startOf } from './bar-matching.ts';
import { BarPassage } from './bar-passage.ts';
import { finalPoint, type FinalPrice } from './final-price.ts';
import { FillDesk, type DeskRules } from './fill-desk.ts';
import { Financing } from './financing.ts';
import { refusalOf } from './order-admission.ts';
import { OrderEncounters, type EncounterRules } from './order-encounters.ts';
import { endOf } from './order-lifetime.ts';
import { SymbolBook } from './symbol-book.ts';
import { forerunnerOf } from './trailing-succession.ts';
import { VenueAccount, type EntryMoment } from './venue-account.ts';
import { WorkingOrder } from './working-order.ts';

const MARKET_FILL_TIMES = ['next_open', 'close'] as const;
export type MarketFillTime = (typeof MARKET_FILL_TIMES)[number];

const ENTRY_BAR_EXITS = ['cautious', 'at_open', 'never'] as const;
/**
 * Whether protective orders meet the bar their entry filled in: always, to the disadvantage of the
 * position where the bar leaves the truth open; where a market entry filled at the bar's open; or
 * from the next bar on.
 */
export type EntryBarExits = (typeof ENTRY_BAR_EXITS)[number];

export interface SimulatedVenueOptions extends DeskRules, EncounterRules {
  /** As they are at a time. */
  readonly instruments: (symbol: SymbolName, time: EpochMs) => Instrument;
  /** When a symbol trades: `day` orders end with its sessions. */
  readonly calendarOf: (symbol: SymbolName) => TradingCalendar;
  /** `close` fills a market order at the close it was decided on: for comparisons only. */
  readonly fillAt: MarketFillTime;
  readonly entryBarExits: EntryBarExits;
  /** Fraction of a bar's volume that fills may take; null sets no limit and ignores volume. */
  readonly maxVolumeShare: number | null;
  /** In quote currency. */
  readonly initialCash: Decimal;
  readonly margin: Omit<MarginTerms, 'maintenance'>;
}

/**
 * An exchange made of bars. Orders fill against the bars they are shown, deterministically and to
 * the disadvantage of the order where a bar leaves the truth open.
 *
 * A protective order that arrives before `settle` for a position entered in the bar just observed
 * still meets that bar: all of it when the entry filled at the open. When the entry filled inside
 * the bar, a stop counts the whole range as yet to come; a take-profit waits for the next bar. So
 * it is where exits of the entry bar are `cautious`.
 *
 * Orders of one bar are taken in a fixed order: at the open, stops, limits, and among these exits
 * before entries and each as it arrived. So it is decided, too, which of a group of entries fills
 * where a bar reaches several: the bar does not tell.
 *
 * A fill carries the open time of the bar it happened in; one at a close, the time of that close.
 *
 * An entry is cut to what the account's margin carries. Loans are paid for, day by day, when the
 * first bar of the next UTC day arrives, before anything fills in it; the day of the last bar is not.
 */
export class SimulatedVenue implements Venue {
  readonly #options: SimulatedVenueOptions;
  readonly #account: VenueAccount;
  readonly #desk: FillDesk;
  readonly #financing: Financing;
  readonly #passage: BarPassage;
  readonly #books = new Map<SymbolName, SymbolBook>();
  #instant = 0;
  /** Close time of the latest bar of any symbol. */
  #lastClose: EpochMs = 0;
  /** Null while bars follow. */
  #finalPrice: FinalPrice | null = null;

  constructor(options: SimulatedVenueOptions) {
    this.#options = options;
    const { initialCash, margin } = options;
    const priceOf = (symbol: SymbolName) => this.#priceOf(symbol);
    this.#account = new VenueAccount({ initialCash, initialMargin: margin.initial, priceOf });
    this.#desk = new FillDesk(this.#account, options, this.#books);
    this.#passage = new BarPassage(this.#desk, new OrderEncounters(this.#desk, options));
    this.#financing = new Financing({ terms: margin, account: this.#account, priceOf });
  }

  /** Quote currency on the venue's own books. */
  get cash(): Decimal {
    return this.#account.cash;
  }

  connect(reports: VenueReports): void {
    this.#desk.connect(reports);
  }

  submit(request: ApprovedOrder): void {
    const { id: orderId } = request;
    const book = this.#book(request.symbol);
    // What is left at the end is closed even where a venue would find it too small.
    const refusal = this.#isClosing ? null : this.#refusalOf(request, book);
    if (refusal !== null) {
      this.#desk.update({ orderId, state: 'rejected', reason: refusal });
      return;
    }
    const reason = this.#overtakenBy(request);
    if (reason === null) this.#accept(request, book);
    else this.#desk.update({ orderId, state: 'canceled', reason });
  }

  cancel(orderId: OrderId, reason: string): void {
    const order = this.#find(orderId);
    if (order === null) return;
    // A stop that has triggered is being executed: there is nothing left to call back. What is left
    // of an entry can always be.
    const isCallable = !order.isBeingExecuted || order.request.role === 'entry';
    if (this.#isClosing || isCallable) this.#desk.cancel(order, reason);
  }

  /**
   * Where the stop of an order stands now, which for a trailing one is no longer where it began;
   * null for an order without one, and for one that has triggered or ended.
   */
  workingStop(orderId: OrderId): Decimal | null {
    const order = this.#find(orderId);
    return order?.isOpen === true && order.kind === 'stop' ? (order.level?.exact ?? null) : null;
  }

  /** Cancels everything that rests: symbols in the order they came up, orders as they arrived. */
  cancelAll(reason: string): void {
    for (const book of this.#books.values()) {
      for (const order of book.orders) this.#desk.cancel(order, reason);
    }
  }

  observe(bar: Bar): void {
    if (bar.closeTime > this.#financing.dayEnd) this.#beginDay(bar);
    const book = this.#book(bar.symbol);
    book.barBefore = book.bar;
    book.bar = bar;
    book.instant = this.#instant;
    if (bar.closeTime > this.#lastClose) this.#lastClose = bar.closeTime;
    if (book.isEmpty) return;
    this.#passage.pass(book, bar);
    book.sweep();
  }

  quote(_quote: Quote): void {}

  settle(): void {
    this.#instant++;
    this.#desk.settle();
  }

  /**
   * Ends the trading period: no bar follows. Market orders fill at once at that price, whatever the
   * last bar's volume and the instrument's steps and minima; others rest until cancelled.
   */
  closeSession(finalPrice: FinalPrice = 'close'): void {
    this.#finalPrice = finalPrice;
  }

  get #isClosing(): boolean {
    return this.#finalPrice !== null;
  }

  /** What the days before cost is due before anything of the new day happens. */
  #beginDay({ closeTime }: Bar): void {
    for (const charge of this.#financing.begin(closeTime)) this.#desk.charge(charge);
  }

  /** Last price known: the open while a bar of the running instant is being met, else the close. */
  #priceOf(symbol: SymbolName): Decimal {
    const book = this.#book(symbol);
    const bar = present(book.bar, `the last bar of ${symbol}, which is held`);
    return Decimal.fromNumber(book.instant === this.#instant ? bar.open : bar.close);
  }

  #find(orderId: OrderId): WorkingOrder | null {
    for (const book of this.#books.values()) {
      const order = book.orders.find(({ request }) => request.id === orderId);
      if (order !== undefined) return order;
    }
    return null;
  }

  #refusalOf(request: ApprovedOrder, book: SymbolBook): string | null {
    const now = this.#lastClose;
    return refusalOf(request, { instrument: book.instrumentAt(now), now });
  }

  /** Why there is nothing left to do for an order that arrives, or null. */
  #overtakenBy(request: ApprovedOrder): string | null {
    if (request.role === 'entry') return this.#desk.exclusionOf(request);
    return this.#account.held(request.position).isZero ? 'group filled' : null;
  }

  #accept(request: ApprovedOrder, book: SymbolBook): void {
    const entry = this.#runningEntry(request, book);
    const order = new WorkingOrder(request, {
      lastPrice: entry?.meeting.double ?? book.bar?.close ?? null,
      restOf: entry?.bar ?? null,
      endsAt: endOf(request, { calendar: book.calendar, now: this.#lastClose }),
    });
    const forerunner = forerunnerOf(request, book.orders);
    if (forerunner !== null) order.succeed(forerunner);
    book.add(order);
    this.#desk.update({ orderId: request.id, state: 'accepted', reason: request.reason });
    if (entry !== null) this.#passage.passRest(order, book, entry);
    else if (book.bar === null) return;
    else if (this.#finalPrice === null) this.#meetClose(order, book, book.bar);
    else if (order.kind === 'market') this.#meetEnd(order, book, book.bar, this.#finalPrice);
  }

  /** How the position of an exit order was entered in the bar that still runs, or null. */
  #runningEntry({ role, type, position }: ApprovedOrder, book: SymbolBook): EntryMoment | null {
    const { entryBarExits } = this.#options;
    if (role === 'entry' || type === 'market' || entryBarExits === 'never') return null;
    if (this.#isClosing || book.bar === null || book.instant !== this.#instant) return null;
    const entry = this.#account.entryIn(book.bar, position);
    return entryBarExits === 'at_open' && entry?.isAtOpen !== true ? null : entry;
  }

  /** What is to fill at once meets the close it was decided on, where orders fill on that close. */
  #meetClose(order: WorkingOrder, book: SymbolBook, bar: Bar): void {
    if ((order.kind !== 'market' && !order.isImmediate) || !this.#isAtClose(book)) return;
    const meeting = meetingOf(order, onePrice(bar.close), this.#options.limitFill);
    if (meeting !== null && book.budget.hasTrading(bar)) {
      const time = bar.closeTime;
      this.#desk.execute({ order, book, bar, meeting, time, goesOn: false, ignoreVolume: false });
    }
    this.#desk.endAtOnce(order);
  }

  /** A market order after the last bar. */
  #meetEnd(order: WorkingOrder, book: SymbolBook, bar: Bar, final: FinalPrice): void {
    const { barBefore } = book;
    const enteredAt = this.#account.enteredAt(order.request.position);
    const lastBars = { bar, barBefore, lastClose: this.#lastClose, enteredAt };
    const { price, time } = finalPoint(final, lastBars);
    const meeting = startOf(onePrice(price));
    this.#desk.execute({ order, book, bar, meeting, time, goesOn: false, ignoreVolume: true });
    this.#desk.endAtOnce(order);
  }

  /** A symbol without a bar of this instant has no close to fill at: its last one is past. */
  #isAtClose(book: SymbolBook): boolean {
    return this.#options.fillAt === 'close' && book.instant >= this.#instant - 1;
  }

  #book(symbol: SymbolName): SymbolBook {
    const known = this.#books.get(symbol);
    if (known !== undefined) return known;
    const { instruments, calendarOf, maxVolumeShare } = this.#options;
    const book = new SymbolBook({
      instrumentAt: (time) => instruments(symbol, time),
      calendar: calendarOf(symbol),
      maxVolumeShare,
    });
    this.#books.set(symbol, book);
    return book;
  }
}
