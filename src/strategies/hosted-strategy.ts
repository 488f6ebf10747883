import type { SessionDays } from '../core/bucket-grid.ts';
import type { Condition } from '../core/condition.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import type { TimeframeReadiness } from './further-timeframes.ts';
import type { InformativeReadiness } from './informative-symbols.ts';
import type { StrategyDefinition } from './strategy.ts';

/** A strategy as the configuration asks for it. */
export interface HostedStrategy {
  readonly id: StrategyId;
  readonly definition: StrategyDefinition;
  /** What the definition's schema made of the parameters. */
  readonly params: unknown;
  readonly symbols: readonly SymbolName[];
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  /** When a symbol trades: what its days and weeks are built by. */
  readonly calendarOf: (symbol: SymbolName) => SessionDays;
}

/** How far a strategy is on a symbol. */
export interface Readiness {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  /** Bars of its own timeframe after which it is sure to decide; perhaps it does earlier. */
  readonly warmupBars: number;
  readonly barsSeen: number;
  /** It decides on the next bar of a trading period. */
  readonly isWarm: boolean;
  /** The longer timeframes it asked for. */
  readonly further: readonly TimeframeReadiness[];
  /** The symbols it looks at besides. */
  readonly informative: readonly InformativeReadiness[];
  /** Open time of the first bar it decided on; null while it warms up. */
  readonly decidesSince: EpochMs | null;
}

/** How one named rule of a strategy stood on a bar. */
export interface Explanation {
  readonly strategy: StrategyId;
  readonly rule: string;
  readonly holds: boolean;
  readonly conditions: readonly Condition[];
  /** What keeps it from holding; null while it holds. */
  readonly firstFailing: Condition | null;
}
