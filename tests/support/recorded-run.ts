import { backtest } from '../../src/app/backtest.ts';
import type { BacktestReport } from '../../src/app/run-backtest.ts';
import type { TimeRange } from '../../src/core/time.ts';

interface RecordedRunSketch {
  /** Database with the bars; the run is recorded in it. */
  readonly file: string;
  /** As `--strategy` takes it. */
  readonly strategyId: string;
  readonly range: TimeRange;
  readonly settings: readonly string[];
}

/** What `quantsage backtest` does, in this process. */
export async function recordRun(sketch: RecordedRunSketch): Promise<BacktestReport> {
  const { file, strategyId, range, settings } = sketch;
  const { report } = await backtest({
    workspace: {
      configFiles: [],
      settings,
      databasePath: file,
      environment: { overrides: {}, noColor: true, secret: () => null, redact: (text) => text },
      verbose: false,
      log: () => {},
    },
    strategy: strategyId,
    request: { symbols: null, timeframe: null, range, exchange: null },
    exportDirectory: null,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onSample: () => undefined,
  });
  return report;
}
