import { mean, perDeviation } from './moments.ts';

/**
 * Sortino ratio: mean / downside deviation × √periods per year, of returns in excess of the required
 * return, zero in reports (Sortino and Price, "Performance Measurement in a Downside Risk
 * Framework", 1994).
 *
 * Null of fewer than two returns and where none fell short.
 */
export function sortinoRatio(
  excessReturns: readonly number[],
  periodsPerYear: number,
): number | null {
  if (excessReturns.length < 2) return null;
  const ratio = perDeviation(mean(excessReturns), downsideDeviation(excessReturns));
  return ratio === null ? null : ratio * Math.sqrt(periodsPerYear);
}

/**
 * √(Σ min(r, 0)² / n) per period, over all returns and not only the losing ones (empyrical
 * `downside_risk`, before annualisation). Null of no returns.
 */
export function downsideDeviation(excessReturns: readonly number[]): number | null {
  if (excessReturns.length === 0) return null;
  let squares = 0;
  for (const value of excessReturns) squares += Math.min(value, 0) ** 2;
  return Math.sqrt(squares / excessReturns.length);
}
