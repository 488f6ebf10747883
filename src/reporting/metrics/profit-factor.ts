/**
 * Sum of the winning trades / |sum of the losing trades|, in money after fees (Wilder, "New
 * Concepts in Technical Trading Systems", 1978). Null where nothing was lost: no trade, or only wins.
 */
export function profitFactor(netPnls: readonly number[]): number | null {
  let won = 0;
  let lost = 0;
  for (const pnl of netPnls) {
    if (pnl > 0) won += pnl;
    else lost -= pnl;
  }
  return lost === 0 ? null : won / lost;
}
