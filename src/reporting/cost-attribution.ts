import { Decimal } from '../core/decimal.ts';
import type { RoundTrip } from './round-trips.ts';

/**
 * What became of a profit: `gross − spread − impact − fees − financing = net`, exactly. Gross is what
 * the same trades would have made at the prices they met, costs are positive when they hurt.
 */
export interface CostAttribution<Amount = Decimal> {
  readonly gross: Amount;
  readonly spread: Amount;
  readonly impact: Amount;
  readonly fees: Amount;
  readonly financing: Amount;
  readonly net: Amount;
}

const NOTHING: CostAttribution = {
  gross: Decimal.zero,
  spread: Decimal.zero,
  impact: Decimal.zero,
  fees: Decimal.zero,
  financing: Decimal.zero,
  net: Decimal.zero,
};

/** Sums over closed trades, in quote currency. */
export function attributeCosts(trades: readonly RoundTrip[]): CostAttribution {
  return trades.reduce(
    (sum, trade) => ({
      gross: sum.gross.plus(trade.grossPnl),
      spread: sum.spread.plus(trade.spreadCost),
      impact: sum.impact.plus(trade.impactCost),
      fees: sum.fees.plus(trade.fees),
      financing: sum.financing.plus(trade.financing),
      net: sum.net.plus(trade.netPnl),
    }),
    NOTHING,
  );
}

/** The same as the nearest doubles, for reports. */
export function inDoubles(costs: CostAttribution): CostAttribution<number> {
  return {
    gross: costs.gross.toNumber(),
    spread: costs.spread.toNumber(),
    impact: costs.impact.toNumber(),
    fees: costs.fees.toNumber(),
    financing: costs.financing.toNumber(),
    net: costs.net.toNumber(),
  };
}
