import type { BacktestReport } from './backtest-report.ts';

/** What a run came to by one set of books. Money in quote currency. */
export interface FillOutcome {
  readonly final_equity: number;
  readonly total_return: number | null;
  readonly sharpe_ratio: number | null;
  readonly max_drawdown: number | null;
  readonly profit_factor: number | null;
  /** Of all closed trades. */
  readonly net_pnl: number;
  readonly fees: number | null;
  readonly slippage: number | null;
}

/** One run with its fills as they were, better, and worse. */
export interface FillComparison {
  readonly optimistic: FillOutcome;
  readonly base: FillOutcome;
  readonly pessimistic: FillOutcome;
  /** Whether the run gains with pessimistic fills too; null where it does not even with its own. */
  readonly edge_survives: boolean | null;
}

type ComparedReports = Readonly<
  Record<'optimistic' | 'base' | 'pessimistic', Omit<BacktestReport, 'fills'>>
>;

/** Puts three reports of one run side by side. */
export function compareFills({ optimistic, base, pessimistic }: ComparedReports): FillComparison {
  const gains = ({ metrics }: Pick<BacktestReport, 'metrics'>) => (metrics.total_return ?? 0) > 0;
  return {
    optimistic: outcomeOf(optimistic),
    base: outcomeOf(base),
    pessimistic: outcomeOf(pessimistic),
    edge_survives: gains(base) ? gains(pessimistic) : null,
  };
}

function outcomeOf({
  final_equity,
  metrics,
  costs,
}: Pick<BacktestReport, 'final_equity' | 'metrics' | 'costs'>): FillOutcome {
  return {
    final_equity,
    total_return: metrics.total_return,
    sharpe_ratio: metrics.sharpe_ratio,
    max_drawdown: metrics.max_drawdown,
    profit_factor: metrics.profit_factor,
    net_pnl: costs?.net ?? 0,
    fees: metrics.total_fees,
    slippage: metrics.total_slippage,
  };
}
