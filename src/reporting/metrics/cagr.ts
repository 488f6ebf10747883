const DAYS_PER_YEAR = 365.25;

/**
 * Compound annual growth rate, a fraction: `(1 + total return)^(365.25 / days) − 1`, with days
 * counted on the calendar (as backtesting.py does).
 *
 * Null without time, after a loss of more than everything, and where the power exceeds a double.
 */
export function cagr(totalReturn: number | null, days: number): number | null {
  if (totalReturn === null || !(totalReturn >= -1) || !(days > 0)) return null;
  const rate = (1 + totalReturn) ** (DAYS_PER_YEAR / days) - 1;
  return Number.isFinite(rate) ? rate : null;
}
