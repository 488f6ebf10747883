import { Decimal } from '../../core/decimal.ts';
import { ConfigError } from '../../core/errors.ts';
import type { RunSummary } from '../../ports/run-store.ts';
import { findRun } from '../find-run.ts';
import { VERSION } from '../version.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../workspace.ts';
import { isReplayed, replayRun, type ReplayedSession, type ReplaySources } from './replay-run.ts';

/** What a replay of a whole run came to. */
export interface RunReplay {
  readonly runId: string;
  readonly mode: string;
  /** Of the program that replays. */
  readonly version: string;
  readonly isIdentical: boolean;
  /** Events that came out the same, and orders among them. */
  readonly events: number;
  readonly orders: number;
  readonly sessions: readonly ReplayedSession[];
}

/** Replays the journal of a run of a database. Throws a `ConfigError` for one that keeps none. */
export async function replayRecordedRun(
  options: WorkspaceOptions,
  run: string,
): Promise<RunReplay> {
  const workspace = openWorkspace(options);
  try {
    const summary = findRun(workspace.recordedRuns(), run);
    const sessions = await replayRun(sourcesOf(workspace, summary));
    return {
      runId: summary.runId,
      mode: summary.mode,
      version: VERSION,
      isIdentical: sessions.every(isReplayed),
      events: sum(sessions.map(({ events }) => events)),
      orders: sum(sessions.map(({ orders }) => orders)),
      sessions,
    };
  } finally {
    workspace.close();
  }
}

/** Where the record of a run is. Throws a `ConfigError` for one that keeps no journal. */
export function sourcesOf(
  workspace: Workspace,
  { runId, mode, initialCapital }: RunSummary,
): ReplaySources {
  const journal = workspace.journals();
  if (journal.sessions(runId).length === 0) {
    throw new ConfigError(
      `a paper or live run was expected, was ${runId}, which keeps no journal: a backtest is ` +
        'replayed by running it again',
    );
  }
  return {
    runId,
    mode,
    initialCapital: Decimal.parse(initialCapital),
    journal,
    archive: workspace.archive(),
    store: workspace.bars(),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
