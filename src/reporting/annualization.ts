import type { AssetClass } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';

/** How daily equity becomes yearly ratios. */
export interface Annualization {
  /** Returns in a year: ratios scale with its square root. */
  readonly periodsPerYear: number;
  /**
   * Whether a UTC day without a mark counts as a day on which equity stood still. Markets that
   * never close trade on it; a stock exchange does not.
   */
  readonly everyDay: boolean;
}

/**
 * 365 calendar days as soon as crypto takes part, 252 sessions for stocks alone, and 52 for stocks
 * on weekly bars, whose marks are a week apart.
 */
export function annualizationOf(
  assetClasses: readonly AssetClass[],
  timeframe: Timeframe,
): Annualization {
  if (assetClasses.includes('crypto')) return { periodsPerYear: 365, everyDay: true };
  return { periodsPerYear: timeframe === '1w' ? 52 : 252, everyDay: false };
}
