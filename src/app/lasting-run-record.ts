import type { EpochMs } from '../core/time.ts';
import type { JournalArchive } from '../ports/lasting-run.ts';
import type { RunSummary } from '../ports/run-store.ts';

/** One process's share of a run, for people. */
interface SessionRecord {
  readonly number: number;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly outcome: string | null;
  readonly configHash: string;
  readonly version: string;
  /** How many events it brought. */
  readonly events: number;
}

export interface LastingRunRecord {
  readonly run: RunSummary;
  readonly sessions: readonly SessionRecord[];
}

/** The sessions of a run, with what each brought; none for a run of one process. */
export function lastingRunRecord(journals: JournalArchive, run: RunSummary): LastingRunRecord {
  const sessions = journals.sessions(run.runId);
  const lastSeq = journals.lastLink(run.runId)?.seq ?? 0;
  return {
    run,
    sessions: sessions.map((session, at) => {
      const { number, startedAt, endedAt, outcome, configHash, version, firstSeq } = session;
      const next = sessions[at + 1]?.firstSeq ?? lastSeq + 1;
      const events = next - firstSeq;
      return { number, startedAt, endedAt, outcome, configHash, version, events };
    }),
  };
}
