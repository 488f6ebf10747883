import type { AccountDifference } from '../../core/account-check.ts';
import type {
  ClientOrderId,
  VenueBalance,
  VenueOrderReport,
  VenueTrade,
} from '../../ports/exchange-account.ts';
import type { Intake } from '../../ports/intake.ts';
import { AccountAudit } from './account-audit.ts';
import { isOurs } from './client-order-id.ts';
import { ExchangeAnswers } from './exchange-answers.ts';
import { GhostOrders } from './ghost-orders.ts';
import { baseAssetOf } from './live-fill.ts';
import { LiveDesk, type LiveDeskOptions } from './live-desk.ts';
import { TradeBooking } from './trade-booking.ts';
import type { Decimal } from '../../core/decimal.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';

export interface LiveCoreOptions extends LiveDeskOptions {
  readonly intake: Intake;
  readonly symbols: readonly SymbolName[];
  readonly cashTolerance: Decimal;
}

/**
 * What reads and answers of an exchange come to, as inputs of the engine. Whatever says nothing new
 * is no input.
 */
export class LiveCore {
  readonly desk: LiveDesk;
  readonly answers: ExchangeAnswers;
  readonly audit: AccountAudit;
  readonly ghosts: GhostOrders;
  readonly #booking: TradeBooking;
  readonly #intake: Intake;

  constructor(options: LiveCoreOptions) {
    this.#intake = options.intake;
    this.desk = new LiveDesk(options);
    this.ghosts = new GhostOrders(this.desk.book);
    const { symbols, cashTolerance, logger } = options;
    this.audit = new AccountAudit({
      books: this.desk.books,
      symbols,
      instrumentOf: (symbol) => this.desk.market.instrumentOf(symbol),
      cashTolerance,
      logger,
    });
    const differ = (difference: AccountDifference): void => this.audit.note(difference);
    this.answers = new ExchangeAnswers({ desk: this.desk, audit: this.audit });
    this.#booking = new TradeBooking({
      desk: this.desk,
      differ,
      settle: (id) => this.answers.settle(id),
    });
  }

  /** Lets something enter, and with it all reports that are due. */
  input(act: () => void): void {
    this.#intake.enter(() => {
      act();
      for (const trade of this.#booking.claimed) this.#booking.show(trade);
      this.desk.due.flush();
      this.answers.forgetGuarded();
      if (this.audit.takeNews()) this.#report();
    });
  }

  /** Takes in what the exchange showed of orders and trades. */
  take(orders: readonly VenueOrderReport[], trades: readonly VenueTrade[]): void {
    const { answers } = this;
    const told = orders.filter((order) => answers.isNews(order));
    const done = trades.filter((trade) => this.#booking.isNews(trade));
    if (told.length === 0 && done.length === 0) return;
    this.input(() => {
      for (const order of told) answers.show(order);
      for (const trade of done) this.#booking.show(trade);
    });
  }

  /** Takes in balances; exits that lacked goods are planned anew by what there is now. */
  balances(rows: readonly VenueBalance[]): void {
    const { book, books } = this.desk;
    const lacking = book.all().filter(({ lacksGoods }) => lacksGoods);
    const shortfalls = (): string =>
      lacking.map(({ request }) => books.shortfall(baseAssetOf(request.symbol)).toString()).join();
    const before = shortfalls();
    this.audit.balances(rows);
    if (shortfalls() === before) return;
    this.input(() => {
      for (const { request } of lacking) this.desk.replan(request.position);
    });
  }

  absent(clientId: ClientOrderId, proof: string): void {
    this.input(() => this.answers.absent(clientId, proof));
  }

  /** The account is known: what waited goes on, and how it compares is told, news or not. */
  begin(): void {
    this.input(() => {
      this.desk.resume();
      this.audit.takeNews();
      this.#report();
    });
  }

  /** Lets in what the last comparison brought up, if anything. */
  tellDifferences(): void {
    if (this.audit.takeNews()) this.input(() => this.#report());
  }

  /** Takes in a complete list of open orders. */
  openOrders(open: readonly VenueOrderReport[], at: EpochMs): void {
    this.ghosts.see(open, at);
    this.audit.openOrders(open, (order) => this.#complaintOf(order));
  }

  /** Whether an open order at the exchange is one of this run, by its own mark or by its venue id. */
  knows(report: VenueOrderReport): boolean {
    const { book } = this.desk;
    const clientId = book.clientIdOf(report);
    if (!isOurs(clientId)) return false;
    return book.named(report) !== null || book.past(report) !== null;
  }

  #complaintOf(order: VenueOrderReport): string | null {
    const name = `order ${order.venueId} on ${order.symbol}`;
    if (this.ghosts.has(order)) {
      return `${name} was taken for over and is open at the exchange: it is called back`;
    }
    return this.knows(order) ? null : `${name} is none of this run's`;
  }

  #report(): void {
    const { clock } = this.desk.options;
    this.desk.reports.accountChecked({ at: clock.now(), differences: this.audit.differences });
  }
}
