import type { Condition } from './condition.ts';
import type { StrategyId } from './ids.ts';
import type { SymbolName } from './instrument.ts';
import type { Side } from './order.ts';
import type { Protection } from './protection.ts';
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

/** A wish to hold a position in the direction of `side`. */
export interface EntrySignal extends SignalBase {
  readonly intent: 'enter';
  readonly side: Side;
  /** In (0, 1]; scales the size. */
  readonly confidence: number;
  readonly protection: Protection;
}

/** A wish to hold nothing. */
export interface ExitSignal extends SignalBase {
  readonly intent: 'exit';
}

export type Signal = EntrySignal | ExitSignal;

/** Why the portfolio made no order from a signal. */
export const IGNORE_REASONS = [
  'position-open',
  'order-pending',
  'no-position',
  'shorting-disabled',
  'no-cash',
  'below-minimum',
] as const;
export type IgnoreReason = (typeof IGNORE_REASONS)[number];

export interface IgnoredSignal {
  /** Sequence number of the signal's event. */
  readonly signalSeq: number;
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly reason: IgnoreReason;
}
