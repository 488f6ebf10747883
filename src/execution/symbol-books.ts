import { present } from '../core/assert.ts';
import type { Bar } from '../core/bar.ts';
import { Decimal } from '../core/decimal.ts';
import type { OrderId } from '../core/ids.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import { middleOf } from './quote-touch.ts';
import { SymbolBook, type SymbolBookSnapshot } from './symbol-book.ts';
import type { WorkingOrder } from './working-order.ts';

interface BookTerms {
  /** As they are at a time. */
  readonly instruments: (symbol: SymbolName, time: EpochMs) => Instrument;
  readonly calendarOf: (symbol: SymbolName) => TradingCalendar;
  readonly maxVolumeShare: number | null;
}

/** The book of one symbol, to go on from; plain data. */
export interface NamedBookSnapshot extends SymbolBookSnapshot {
  readonly symbol: SymbolName;
}

/** The books of all symbols, in the order they came up. */
export class SymbolBooks {
  readonly #terms: BookTerms;
  readonly #books = new Map<SymbolName, SymbolBook>();

  constructor(terms: BookTerms, restored: readonly NamedBookSnapshot[] | undefined) {
    this.#terms = terms;
    for (const book of restored ?? []) this.#open(book.symbol, book);
  }

  /** Opens a book for a symbol that has none. */
  of(symbol: SymbolName): SymbolBook {
    return this.#books.get(symbol) ?? this.#open(symbol, null);
  }

  /** The book of a symbol that came up already. */
  find(symbol: SymbolName): SymbolBook | null {
    return this.#books.get(symbol) ?? null;
  }

  readonly lastBar = (symbol: SymbolName): Bar | null => this.find(symbol)?.bar ?? null;

  /**
   * Last price known of a symbol that is held: the middle of a quote since its last bar; the open while
   * a bar of the running instant is being met, else the close.
   */
  priceOf(symbol: SymbolName, instant: number): Decimal {
    const book = this.of(symbol);
    if (book.quote !== null) return middleOf(book.quote);
    const bar = present(book.bar, `the last bar of ${symbol}, which is held`);
    return Decimal.fromNumber(book.instant === instant ? bar.open : bar.close);
  }

  values(): Iterable<SymbolBook> {
    return this.#books.values();
  }

  findOrder(orderId: OrderId): WorkingOrder | null {
    for (const book of this.#books.values()) {
      const order = book.orders.find(({ request }) => request.id === orderId);
      if (order !== undefined) return order;
    }
    return null;
  }

  /** Symbols with an order that has not come to its end. */
  workingSymbols(): readonly SymbolName[] {
    return [...this.#books]
      .filter(([, { orders }]) => orders.some(({ isOpen }) => isOpen))
      .map(([symbol]) => symbol);
  }

  snapshot(): readonly NamedBookSnapshot[] {
    return [...this.#books].map(([symbol, book]) => ({ symbol, ...book.snapshot() }));
  }

  #open(symbol: SymbolName, restored: NamedBookSnapshot | null): SymbolBook {
    const { instruments, calendarOf, maxVolumeShare } = this.#terms;
    const terms = {
      instrumentAt: (time: EpochMs) => instruments(symbol, time),
      calendar: calendarOf(symbol),
      maxVolumeShare,
    };
    const book = new SymbolBook(terms, restored);
    this.#books.set(symbol, book);
    return book;
  }
}
