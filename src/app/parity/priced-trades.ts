import { Decimal } from '../../core/decimal.ts';
import type { PortfolioView } from '../../ports/portfolio-view.ts';
import type { ParityDifference } from './parity-difference.ts';
import { isSameTrade, type TradeKey, type TradeResults } from './trade-results.ts';

/** An account at the end, and what its trades brought in. */
export interface TradedAccount {
  readonly account: Pick<PortfolioView, 'equity' | 'lastPrice'>;
  readonly trades: TradeResults;
}

/**
 * Gives differences without a cost of their own what their trade came to: what the backtest made of
 * it, less what the run made of it and what other differences of that trade explain already. The
 * first of a trade takes it all.
 */
export function pricedTrades(
  differences: readonly ParityDifference[],
  accounts: Readonly<Record<'run' | 'backtest', TradedAccount>>,
): readonly ParityDifference[] {
  const counted: TradeKey[] = [];
  return differences.map((each) => {
    const key = keyOf(each);
    if (each.cost !== null || key === null) return each;
    if (counted.some((other) => isSameTrade(other, key))) return each;
    counted.push(key);
    const lost = lossOf(key, accounts);
    if (lost === null) return each;
    const explained = differences.flatMap((other) => {
      const own = keyOf(other);
      return own !== null && other.cost !== null && isSameTrade(own, key) ? [other.cost] : [];
    });
    return { ...each, cost: explained.reduce((left, cost) => left.minus(cost), lost) };
  });
}

function keyOf({ strategy, symbol, entryBar }: ParityDifference): TradeKey | null {
  return entryBar === null ? null : { strategy, symbol, entryBar };
}

/** What the run made less of a trade than the backtest; null where neither made it. */
function lossOf(
  key: TradeKey,
  { run, backtest }: Readonly<Record<'run' | 'backtest', TradedAccount>>,
): Decimal | null {
  const [made, missed] = [resultOf(run, key), resultOf(backtest, key)];
  if (made === null && missed === null) return null;
  return (missed ?? Decimal.zero).minus(made ?? Decimal.zero);
}

function resultOf({ account, trades }: TradedAccount, key: TradeKey): Decimal | null {
  return trades.netOf(key, (symbol) => account.lastPrice(symbol));
}
