import type { ReplayProgress } from '../adapters/sqlite/replay-feed.ts';
import type { Series } from '../ports/bar-store.ts';
import { EMPTY_BARS } from './empty-stores.ts';
import type { FillsChoice } from './fills-choice.ts';
import { planBacktest, seriesQuery, type BacktestRequest } from './plan-backtest.ts';
import { runBacktest, type BacktestResult } from './run-backtest.ts';
import { strategiesToRun } from './run-strategies.ts';
import { wantsSampleMarket } from './sample-data.ts';
import { selectSeries, type SeriesQuery } from './select-series.ts';
import { openWorkspace, type WorkspaceOptions } from './workspace.ts';

interface BacktestCommand {
  readonly workspace: WorkspaceOptions;
  /**
   * Ids of `config/strategies` and paths of files of the user's own, with commas between them; null
   * takes those of `portfolio.strategies`.
   */
  readonly strategy: string | null;
  readonly request: BacktestRequest;
  readonly exportDirectory: string | null;
  /** Whose fills the result is about; those of the run itself where nothing is said. */
  readonly fills?: FillsChoice;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
  readonly onSample: (series: readonly Series[]) => void;
}

/** From configuration files and a database to a recorded result. */
export async function backtest(command: BacktestCommand): Promise<BacktestResult> {
  const workspace = openWorkspace({ ...command.workspace, runsStrategies: true });
  try {
    const strategies = await strategiesToRun(workspace, command.strategy);
    const input = { config: workspace.config, strategies, request: command.request };
    if (!workspace.hasDatabase()) refuseHopeless(seriesQuery(input));
    const { onSample } = command;
    const plan = planBacktest({ ...input, store: workspace.bars(), onSample });
    const { logger } = workspace;
    const { exchange, timeframe } = plan;
    const symbols = plan.series.map(({ symbol }) => symbol);
    logger.debug({ strategy: plan.strategyName, exchange, symbols, timeframe }, 'backtest begins');
    const result = await runBacktest(plan, {
      bars: workspace.bars(),
      runs: workspace.runs(),
      exportDirectory: command.exportDirectory,
      fills: command.fills ?? 'base',
      signal: command.signal,
      onProgress: command.onProgress,
      timer: () => performance.now(),
      now: () => Date.now(),
    });
    const { run_id, status, result_hash, bars, halted } = result.report;
    const { seconds } = result;
    logger.debug({ run_id, status, result_hash, bars, seconds, halted }, 'backtest ended');
    return result;
  } finally {
    workspace.close();
  }
}

/** Says what is missing before a database is made that could hold nothing of it. */
function refuseHopeless(query: SeriesQuery): void {
  if (!wantsSampleMarket(EMPTY_BARS, query)) selectSeries(EMPTY_BARS, query);
}
