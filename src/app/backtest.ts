import type { ReplayProgress } from '../adapters/sqlite/replay-feed.ts';
import type { Series } from '../ports/bar-store.ts';
import {
  configuredStrategy,
  loadStrategy,
  type ConfiguredStrategy,
} from './configured-strategy.ts';
import { EMPTY_BARS } from './empty-stores.ts';
import type { FillsChoice } from './fills-choice.ts';
import { planBacktest, seriesQuery, type BacktestRequest } from './plan-backtest.ts';
import { runBacktest, type BacktestResult } from './run-backtest.ts';
import { wantsSampleMarket } from './sample-data.ts';
import { selectSeries, type SeriesQuery } from './select-series.ts';
import { isStrategyFile, loadStrategyFile } from './strategy-file.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

interface BacktestCommand {
  readonly workspace: WorkspaceOptions;
  /** An id of `config/strategies`, or the path of a file of the user's own. */
  readonly strategy: string;
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
  const workspace = openWorkspace(command.workspace);
  try {
    const strategy = await strategyOf(workspace, command.strategy);
    const input = {
      config: workspace.config,
      strategy,
      request: command.request,
    };
    if (!workspace.hasDatabase()) refuseHopeless(seriesQuery(input));
    const { onSample } = command;
    const plan = planBacktest({ ...input, store: workspace.bars(), onSample });
    const { logger } = workspace;
    const { exchange, timeframe } = plan;
    const symbols = plan.series.map(({ symbol }) => symbol);
    logger.debug({ strategy: strategy.id, exchange, symbols, timeframe }, 'backtest begins');
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

async function strategyOf(workspace: Workspace, named: string): Promise<ConfiguredStrategy> {
  if (isStrategyFile(named)) return loadStrategyFile(workspace, named);
  return configuredStrategy(loadStrategy(workspace, named));
}

/** Says what is missing before a database is made that could hold nothing of it. */
function refuseHopeless(query: SeriesQuery): void {
  if (!wantsSampleMarket(EMPTY_BARS, query)) selectSeries(EMPTY_BARS, query);
}
