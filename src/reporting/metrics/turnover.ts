/**
 * Traded notional / mean equity over the whole run: purchases and sales both count, nothing is
 * annualised. Buying and selling the whole account once is a turnover of about two. Null where
 * the mean equity is unknown or not positive.
 */
export function turnover(tradedNotional: number, meanEquity: number | null): number | null {
  return meanEquity === null || !(meanEquity > 0) ? null : tradedNotional / meanEquity;
}
