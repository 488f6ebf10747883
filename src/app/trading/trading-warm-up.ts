import { warmupBarsOf } from '../warmup-bars.ts';
import type { TradingPlan } from './plan-trading.ts';

/** Wilder's average forgets its beginning by a factor of (n − 1) / n a bar: after so many it is gone. */
const ATR_PERIODS = 40;

/**
 * Bars an engine must have seen before its first decision, so that it decides as one that has run for
 * long: those of the strategies, of the correlations that risk judges by, and of sizing by range.
 */
export function tradingWarmUp({ strategies, limits, sizing }: TradingPlan): number {
  const { threshold, maxGroupExposure, lookbackBars } = limits.portfolio.correlation;
  const correlates = threshold !== null && maxGroupExposure !== null;
  return Math.max(
    warmupBarsOf(strategies),
    // So many returns take one close more.
    correlates ? lookbackBars + 1 : 0,
    sizing.method === 'volatility_target' ? sizing.atrPeriod * ATR_PERIODS : 0,
  );
}
