/** Share of trades that earned money after fees; a trade of exactly zero is no win. Null of none. */
export function winRate(netPnls: readonly number[]): number | null {
  if (netPnls.length === 0) return null;
  return netPnls.filter((pnl) => pnl > 0).length / netPnls.length;
}
