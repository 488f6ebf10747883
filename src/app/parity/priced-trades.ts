import { Decimal } from '../../core/decimal.ts';
import type { PortfolioView } from '../../ports/portfolio-view.ts';
import type { ParityDifference } from './parity-difference.ts';
import type { TradeKey, TradeResults } from './trade-results.ts';

/** An account at the end, and what its trades brought in. */
export interface TradedAccount {
  readonly account: Pick<PortfolioView, 'equity' | 'lastPrice'>;
  readonly trades: TradeResults;
}

/**
 * Gives differences without a cost of their own the results of the trades that came of the decision:
 * what the backtest made of it, less what the run made of it. A decision counts once.
 */
export function pricedTrades(
  differences: readonly ParityDifference[],
  { run, backtest }: Readonly<Record<'run' | 'backtest', TradedAccount>>,
): readonly ParityDifference[] {
  const counted = new Set<string>();
  return differences.map((each) => {
    const { strategy, symbol, barOpenTime, cost } = each;
    if (cost !== null || barOpenTime === null) return each;
    const text = `${barOpenTime} ${strategy} ${symbol}`;
    if (counted.has(text)) return each;
    counted.add(text);
    const key = { strategy, symbol, barOpenTime };
    const [made, missed] = [resultOf(run, key), resultOf(backtest, key)];
    if (made === null && missed === null) return each;
    return { ...each, cost: (missed ?? Decimal.zero).minus(made ?? Decimal.zero) };
  });
}

function resultOf({ account, trades }: TradedAccount, key: TradeKey): Decimal | null {
  return trades.netOf(key, (symbol) => account.lastPrice(symbol));
}
