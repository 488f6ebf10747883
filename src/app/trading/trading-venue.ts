import type { OrderId } from '../../core/ids.ts';
import type { Venue } from '../../ports/venue.ts';

/** A venue with a life of its own in real time, around the one the engine speaks with. */
export interface TradingVenue {
  readonly venue: Venue;
  /** What it holds beyond the engine's own state, as plain data for exact JSON. */
  state(): unknown;
  /**
   * What must be settled before anything trades: the account is compared with the exchange's. Rejects
   * where that cannot be done.
   */
  prepare(signal: AbortSignal): Promise<void>;
  /** Lives until the signal aborts, then resolves; rejects where it cannot go on. */
  run(signal: AbortSignal): Promise<void>;
  /** Whether nothing is on its way any more. */
  readonly isSettled: boolean;
  /** From here on no order leaves; cancellations still do. */
  stopSending(): void;
  /**
   * For an engine that has stopped and hears nothing more: calls entries back as well as may be until
   * the signal aborts, unless they are to be kept. Tells what is left behind, one sentence each.
   */
  abandon(keepsEntries: boolean, signal: AbortSignal): Promise<readonly string[]>;
  /** What a user should know at the start, one sentence each. */
  notes(): readonly string[];
  /** Where an order works: `simulated`, `exchange`, or `engine` for what the engine watches itself. */
  placeOf(order: OrderId): string;
  /** Orders sent so far by this process. */
  readonly ordersSent: number;
}
