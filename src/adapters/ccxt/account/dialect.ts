import type { SymbolName } from '../../../core/instrument.ts';
import type { Quote } from '../../../core/quote.ts';
import type { EpochMs } from '../../../core/time.ts';
import type {
  AccountIdentity,
  CancelOutcome,
  ClientOrderId,
  RefusalCause,
  VenueBalance,
  VenueOrder,
  VenueOrderRef,
  VenueOrderReport,
  VenueTrade,
} from '../../../ports/exchange-account.ts';
import type { BookedMarket } from './market-book.ts';
import type { Wire, WireCall } from './wire.ts';

/** Words of a venue in an answer that prove that it did not take the order. */
export interface Refusal {
  readonly words: RegExp;
  readonly cause: RefusalCause;
}

/** What an answer to an order says; null where it does not say it. */
export interface Placement {
  readonly venueId: string | null;
  readonly clientId: ClientOrderId | null;
}

export interface CancelWords {
  /** The order was not open (any more). */
  readonly notOpen: RegExp;
  /** The wish is known already; null where the venue has no word for that. */
  readonly sent: RegExp | null;
}

/** How one venue puts what an account needs, in requests and answers of its own. */
export interface Dialect {
  readonly refusals: readonly Refusal[];
  readonly cancelWords: CancelWords;
  /** Words of an answer that says an order does not exist. */
  readonly notFound: RegExp;
  /** Null where the venue has no such order. */
  orderRequest(order: VenueOrder, market: BookedMarket, now: EpochMs): WireCall | null;
  placement(answer: unknown): Placement;
  /** Null where the venue cannot name the order by what is known of it. */
  cancelRequest(order: VenueOrderRef, market: BookedMarket): WireCall | null;
  cancellation(answer: unknown): CancelOutcome;
  find(wire: Wire, order: VenueOrderRef): Promise<VenueOrderReport | null>;
  /** No symbols: of all. */
  openOrders(wire: Wire, symbols: readonly SymbolName[]): Promise<readonly VenueOrderReport[]>;
  closedOrders(
    wire: Wire,
    symbols: readonly SymbolName[],
    since: EpochMs,
  ): Promise<readonly VenueOrderReport[]>;
  trades(
    wire: Wire,
    symbols: readonly SymbolName[],
    since: EpochMs,
  ): Promise<readonly VenueTrade[]>;
  balances(wire: Wire): Promise<readonly VenueBalance[]>;
  identify(wire: Wire): Promise<AccountIdentity>;
  serverTime(wire: Wire): Promise<EpochMs>;
  quotes(wire: Wire, symbols: readonly SymbolName[]): Promise<readonly Quote[]>;
}
