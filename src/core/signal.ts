import type { Condition } from './condition.ts';
import type { OrderId, StrategyId } from './ids.ts';
import type { SymbolName } from './instrument.ts';
import type { Side, TimeInForce } from './order.ts';
import type { ProtectiveLevel, Protection, StopLevel } from './protection.ts';
import type { EpochMs } from './time.ts';

interface SignalBase {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  /** Open time of the bar whose close led to this signal. */
  readonly barOpenTime: EpochMs;
  /** Close of that bar: the price the decision was made at. */
  readonly price: number;
  readonly reason: string;
  readonly conditions: readonly Condition[];
}

/** How far behind the best price a trailing stop is to follow. */
export type WishedTrail =
  | { readonly kind: 'distance'; readonly distance: number }
  | { readonly kind: 'fraction'; readonly fraction: number };

/** What kind of order carries a wish out, with its prices in quote currency. */
export type WishedPricing =
  | { readonly type: 'market' }
  | { readonly type: 'limit'; readonly limitPrice: number }
  | { readonly type: 'stop'; readonly stopPrice: number }
  | { readonly type: 'stop_limit'; readonly stopPrice: number; readonly limitPrice: number }
  | { readonly type: 'trailing_stop'; readonly trail: WishedTrail };

/** How a wish is to be ordered; null leaves it to the configuration. */
export interface OrderTerms {
  readonly pricing: WishedPricing;
  /** Null: until filled, for an entry at most `execution.entry_bars`. */
  readonly timeInForce: TimeInForce | null;
  /** When a `gtd` order ends. */
  readonly expiresAt: EpochMs | null;
  /** Base units. Null: position sizing decides on an entry, an exit is for all that is held. */
  readonly quantity: number | null;
}

/** A market order of the configured size. */
export const USUAL_TERMS: OrderTerms = Object.freeze({
  pricing: Object.freeze({ type: 'market' }),
  timeInForce: null,
  expiresAt: null,
  quantity: null,
});

/** A wish to hold a position in the direction of `side`. */
export interface EntrySignal extends SignalBase {
  readonly intent: 'enter';
  readonly side: Side;
  readonly terms: OrderTerms;
  /** Entries of one name exclude one another: the first to fill cancels the others. */
  readonly oneCancelsOther: string | null;
  /** In (0, 1]; scales the size. */
  readonly confidence: number;
  readonly protection: Protection;
}

/** A wish to hold less, or nothing. */
export interface ExitSignal extends SignalBase {
  readonly intent: 'exit';
  readonly terms: OrderTerms;
}

/** A wish to take back an order of one's own. */
export interface CancelSignal extends SignalBase {
  readonly intent: 'cancel';
  readonly orderId: OrderId;
}

/** What an order is to be like from now on; null leaves as it is. */
export interface OrderChanges {
  /** Base units in all, what has filled already included. */
  readonly quantity: number | null;
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly trail: WishedTrail | null;
}

/** A wish to change an order of one's own: it is cancelled, and another takes its place. */
export interface ReplaceSignal extends SignalBase {
  readonly intent: 'replace';
  readonly orderId: OrderId;
  readonly changes: OrderChanges;
}

/** A wish to protect the position held otherwise; `keep` leaves a leg as it is, null removes it. */
export interface ProtectSignal extends SignalBase {
  readonly intent: 'protect';
  readonly stopLoss: StopLevel | null | 'keep';
  readonly takeProfit: ProtectiveLevel | null | 'keep';
}

export type Signal = EntrySignal | ExitSignal | CancelSignal | ReplaceSignal | ProtectSignal;
export const SIGNAL_INTENTS = ['enter', 'exit', 'cancel', 'replace', 'protect'] as const;

/** Why the portfolio made no order from a signal. */
export const IGNORE_REASONS = [
  'position-open',
  'order-pending',
  'no-position',
  'shorting-disabled',
  'no-cash',
  'below-minimum',
  'order-final',
  'wrong-side-protection',
  'too-late',
] as const;
export type IgnoreReason = (typeof IGNORE_REASONS)[number];

export interface IgnoredSignal {
  /** Sequence number of the signal's event. */
  readonly signalSeq: number;
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly reason: IgnoreReason;
}
