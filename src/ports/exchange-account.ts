import type { Decimal } from '../core/decimal.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { Liquidity } from '../core/fill.ts';
import type { OrderPricing, Side, TimeInForce } from '../core/order.ts';
import type { EpochMs } from '../core/time.ts';

/** An id of our own that goes out with an order: `[a-z0-9]`, at most 18 characters, never reused. */
export type ClientOrderId = string;

/** An order as an exchange gets it. Prices and quantity are on the instrument's steps already. */
export type VenueOrder = OrderPricing & {
  readonly clientId: ClientOrderId;
  readonly symbol: SymbolName;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: EpochMs | null;
  readonly isReducing: boolean;
};

/**
 * What is known after an order was sent once. `refused` is proof that the exchange did not take it;
 * `unknown` is everything else that is no plain answer: it may be working, it may not.
 */
export type PlaceOutcome =
  | { readonly kind: 'acknowledged'; readonly venueId: string }
  | { readonly kind: 'refused'; readonly cause: RefusalCause; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * `rate` may pass by itself: the exchange has no time, or could not be asked what an order needs to
 * be sent. `filter` names steps or minima that do not hold (any more): the instrument
 * is to be read again.
 */
export type RefusalCause = 'funds' | 'filter' | 'market' | 'auth' | 'rate' | 'other';

/** `sent` says only that the wish arrived; what became of the order is for a read to tell. */
export type CancelOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'not-open'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Names one order; its venue id is null until an answer has named it. */
export interface VenueOrderRef {
  readonly clientId: ClientOrderId;
  readonly venueId: string | null;
  readonly symbol: SymbolName;
}

/** `unclear` is a status no table lists, or a final one that says nothing of what was filled. */
export const VENUE_ORDER_STATUSES = [
  'open',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'pending-cancel',
  'unclear',
] as const;
export type VenueOrderStatus = (typeof VENUE_ORDER_STATUSES)[number];

/** An order as the exchange shows it. Null where it said nothing, or nothing that can be believed. */
export interface VenueOrderReport {
  readonly clientId: ClientOrderId | null;
  readonly venueId: string;
  readonly symbol: SymbolName;
  readonly side: Side | null;
  readonly status: VenueOrderStatus;
  /** The exchange's own word for it. */
  readonly statusText: string;
  readonly quantity: Decimal | null;
  /** Base units executed so far. */
  readonly filled: Decimal | null;
  readonly averagePrice: Decimal | null;
  readonly updatedAt: EpochMs | null;
}

export interface VenueFee {
  readonly currency: string;
  /** Positive when paid. */
  readonly amount: Decimal;
}

/** One execution as the exchange shows it. */
export interface VenueTrade {
  /** Unique in venue, account and symbol, for ever. */
  readonly tradeId: string;
  readonly venueOrderId: string;
  readonly clientId: ClientOrderId | null;
  readonly symbol: SymbolName;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** Null while the exchange has not said, or not in which currency. */
  readonly fee: VenueFee | null;
  readonly liquidity: Liquidity | null;
  readonly time: EpochMs;
}

export interface VenueBalance {
  readonly currency: string;
  readonly total: Decimal;
  /** Not held by open orders. */
  readonly free: Decimal;
}

/** What an exchange can do, as data: whoever trades there asks this, never for its name. */
export interface VenueCapabilities {
  readonly orderTypes: ReadonlySet<OrderPricing['type']>;
  readonly timesInForce: ReadonlySet<TimeInForce>;
  /** Name of the client id on the wire. */
  readonly clientIdField: string;
  /** Whether one query finds an order by client id, or open, closed and traded ones are looked through. */
  readonly findsByClientId: boolean;
  /** Stops rest at the exchange and work while this program does not. */
  readonly restsStops: boolean;
  /** Stop-loss and take-profit of one position may rest side by side. */
  readonly restsBothExits: boolean;
  /** Longest time after which the exchange still takes a request that was under way. */
  readonly requestValidityMs: number;
  /** Least pause between two reads of open orders. */
  readonly readPauseMs: number;
}

/** Whose account it is, and what the keys may do; null where the exchange does not say. */
export interface AccountIdentity {
  readonly accountId: string;
  readonly mayTrade: boolean | null;
  readonly mayWithdraw: boolean | null;
}

/** A report that came by itself. */
export type AccountUpdate =
  | { readonly kind: 'order'; readonly order: VenueOrderReport }
  | { readonly kind: 'trade'; readonly trade: VenueTrade };

/**
 * One account at one exchange. Reads may throw an `ExchangeError`; nothing here tries again, and
 * `place` and `cancel` never throw: what they cannot tell is an outcome. A list is all there is, or
 * the read fails; but an exchange may leave something out without a word, so what a list does not
 * show is no proof of its absence.
 */
export interface ExchangeAccount {
  readonly exchange: string;
  readonly capabilities: VenueCapabilities;
  identify(signal: AbortSignal): Promise<AccountIdentity>;
  serverTime(signal: AbortSignal): Promise<EpochMs>;
  /** What the exchange lets one trade of a symbol, read anew. */
  instrument(symbol: SymbolName, signal: AbortSignal): Promise<Instrument>;
  /** Sends the order once. */
  place(order: VenueOrder): Promise<PlaceOutcome>;
  cancel(order: VenueOrderRef): Promise<CancelOutcome>;
  /** Null where this one query did not find it. */
  find(order: VenueOrderRef, signal: AbortSignal): Promise<VenueOrderReport | null>;
  /** Of every kind the exchange has, whoever placed them. */
  openOrders(
    symbols: readonly SymbolName[],
    signal: AbortSignal,
  ): Promise<readonly VenueOrderReport[]>;
  /** Orders that ended at or after a time, as far as the exchange lists them. */
  closedOrders(
    symbols: readonly SymbolName[],
    since: EpochMs,
    signal: AbortSignal,
  ): Promise<readonly VenueOrderReport[]>;
  /** Oldest first. */
  trades(
    symbols: readonly SymbolName[],
    since: EpochMs,
    signal: AbortSignal,
  ): Promise<readonly VenueTrade[]>;
  balances(signal: AbortSignal): Promise<readonly VenueBalance[]>;
  /**
   * Follows orders and trades until the signal aborts, then resolves; rejects with an `ExchangeError`
   * when the stream breaks. `ready` is called once nothing can be missed any more. Null where the
   * exchange has no such stream.
   */
  readonly watch:
    | ((
        on: { readonly ready: () => void; readonly update: (update: AccountUpdate) => void },
        signal: AbortSignal,
      ) => Promise<void>)
    | null;
  close(): Promise<void>;
}
