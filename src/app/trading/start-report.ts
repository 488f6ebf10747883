import type { Position } from '../../core/position.ts';
import type { LastingRun } from '../../ports/lasting-run.ts';
import type { RiskLimits } from '../../risk/risk-limits.ts';
import type { TradingPlan } from './plan-trading.ts';
import type { TradingAccount } from './trading-account.ts';
import type { TradingSession } from './trading-session.ts';

/** What is printed before the first decision: who trades what, where, with how much, how bounded. */
export interface StartReport {
  readonly mode: string;
  readonly run_id: string;
  readonly session: number;
  /** True where the run goes on from an earlier session. */
  readonly resumed: boolean;
  readonly exchange: string;
  /** Null for a simulated account. */
  readonly account: string | null;
  /** Of the exchange; empty for a simulated account. Decimals as text. */
  readonly balances: readonly {
    readonly currency: string;
    readonly total: string;
    readonly free: string;
  }[];
  readonly strategies: readonly string[];
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly currency: string;
  readonly equity: number;
  readonly cash: string;
  readonly positions: number;
  readonly open_orders: number;
  readonly limits: RiskLimits;
  readonly config_hash: string;
  /** What a user should know of, one sentence each. */
  readonly notes: readonly string[];
}

interface Started {
  readonly plan: TradingPlan;
  readonly run: LastingRun;
  readonly account: TradingAccount;
  readonly session: Pick<TradingSession, 'engine' | 'venue'>;
}

/** How things stand just before the first decision. */
export function startReport({ plan, run, account, session }: Started): StartReport {
  const { engine, venue } = session;
  const { portfolio } = engine;
  return {
    mode: account.owner.mode,
    run_id: run.runId,
    session: run.session.number,
    resumed: run.restored !== null,
    exchange: plan.exchange,
    account: account.owner.account,
    balances: account.balances.map(({ currency, total, free }) => {
      return { currency, total: total.toString(), free: free.toString() };
    }),
    strategies: plan.strategies.map(({ id }) => id),
    symbols: plan.symbols,
    timeframe: plan.timeframe,
    currency: plan.currency,
    equity: portfolio.equity,
    cash: portfolio.cash.toString(),
    positions: portfolio.openPositions().filter((each) => !portfolio.isDust(each)).length,
    open_orders: portfolio.allOpenOrders().length,
    limits: plan.limits,
    config_hash: plan.configHash,
    notes: [...account.notes, ...orphanNotes(plan, portfolio.openPositions()), ...venue.notes()],
  };
}

/** What is held and no strategy of this session decides on. */
function orphanNotes(plan: TradingPlan, positions: readonly Position[]): readonly string[] {
  return positions.flatMap(({ strategy, symbol, quantity }) => {
    const owner = plan.strategies.find(({ id }) => id === strategy);
    if (owner?.symbols.includes(symbol) === true) return [];
    return [
      `${quantity.toString()} ${symbol} are held for ${strategy}, which does not trade it in this ` +
        'session: only stop-loss, take-profit and "quantsage flatten" close them',
    ];
  });
}
