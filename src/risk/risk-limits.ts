import type { AssetClass } from '../core/instrument.ts';
import type { BreachPolicy } from '../core/risk.ts';

/** When a halt for daily loss ends: with the next UTC day, or only by hand. */
const DAILY_LOSS_RESETS = ['next_day', 'manual'] as const;
export type DailyLossReset = (typeof DAILY_LOSS_RESETS)[number];

/**
 * The limits of the four layers. Shares of equity and losses are fractions (0.1 is 10 %), money is
 * in quote currency; null switches a limit off.
 */
export interface RiskLimits {
  readonly position: {
    /** Largest share of equity in one strategy's position in one symbol. */
    readonly maxFraction: number | null;
    /** Farthest a stop-loss may lie from the reference price; where set, an entry needs a stop. */
    readonly stopLoss: Readonly<Record<AssetClass, number | null>>;
    /** Take-profit distance in stop-loss distances, where a strategy names none: a default, no check. */
    readonly takeProfitRatio: number | null;
  };
  readonly symbol: {
    /** Largest share of equity in one symbol, over all strategies. */
    readonly maxExposure: number | null;
  };
  readonly portfolio: {
    /** Largest share of equity in all positions together. */
    readonly maxInvested: number | null;
    readonly correlation: {
      /** Symbols whose returns correlate above this belong together. */
      readonly threshold: number | null;
      /** Returns that a correlation is taken over. */
      readonly lookbackBars: number;
      /** Largest share of equity in symbols that belong together; 0 refuses every such entry. */
      readonly maxGroupExposure: number | null;
    };
  };
  readonly system: {
    /** Largest loss since the start of the UTC day, as a fraction of that day's opening equity. */
    readonly maxDailyLoss: number | null;
    /** Largest fraction that equity may lie below its peak. */
    readonly maxDrawdown: number | null;
    readonly dailyLossReset: DailyLossReset;
    readonly onBreach: BreachPolicy;
    /** Entries approved within any sixty seconds. */
    readonly maxOrdersPerMinute: number | null;
    /** Entries approved within one UTC day. */
    readonly maxOrdersPerDay: number | null;
    /** Largest value of a single entry. */
    readonly maxOrderNotional: number | null;
    /** Largest value of all entries approved within one UTC day, filled or not. */
    readonly maxDailyNotional: number | null;
  };
}
