import { ConfigError } from '../core/errors.ts';
import type { BrokenLink, JournalArchive, RowDifference } from '../ports/lasting-run.ts';
import type { RunSummary } from '../ports/run-store.ts';

/** What is left of a recorded run, measured against its journal. */
export interface RunVerification {
  readonly runId: string;
  readonly sessions: number;
  /** By the number of the last one. */
  readonly events: number;
  /** Where the journal stops being what was written; null where it holds. */
  readonly brokenLink: BrokenLink | null;
  /** Null where the journal is broken: nothing can be measured against it. */
  readonly rowDifferences: readonly RowDifference[] | null;
  /** What is wrong with the database as such. */
  readonly databaseDamage: readonly string[];
}

/**
 * Reads the whole journal of a run and everything it led to. Throws a `ConfigError` for a run that
 * has no journal.
 */
export function verifyRun(journals: JournalArchive, { runId }: RunSummary): RunVerification {
  const sessions = journals.sessions(runId).length;
  if (sessions === 0) {
    throw new ConfigError(
      `a paper or live run was expected, was ${runId}, which keeps no journal: a backtest is ` +
        'verified by running it again',
    );
  }
  const databaseDamage = journals.damage();
  const brokenLink = journals.verify(runId);
  const rowDifferences = brokenLink === null ? journals.rowDifferences(runId) : null;
  const events = journals.lastLink(runId)?.seq ?? 0;
  return { runId, sessions, events, brokenLink, rowDifferences, databaseDamage };
}

/** Whether everything is as it was written. */
export function isIntact({ brokenLink, rowDifferences, databaseDamage }: RunVerification): boolean {
  return brokenLink === null && rowDifferences?.length === 0 && databaseDamage.length === 0;
}
