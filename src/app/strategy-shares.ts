import { present } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { PortfolioManager } from '../portfolio/portfolio-manager.ts';
import type { RebookedRun } from '../reporting/rebooked-run.ts';
import type { StrategyShare } from '../reporting/strategy-results.ts';
import type { BacktestPlan } from './backtest-plan.ts';

type Account = Pick<PortfolioManager, 'ledger' | 'lastPrice'>;
/** Other books of the same run; null for its own. */
type OtherBooks = Pick<RebookedRun, 'gainedBy'> | null;

/** What each strategy of a run has of the capital, and what its open positions came to. */
export function strategyShares(
  { strategies, capitalShares }: Pick<BacktestPlan, 'strategies' | 'capitalShares'>,
  portfolio: Account,
  books: OtherBooks,
): readonly StrategyShare[] {
  const open = openResults(portfolio, books);
  return strategies.map(({ id }) => ({
    id,
    capitalShare: present(capitalShares.get(id), `the capital share of ${id}`),
    openPnl: (open.get(id) ?? Decimal.zero).toNumber(),
  }));
}

/** Realised and unrealised results less fees of positions that still hold something, by strategy. */
function openResults(portfolio: Account, books: OtherBooks): ReadonlyMap<string, Decimal> {
  const results = new Map<string, Decimal>();
  for (const held of portfolio.ledger.openPositions()) {
    const { id, strategy, symbol, grossPnl, fees, financing } = held.snapshot();
    const mark = present(portfolio.lastPrice(symbol), 'the last price of what is held');
    const unrealised = held.unrealised(Decimal.fromNumber(mark));
    const own = grossPnl.plus(unrealised).minus(fees).minus(financing);
    const result = books === null ? own : own.plus(books.gainedBy(id));
    results.set(strategy, (results.get(strategy) ?? Decimal.zero).plus(result));
  }
  return results;
}
