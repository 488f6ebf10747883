import { mean, perDeviation, sampleDeviation } from './moments.ts';

/**
 * Sharpe ratio: mean / standard deviation (n − 1) × √periods per year, of returns in excess of the
 * risk-free rate (Sharpe, "The Sharpe Ratio", 1994). Reports take the risk-free rate as zero.
 *
 * Null of fewer than two returns and of returns without deviation.
 */
export function sharpeRatio(
  excessReturns: readonly number[],
  periodsPerYear: number,
): number | null {
  const ratio = perDeviation(mean(excessReturns), sampleDeviation(excessReturns));
  return ratio === null ? null : ratio * Math.sqrt(periodsPerYear);
}
