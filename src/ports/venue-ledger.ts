import type { OrderId, TradeId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import type { ClientOrderId } from './exchange-account.ts';

/** What became of the sending of an order, as far as it is certain. */
export const VENUE_ORDER_STAGES = ['intended', 'acknowledged', 'unknown', 'over'] as const;
export type VenueOrderStage = (typeof VENUE_ORDER_STAGES)[number];

/** An order on its way through an exchange. It is on record before it is sent, and stays for ever. */
export interface VenueOrderRecord {
  readonly clientId: ClientOrderId;
  readonly orderId: OrderId;
  readonly symbol: SymbolName;
  readonly stage: VenueOrderStage;
  readonly venueId: string | null;
  /** When the intent came up. */
  readonly intendedAt: EpochMs;
  /** What the venue's tracking of it needs besides, as exact JSON. */
  readonly detail: string;
}

/** An execution that was booked. Venue, account, symbol and venue trade id are unique for ever. */
export interface VenueTradeRecord {
  readonly venueTradeId: string;
  readonly symbol: SymbolName;
  readonly tradeId: TradeId;
  readonly orderId: OrderId;
  readonly time: EpochMs;
  /** What booking it needs later (fee corrections), as exact JSON. */
  readonly detail: string;
}

/**
 * What one account's orders and executions left behind, across all runs and processes. What is put
 * here takes effect with the commit of the input it belongs to, and not at all if that fails; reads
 * see it at once.
 */
export interface VenueLedger {
  putOrder(record: VenueOrderRecord): void;
  order(clientId: ClientOrderId): VenueOrderRecord | null;
  /** The order of the running run that the exchange named so; such ids may be unique by symbol only. */
  orderAt(symbol: SymbolName, venueId: string): VenueOrderRecord | null;
  /** Orders of the running run whose stage is not `over`, in the order they were intended. */
  unfinished(): readonly VenueOrderRecord[];
  putTrade(record: VenueTradeRecord): void;
  trade(symbol: SymbolName, venueTradeId: string): VenueTradeRecord | null;
  /** Trades of an order, in the order they were booked. */
  tradesOf(orderId: OrderId): readonly VenueTradeRecord[];
}
