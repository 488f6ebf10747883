import type { StrategyId } from '../core/ids.ts';
import type { RoundTrip } from './round-trips.ts';
import { tradeResultsBy, type TradeResults } from './trade-results.ts';

/** What one of the strategies on an account came to. Money in quote currency. */
export interface StrategyResults extends TradeResults {
  /** Result so far of positions still open, at their last marks and after the fees paid. */
  readonly open_pnl: number;
  /** `net_pnl + open_pnl`: over all strategies what the account made before interest it paid. */
  readonly contribution: number;
  /** The part of the capital that is the strategy's own, a fraction. */
  readonly capital_share: number;
  /** `contribution` as a fraction of that part of the initial capital; null where it has none. */
  readonly return_on_share: number | null;
}

/** Who shares an account, and what each still held when the run was over. */
export interface StrategyShare {
  readonly id: StrategyId;
  readonly capitalShare: number;
  readonly openPnl: number;
}

/** Results by strategy, in the order the strategies are given in; each is there, traded or not. */
export function strategyResults(
  trades: readonly RoundTrip[],
  shares: readonly StrategyShare[],
  initialCapital: number,
): Readonly<Record<string, StrategyResults>> {
  const ids = shares.map(({ id }) => id);
  const results = tradeResultsBy(trades, ({ strategy }) => strategy, ids);
  const shareOf = new Map<string, StrategyShare>(shares.map((share) => [share.id, share]));
  return Object.fromEntries(
    [...results].map(([id, result]) => {
      const { capitalShare, openPnl } = shareOf.get(id) ?? { capitalShare: 0, openPnl: 0 };
      const contribution = result.net_pnl + openPnl;
      return [
        id,
        {
          ...result,
          open_pnl: openPnl,
          contribution,
          capital_share: capitalShare,
          return_on_share: capitalShare > 0 ? contribution / (initialCapital * capitalShare) : null,
        },
      ];
    }),
  );
}
