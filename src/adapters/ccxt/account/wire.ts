import type { EpochMs } from '../../../core/time.ts';
import type { MarketBook } from './market-book.ts';

/** A method of ccxt's implicit API: one request of the venue's own, signed and spaced by ccxt. */
export interface WireCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Reads of one caller. They throw an `ExchangeError`, or the reason of the caller's signal. */
export interface Wire {
  readonly exchange: string;
  readonly markets: MarketBook;
  now(): EpochMs;
  /** The answer with every number as the text it was. */
  ask(call: WireCall, wanted: string): Promise<unknown>;
  /** As `ask`; null where the venue says that it has no such thing. */
  askFor(call: WireCall, wanted: string): Promise<unknown>;
  /** The name that all venues share, for an asset of this one. */
  currency(id: string): string;
}
