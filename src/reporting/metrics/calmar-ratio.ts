/**
 * CAGR / maximum drawdown (Young, "Calmar Ratio: A Smoother Tool", 1991), here over the whole run
 * instead of three years. Null where there was no drawdown or no CAGR.
 */
export function calmarRatio(cagr: number | null, maxDrawdown: number | null): number | null {
  if (cagr === null || maxDrawdown === null || maxDrawdown === 0) return null;
  return cagr / maxDrawdown;
}
