import type { WorkspaceOptions } from '../workspace.ts';
import { openWorkspace } from '../workspace.ts';
import { findRun } from '../find-run.ts';
import { sourcesOf } from '../replay/replay-recorded-run.ts';
import type { ParityReport } from './parity-report.ts';
import { runParity } from './run-parity.ts';

/** Compares a run of a database with its backtest. Throws a `ConfigError` for one without a journal. */
export async function parityOfRun(options: WorkspaceOptions, run: string): Promise<ParityReport> {
  const workspace = openWorkspace(options);
  try {
    const summary = findRun(workspace.recordedRuns(), run);
    return await runParity({ ...sourcesOf(workspace, summary), currency: summary.currency });
  } finally {
    workspace.close();
  }
}
