import { Decimal } from '../core/decimal.ts';
import { winRate } from './metrics/win-rate.ts';
import type { RoundTrip } from './round-trips.ts';

/** What a group of round trips came to. Money in quote currency. */
export interface TradeResults {
  readonly trades: number;
  /** Null of no trades. */
  readonly win_rate: number | null;
  readonly gross_pnl: number;
  readonly fees: number;
  readonly slippage: number;
  readonly net_pnl: number;
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
  return {
    trades: trades.length,
    win_rate: winRate(trades.map(({ netPnl }) => netPnl.toNumber())),
    gross_pnl: total(trades.map(({ grossPnl }) => grossPnl)),
    fees: total(trades.map(({ fees }) => fees)),
    slippage: total(trades.map(({ slippage }) => slippage)),
    net_pnl: total(trades.map(({ netPnl }) => netPnl)),
  };
}

function total(amounts: readonly Decimal[]): number {
  return amounts.reduce((sum, amount) => sum.plus(amount), Decimal.zero).toNumber();
}
