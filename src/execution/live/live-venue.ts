import type { Bar } from '../../core/bar.ts';
import { ExchangeError } from '../../core/errors.ts';
import type { Decimal } from '../../core/decimal.ts';
import type { OrderId } from '../../core/ids.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { GateChange } from '../../core/operator.ts';
import type { ApprovedOrder } from '../../core/order.ts';
import type { Quote } from '../../core/quote.ts';
import type { ExchangeAccount, VenueOrderRef } from '../../ports/exchange-account.ts';
import type { Intake } from '../../ports/intake.ts';
import type { Timer } from '../../ports/timer.ts';
import type { AccountReports, Venue } from '../../ports/venue.ts';
import type { LiveVenueState } from './account-books.ts';
import { abandonOrders } from './abandon-orders.ts';
import { AccountReader } from './account-reader.ts';
import { AccountStream } from './account-stream.ts';
import { LiveCore } from './live-core.ts';
import type { LiveDeskOptions } from './live-desk.ts';
import type { LiveOrder } from './live-order.ts';
import { OrderSender } from './order-sender.ts';
import { describeProtection } from './protection-text.ts';
import { glimpseOfBar, glimpseOfQuote, watch, type Glimpse } from './watched-price.ts';

export interface LiveVenueSettings {
  /** Pause between two reads of open orders, while there are any. Milliseconds. */
  readonly pollMs: number;
  /** Pause between two comparisons of balances. Milliseconds. */
  readonly balanceMs: number;
  /** Entries that may leave in a minute; twice as many exits. */
  readonly createsPerMinute: number;
  /** How much cash may differ from the books without being a difference. */
  readonly cashTolerance: Decimal;
  /** How often the account is read before a start is given up. */
  readonly startAttempts: number;
}

export interface LiveVenueOptions extends Omit<LiveDeskOptions, 'capabilities'> {
  readonly account: ExchangeAccount;
  readonly intake: Intake;
  readonly timer: Timer;
  /** Every symbol that is traded. */
  readonly symbols: readonly SymbolName[];
  readonly settings: LiveVenueSettings;
  /** Whether entries may leave: false from the moment somebody ordered a halt, recorded or not. */
  readonly mayEnter: () => boolean;
  /** Told when something begins to keep entries away, and when it ends; never inside an input. */
  readonly onGate: (change: GateChange) => void;
}

const START_PAUSE_MS = 2_000;

/**
 * A venue that is an account at an exchange. What the engine asks for is only noted while an input
 * runs; it leaves once that input is on record, and what comes of it enters as an input of its own.
 * An order is sent once. What became of it is read, never guessed.
 */
export class LiveVenue implements Venue {
  readonly #options: LiveVenueOptions;
  readonly #core: LiveCore;
  readonly #sender: OrderSender;
  readonly #reader: AccountReader;
  readonly #stream: AccountStream;

  constructor(options: LiveVenueOptions) {
    this.#options = options;
    const { account, clock, intake, logger, mayEnter, onGate, settings, symbols, timer } = options;
    const { cashTolerance } = settings;
    const { capabilities } = account;
    const core = new LiveCore({ ...options, capabilities, cashTolerance });
    this.#core = core;
    const shared = { account, core, clock, timer, logger, mayEnter, onGate };
    const onGhost = (order: VenueOrderRef): void => this.#sender.callBack(order);
    this.#reader = new AccountReader({ ...shared, ...settings, symbols, onGhost });
    const { createsPerMinute } = settings;
    const onAnswered = (): void => this.#reader.wake();
    this.#sender = new OrderSender({ ...shared, createsPerMinute, onAnswered });
    this.#stream = new AccountStream({ ...shared, onReady: onAnswered });
    intake.onRecorded(() => {
      core.desk.release();
      this.#sender.wake();
    });
  }

  connect(reports: AccountReports): void {
    this.#core.desk.connect(reports);
  }

  submit(order: ApprovedOrder): void {
    this.#core.desk.submit(order);
  }

  cancel(orderId: OrderId, reason: string): void {
    this.#core.desk.cancel(orderId, reason);
  }

  observe(bar: Bar): void {
    this.#core.desk.market.note(bar.symbol, bar.close);
    this.#watch(bar.symbol, ({ submittedAt }) => glimpseOfBar(bar, submittedAt));
  }

  quote(quote: Quote): void {
    this.#core.desk.market.note(quote.symbol, (quote.bid + quote.ask) / 2);
    const glimpse = glimpseOfQuote(quote);
    this.#watch(quote.symbol, () => glimpse);
  }

  settle(): void {}

  /** Symbols whose prices between bars matter: the engine watches them for an order. */
  watchedSymbols(): ReadonlySet<SymbolName> {
    const watched = this.#core.desk.book.all().filter(isOnWatch);
    return new Set(watched.map(({ request }) => request.symbol));
  }

