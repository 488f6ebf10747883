import type { Bar } from '../core/bar.ts';
import type { Decimal } from '../core/decimal.ts';
import type { OrderId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { ApprovedOrder } from '../core/order.ts';
import type { Quote } from '../core/quote.ts';
import type { EpochMs } from '../core/time.ts';
import type { Venue, VenueReports } from '../ports/venue.ts';
import { meetingOf, onePrice, startOf } from './bar-matching.ts';
import { BarPassage } from './bar-passage.ts';
import { finalPoint, type FinalPrice } from './final-price.ts';
import { FillDesk } from './fill-desk.ts';
import { Financing } from './financing.ts';
import { refusalOf } from './order-admission.ts';
import type { Placement } from './order-snapshot.ts';
import { isSound, touchOf } from './quote-touch.ts';
import { OrderEncounters } from './order-encounters.ts';
import { QuotePassage } from './quote-passage.ts';
import { endOf } from './order-lifetime.ts';
import type { SymbolBook } from './symbol-book.ts';
import { SymbolBooks } from './symbol-books.ts';
import { forerunnerOf } from './trailing-succession.ts';
import { VenueAccount, type EntryMoment } from './venue-account.ts';
import type { SimulatedVenueOptions } from './venue-options.ts';
import type { VenueSnapshot } from './venue-snapshot.ts';
import { WorkingOrder } from './working-order.ts';

export type { EntryBarExits, MarketFillTime, SimulatedVenueOptions } from './venue-options.ts';

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
 *
 * Quotes between two bars fill at the price quoted, which holds the spread: only what the size of an
 * order costs comes on top. What rested through the bar around a quote then meets the whole of that
 * bar; what was placed after the quote, and whatever the quote left of it, meets what may have followed.
 */
export class SimulatedVenue implements Venue {
  readonly #options: SimulatedVenueOptions;
  readonly #account: VenueAccount;
  readonly #desk: FillDesk;
  readonly #financing: Financing;
  readonly #passage: BarPassage;
  readonly #quotes: QuotePassage;
  readonly #books: SymbolBooks;
  #instant: number;
  /** Close time of the latest bar of any symbol. */
  #lastClose: EpochMs;
  /** Time of the latest quote that changed anything. */
  #lastQuote: EpochMs;
  /** Null while bars follow. */
  #finalPrice: FinalPrice | null = null;

  constructor(options: SimulatedVenueOptions) {
    this.#options = options;
    const { initialCash, margin, restored } = options;
    const priceOf = (symbol: SymbolName) => books.priceOf(symbol, this.#instant);
    const books = new SymbolBooks(options, restored?.books);
    const account = new VenueAccount({
      initialCash,
      initialMargin: margin.initial,
      priceOf,
      restored: restored?.account,
      lastBar: books.lastBar,
    });
    const desk = new FillDesk({ account, rules: options, books, restored: restored?.desk });
    const encounters = new OrderEncounters(desk, options);
    this.#books = books;
    this.#account = account;
    this.#desk = desk;
    this.#passage = new BarPassage(desk, encounters);
    this.#quotes = new QuotePassage({ desk, encounters, rules: options });
    this.#financing = new Financing({ terms: margin, account, priceOf, dayEnd: restored?.dayEnd });
    this.#instant = restored?.instant ?? 0;
    this.#lastClose = restored?.lastClose ?? 0;
    this.#lastQuote = restored?.lastQuote ?? 0;
  }

  /** All that the venue goes on from, as plain data; that the session was closed is not part of it. */
  snapshot(): VenueSnapshot {
    return {
      account: this.#account.snapshot(this.#books.lastBar),
      desk: this.#desk.snapshot(),
      books: this.#books.snapshot(),
      dayEnd: this.#financing.dayEnd,
      instant: this.#instant,
      lastClose: this.#lastClose,
      lastQuote: this.#lastQuote,
    };
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
    const book = this.#books.of(request.symbol);
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
    const order = this.#books.findOrder(orderId);
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
    const order = this.#books.findOrder(orderId);
    return order?.isOpen === true && order.kind === 'stop' ? (order.standing?.exact ?? null) : null;
  }

  /** Cancels everything that rests: symbols in the order they came up, orders as they arrived. */
  cancelAll(reason: string): void {
    for (const book of this.#books.values()) {
      for (const order of book.orders) this.#desk.cancel(order, reason);
    }
  }

  observe(bar: Bar): void {
    if (bar.closeTime > this.#financing.dayEnd) this.#beginDay(bar.closeTime);
    const book = this.#books.of(bar.symbol);
    book.barBefore = book.bar;
    book.bar = bar;
    book.instant = this.#instant;
    if (bar.closeTime > this.#lastClose) this.#lastClose = bar.closeTime;
    if (book.isEmpty) return;
    this.#passage.pass(book, bar);
    book.sweep();
  }

  /**
   * Whether a quote would change anything: fill, trigger or end an order, move a trailing stop. It
   * does not where a bar of its time is known already, where it is older than another one, nor where
   * the market is closed: what is quoted then, no order of a regular session gets.
   */
  isMovedBy(quote: Quote): boolean {
    const book = this.#books.find(quote.symbol);
    if (book === null || !isSound(quote) || quote.time <= this.#lastClose) return false;
    if (book.quote !== null && quote.time < book.quote.time) return false;
    return book.tradesAt(quote.time) && this.#quotes.moves(book, quote);
  }

  quote(quote: Quote): void {
    if (!this.isMovedBy(quote)) return;
    if (quote.time > this.#financing.dayEnd) this.#beginDay(quote.time);
    if (quote.time > this.#lastQuote) this.#lastQuote = quote.time;
    const book = this.#books.of(quote.symbol);
    book.quote = quote;
    this.#quotes.pass(book, quote);
  }

  /** Symbols with orders that a quote may fill, in the order they came up. */
  workingSymbols(): readonly SymbolName[] {
    return this.#books.workingSymbols();
  }

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
  #beginDay(time: EpochMs): void {
    for (const charge of this.#financing.begin(time)) this.#desk.charge(charge);
  }

  /** The latest time anything was known of. */
  get #now(): EpochMs {
    return Math.max(this.#lastClose, this.#lastQuote);
  }

  #refusalOf(request: ApprovedOrder, book: SymbolBook): string | null {
    const now = this.#now;
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
      lastPrice: entry?.meeting.double ?? book.lastPriceFor(request.side),
      restOf: entry?.bar ?? null,
      endsAt: endOf(request, { calendar: book.calendar, now: this.#now }),
      placement: book.quote === null ? null : this.#placementAfter(book.quote, request),
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

  /** A quote of its bar was there before the order: what protects an entry by it is of the entry's bar. */
  #placementAfter(quote: Quote, { role, side, position }: ApprovedOrder): Placement {
    const { time } = quote;
    const isOfEntry = role !== 'entry' && this.#account.enteredAt(position) === time;
    const meetsBar = !isOfEntry || this.#options.entryBarExits === 'cautious';
    return { time, price: touchOf(quote, side), meetsBar };
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
    const isLast = book.quote === null && book.instant >= this.#instant - 1;
    return this.#options.fillAt === 'close' && isLast;
  }
}
