import { sampleDeviation } from './moments.ts';

/**
 * Standard deviation (n − 1) of the returns × √periods per year, a fraction (empyrical
 * `annual_volatility`). Null of fewer than two returns.
 */
export function annualVolatility(
  returns: readonly number[],
  periodsPerYear: number,
): number | null {
  const deviation = sampleDeviation(returns);
  return deviation === null ? null : deviation * Math.sqrt(periodsPerYear);
}
