import type { AccountDifference } from '../../core/account-check.ts';
import { Decimal } from '../../core/decimal.ts';
import { quoteCurrencyOf, type Instrument, type SymbolName } from '../../core/instrument.ts';
import type { VenueBalance, VenueOrderReport } from '../../ports/exchange-account.ts';
import type { Logger } from '../../ports/logger.ts';
import type { AccountBooks } from './account-books.ts';
import { baseAssetOf } from './live-fill.ts';

/** The share of an execution's value that its fee may come to while nobody has said. */
const UNKNOWN_FEE = Decimal.parse('0.02');
/** How many lists in a row have to leave out a foreign order before it counts as gone. */
const ABSENT_LISTS = 3;

interface AccountAuditOptions {
  readonly books: AccountBooks;
  readonly symbols: readonly SymbolName[];
  readonly instrumentOf: (symbol: SymbolName) => Instrument;
  /** How much cash may differ, in its own currency: exchanges round fees. */
  readonly cashTolerance: Decimal;
  readonly logger: Logger;
}

/** A difference seen once is a read at the wrong moment; seen twice and the same, it is real. */
interface Suspicion {
  readonly excess: Decimal;
  /** Comparisons in a row that found any difference. */
  readonly times: number;
}

/** One that is there so often is real, however it changes. */
const CHANGING_TIMES = 5;

/**
 * Compares the account with what the engine's own executions make of it. It only ever tells: nothing
 * is traded, and nothing is cancelled, to make a difference go away.
 */
export class AccountAudit {
  readonly #options: AccountAuditOptions;
  readonly #standing = new Map<string, AccountDifference>();
  readonly #suspicions = new Map<string, Suspicion>();
  /** Foreign orders by venue id, with the lists in a row that left them out. */
  readonly #foreign = new Map<string, number>();
  #lastGood: readonly VenueBalance[] | null = null;
  #isNews = false;

  constructor(options: AccountAuditOptions) {
    this.#options = options;
  }

  /** All that differs, as far as it is certain. */
  get differences(): readonly AccountDifference[] {
    return [...this.#standing.values()];
  }

  /** Whether anything differs, or no longer does, that was not reported; asking again says no. */
  takeNews(): boolean {
    const isNews = this.#isNews;
    this.#isNews = false;
    return isNews;
  }

  /** Balances as they were last given with anything in them; null before that. */
  get lastGood(): readonly VenueBalance[] | null {
    return this.#lastGood;
  }

  note(difference: AccountDifference): void {
    const key = `${difference.kind} ${difference.subject}`;
    if (this.#standing.has(key)) return;
    this.#options.logger.error(
      { ...textOf(difference) },
      'the account shows what the books do not',
    );
    this.#standing.set(key, difference);
    this.#isNews = true;
  }

  /** What was noted of a kind and a subject is so no longer. */
  clear({ kind, subject }: Pick<AccountDifference, 'kind' | 'subject'>): void {
    this.#clear(`${kind} ${subject}`);
  }

  /** Takes in balances; those of an account that is suddenly blank are no balances. */
  balances(rows: readonly VenueBalance[]): void {
    const { books, logger } = this.#options;
    if (isBlank(rows) && this.#lastGood !== null && !isBlank(this.#lastGood)) {
      logger.warn({}, 'the exchange gave no balances: the last ones are kept');
      return;
    }
    this.#lastGood = rows;
    const totals = new Map(rows.map(({ currency, total }) => [currency, total]));
    books.own(totals);
    if (!books.hasBegun) {
      books.begin(totals);
      return;
    }
    for (const symbol of this.#options.symbols) {
      const base = baseAssetOf(symbol);
      const { lotStep } = this.#options.instrumentOf(symbol);
      this.#compare({ currency: base, symbol, totals, tolerance: lotStep });
    }
    for (const currency of new Set(this.#options.symbols.map(quoteCurrencyOf))) {
      this.#compare({ currency, symbol: null, totals, tolerance: this.#options.cashTolerance });
    }
  }

  /** Takes in a complete list of open orders; `complaintOf` tells what is wrong with one, or null. */
  openOrders(
    orders: readonly VenueOrderReport[],
    complaintOf: (order: VenueOrderReport) => string | null,
  ): void {
    for (const order of orders) {
      const message = complaintOf(order);
      if (message === null) continue;
      this.#foreign.set(order.venueId, 0);
      this.note({
        kind: 'foreign-order',
        symbol: order.symbol,
        subject: order.venueId,
        ours: null,
        theirs: order.quantity,
        message,
      });
    }
    const listed = new Set(orders.map(({ venueId }) => venueId));
    for (const [venueId, missed] of this.#foreign) {
      if (listed.has(venueId)) continue;
      if (missed + 1 < ABSENT_LISTS) this.#foreign.set(venueId, missed + 1);
      else {
        this.#foreign.delete(venueId);
        this.#clear(`foreign-order ${venueId}`);
      }
    }
  }

  #compare(pair: {
    readonly currency: string;
    readonly symbol: SymbolName | null;
    readonly totals: ReadonlyMap<string, Decimal>;
    readonly tolerance: Decimal;
  }): void {
    const { currency, symbol, totals } = pair;
    const { books } = this.#options;
    const ours = books.expected(currency);
    const theirs = totals.get(currency) ?? Decimal.zero;
    const excess = theirs.minus(ours);
    const tolerance = pair.tolerance.plus(books.unpriced(currency).times(UNKNOWN_FEE));
    if (!excess.abs().greaterThan(tolerance)) {
      this.#suspicions.delete(currency);
      this.#clear(`balance ${currency}`);
      return;
    }
    const before = this.#suspicions.get(currency);
    const times = (before?.times ?? 0) + 1;
    this.#suspicions.set(currency, { excess, times });
    const isSame =
      before !== undefined && !before.excess.minus(excess).abs().greaterThan(tolerance);
    if (!isSame && times < CHANGING_TIMES) return;
    this.note({
      kind: 'balance',
      symbol,
      subject: currency,
      ours,
      theirs,
      message:
        `${ours.toString()} ${currency} was expected on the account, ` +
        `was "${theirs.toString()}"`,
    });
  }

  #clear(key: string): void {
    if (this.#standing.delete(key)) this.#isNews = true;
  }
}

function isBlank(rows: readonly VenueBalance[]): boolean {
  return rows.every(({ total }) => total.isZero);
}

function textOf({ kind, symbol, subject, message }: AccountDifference) {
  return { kind, symbol, subject, message };
}
