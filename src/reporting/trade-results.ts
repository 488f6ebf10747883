import { attributeCosts, inDoubles, type CostAttribution } from './cost-attribution.ts';
import { winRate } from './metrics/win-rate.ts';
import type { RoundTrip } from './round-trips.ts';

/** What a group of round trips came to. Money in quote currency. */
export interface TradeResults {
  readonly trades: number;
  /** Null of no trades. */
  readonly win_rate: number | null;
  /** At the prices the fills met, before slippage. */
  readonly gross_pnl: number;
  readonly fees: number;
  readonly slippage: number;
  readonly net_pnl: number;
  readonly costs: CostAttribution<number>;
}

/** Results by a name of each trade; every name of `names` appears, traded or not, in that order. */
export function tradeResultsBy(
  trades: readonly RoundTrip[],
  nameOf: (trade: RoundTrip) => string,
  names: readonly string[],
): ReadonlyMap<string, TradeResults> {
  const groups = new Map<string, RoundTrip[]>(names.map((name) => [name, []]));
  for (const trade of trades) {
    const group = groups.get(nameOf(trade));
    if (group === undefined) groups.set(nameOf(trade), [trade]);
    else group.push(trade);
  }
  return new Map([...groups].map(([name, group]) => [name, resultsOf(group)]));
}

function resultsOf(trades: readonly RoundTrip[]): TradeResults {
  const exact = attributeCosts(trades);
  const costs = inDoubles(exact);
  return {
    trades: trades.length,
    win_rate: winRate(trades.map(({ netPnl }) => netPnl.toNumber())),
    gross_pnl: costs.gross,
    fees: costs.fees,
    slippage: exact.spread.plus(exact.impact).toNumber(),
    net_pnl: costs.net,
    costs,
  };
}
