import type { SymbolName } from '../core/instrument.ts';
import type { Quote } from '../core/quote.ts';

/** Present prices of one venue. Calls may throw an `ExchangeError`, as those of a `BarSource`. */
export interface QuoteSource {
  /** Of those symbols the venue has a price for; one with an empty book is left out. */
  quotes(symbols: readonly SymbolName[], signal: AbortSignal): Promise<readonly Quote[]>;
}