  /** Whether a price would lead to anything: what it would not is not worth an input. */
  isMovedBy(quote: Quote): boolean {
    const glimpse = glimpseOfQuote(quote);
    const { book } = this.#core.desk;
    return book.all().some((order) => {
      if (order.request.symbol !== quote.symbol || !isOnWatch(order)) return false;
      if (this.#isPaused(order)) return false;
      return (
        watch(order, glimpse, this.#core.desk.market.instrumentOf(quote.symbol).tickSize) !== null
      );
    });
  }

  /** Where an order works: at the exchange, or with the engine, which watches the market for it. */
  placeOf(orderId: OrderId): 'exchange' | 'engine' {
    const order = this.#core.desk.book.get(orderId);
    return order === null || !isOnWatch(order) ? 'exchange' : 'engine';
  }

  /** Orders that left by this process. */
  get ordersSent(): number {
    return this.#sender.sent;
  }

  /** Says in sentences which stops and targets rest at the exchange, and which the engine watches. */
  describeProtection(): readonly string[] {
    const { account } = this.#options;
    return describeProtection(account, this.#core.desk.book.all());
  }

  /** What another process needs to go on, besides the venue's ledger; plain data. */
  snapshot(): LiveVenueState {
    return this.#core.desk.books.snapshot();
  }

  /**
   * Brings the engine and the account together before anything is decided: orders that may have been
   * sent are looked for, what filled meanwhile is booked, differences are told. Sends nothing. Throws
   * an `ExchangeError` where the account could not be read; then the engine must not start.
   */
  async reconcile(signal: AbortSignal): Promise<void> {
    const { settings, timer, logger } = this.#options;
    this.#core.input(() => this.#core.desk.recover());
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#reader.read(signal);
        break;
      } catch (error) {
        const isLast = attempt >= settings.startAttempts || signal.aborted;
        if (isLast || !(error instanceof ExchangeError) || !error.isRetryable) throw error;
        logger.warn({ error: error.message, attempt }, 'the account was not read');
        await timer.wait(error.retryAfterMs ?? START_PAUSE_MS * attempt, signal);
      }
    }
    this.#core.begin();
  }

  /** Sends, reads and listens until the signal aborts. Rejects with what stops the engine. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    const failures: unknown[] = [];
    const guarded = async (part: { run(signal: AbortSignal): Promise<void> }): Promise<void> => {
      try {
        await part.run(stop.signal);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    };
    await Promise.all([this.#sender, this.#reader, this.#stream].map(guarded));
    signal.removeEventListener('abort', end);
    if (failures.length > 0) throw failures[0];
  }

  /** The first act of a shutdown: from here on no order leaves. Cancellations still do. */
  stopSending(): void {
    this.#core.desk.stopSending();
    this.#sender.wake();
  }

  /** For an engine that has stopped for good; see `abandonOrders`. Sends no order from here on. */
  async abandon(keepsEntries: boolean, signal: AbortSignal): Promise<readonly string[]> {
    const { account } = this.#options;
    this.#core.desk.stopSending();
    const orders = this.#core.desk.book.all();
    return abandonOrders({ account, orders, keepsEntries }, signal);
  }

  /** Whether no order is on its way back any more, none on its way out, and none about to fill. */
  get isQuiet(): boolean {
    const { book, due } = this.#core.desk;
    return !due.isAny && book.all().every(({ leg }) => leg.recall === null && !isUnderWay(leg));
  }

  /** A target that was not to be had at its price lets its stop rest for a while before it tries again. */
  #isPaused({ leg, request }: LiveOrder): boolean {
    return request.type === 'limit' && leg.notBefore > this.#options.clock.now();
  }

  #watch(symbol: SymbolName, glimpseFor: (order: LiveOrder) => Glimpse): void {
    const { book } = this.#core.desk;
    if (book.isEmpty) return;
    for (const { request } of book.all()) {
      const order = book.get(request.id);
      if (order === null || order.request.symbol !== symbol || !isOnWatch(order)) continue;
      if (this.#isPaused(order)) continue;
      const seen = watch(
        order,
        glimpseFor(order),
        this.#core.desk.market.instrumentOf(symbol).tickSize,
      );
      if (seen !== null) this.#core.desk.watched(order, seen);
    }
  }
}

/** Whether an order waits for a price that the engine has to see. */
function isOnWatch({ leg, ending, refusal, hasTriggered, request }: LiveOrder): boolean {
  const isWaiting = leg.phase === 'waiting' && request.type !== 'market';
  return isWaiting && !hasTriggered && ending === null && refusal === null;
}

/** What takes any price fills at once: its end is worth waiting for. */
function isUnderWay({ phase, pricing, end }: LiveOrder['leg']): boolean {
  return phase === 'sending' || (phase === 'working' && end === null && pricing.type === 'market');
}
