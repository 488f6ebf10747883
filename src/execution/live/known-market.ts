import { Decimal } from '../../core/decimal.ts';
import type { Instrument, SymbolName } from '../../core/instrument.ts';
import type { OrderRequest } from '../../core/order.ts';

/** What is known of symbols besides their configuration: their last prices, and steps read anew. */
export class KnownMarket {
  readonly #instrumentOf: (symbol: SymbolName) => Instrument;
  readonly #reread = new Map<SymbolName, Instrument>();
  readonly #lastPrice = new Map<SymbolName, Decimal>();

  constructor(instrumentOf: (symbol: SymbolName) => Instrument) {
    this.#instrumentOf = instrumentOf;
  }

  /** Notes a price, so that what is sent next can be measured from it. */
  note(symbol: SymbolName, price: number): void {
    if (Number.isFinite(price) && price > 0) this.#lastPrice.set(symbol, Decimal.fromNumber(price));
  }

  /** The last price known, else the one that was known when the order was asked for. */
  referenceOf({ symbol, referencePrice }: OrderRequest): Decimal {
    return this.#lastPrice.get(symbol) ?? Decimal.fromNumber(referencePrice);
  }

  instrumentOf(symbol: SymbolName): Instrument {
    return this.#reread.get(symbol) ?? this.#instrumentOf(symbol);
  }

  /** An exchange said anew what it lets one trade of a symbol. */
  reread(instrument: Instrument): void {
    this.#reread.set(instrument.symbol, instrument);
  }
}
