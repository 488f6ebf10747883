import { present } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { PortfolioManager } from '../portfolio/portfolio-manager.ts';
import type { StrategyShare } from '../reporting/strategy-results.ts';
import type { BacktestPlan } from './backtest-plan.ts';

/** What each strategy of a run has of the capital, and what its open positions came to. */
export function strategyShares(
  { strategies, capitalShares }: Pick<BacktestPlan, 'strategies' | 'capitalShares'>,
  portfolio: Pick<PortfolioManager, 'ledger' | 'lastPrice'>,
): readonly StrategyShare[] {
  const open = openResults(portfolio);
  return strategies.map(({ id }) => ({
    id,
    capitalShare: present(capitalShares.get(id), `the capital share of ${id}`),
    openPnl: (open.get(id) ?? Decimal.zero).toNumber(),
  }));
}

/** Realised and unrealised results less fees of positions that still hold something, by strategy. */
function openResults(
  portfolio: Pick<PortfolioManager, 'ledger' | 'lastPrice'>,
): ReadonlyMap<string, Decimal> {
  const results = new Map<string, Decimal>();
  for (const held of portfolio.ledger.openPositions()) {
    const { strategy, symbol, grossPnl, fees, financing } = held.snapshot();
    const mark = present(portfolio.lastPrice(symbol), 'the last price of what is held');
    const unrealised = held.unrealised(Decimal.fromNumber(mark));
    const result = grossPnl.plus(unrealised).minus(fees).minus(financing);
    results.set(strategy, (results.get(strategy) ?? Decimal.zero).plus(result));
  }
  return results;
}
