import { mean } from './moments.ts';

/**
 * Mean profit or loss of a trade after fees, in quote currency: win rate × average win + loss rate
 * × average loss (Van Tharp, "Trade Your Way to Financial Freedom", 1998). Null of no trades.
 */
export function expectancy(netPnls: readonly number[]): number | null {
  return mean(netPnls);
}

/** Mean of the trades that earned money after fees, in quote currency, positive; null of none. */
export function averageWin(netPnls: readonly number[]): number | null {
  return mean(netPnls.filter((pnl) => pnl > 0));
}

/** Mean of the trades that lost money after fees, in quote currency, negative; null of none. */
export function averageLoss(netPnls: readonly number[]): number | null {
  return mean(netPnls.filter((pnl) => pnl < 0));
}
