import type { ReplayProgress } from '../adapters/sqlite/replay-feed.ts';
import type { Series } from '../ports/bar-store.ts';
import { configText, configuredStrategy, loadStrategy } from './configured-strategy.ts';
import { planBacktest, type BacktestRequest } from './plan-backtest.ts';
import { runBacktest, type BacktestResult } from './run-backtest.ts';
import { openWorkspace, type WorkspaceOptions } from './workspace.ts';

interface BacktestCommand {
  readonly workspace: WorkspaceOptions;
  readonly strategyId: string;
  readonly request: BacktestRequest;
  readonly exportDirectory: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
  readonly onSample: (series: readonly Series[]) => void;
}

/** From configuration files and a database to a recorded result. */
export async function backtest(command: BacktestCommand): Promise<BacktestResult> {
  const workspace = openWorkspace(command.workspace);
  try {
    const loaded = loadStrategy(workspace, command.strategyId);
    const plan = planBacktest({
      config: workspace.config,
      configText: configText(workspace, loaded),
      strategy: configuredStrategy(loaded),
      request: command.request,
      store: workspace.bars(),
      onSample: command.onSample,
    });
    return await runBacktest(plan, {
      bars: workspace.bars(),
      runs: workspace.runs(),
      exportDirectory: command.exportDirectory,
      signal: command.signal,
      onProgress: command.onProgress,
      timer: () => performance.now(),
      now: () => Date.now(),
    });
  } finally {
    workspace.close();
  }
}
