import type { AnyEvent } from '../core/events.ts';
import type { RunId } from '../core/ids.ts';
import type { EpochMs } from '../core/time.ts';
import type { EquityPoint, RunEnd, RunStart } from './run-store.ts';
import type { VenueLedger } from './venue-ledger.ts';

/** Whose money a database is about. A database serves one of these for ever. */
export interface DatabaseOwner {
  /** `paper` or `live`. */
  readonly mode: string;
  readonly exchange: string;
  /** Null for a simulated account. */
  readonly account: string | null;
}

/** The state of an engine after an event, from which it goes on. */
export interface StoredState {
  /** Number of the last event it knows. */
  readonly seq: number;
  readonly savedAt: EpochMs;
  /** Exact JSON. */
  readonly state: string;
}

/** One process's share of a run: what ran between a start and its end. */
export interface RunSession {
  /** From 1 within a run. */
  readonly number: number;
  readonly startedAt: EpochMs;
  /** Effective configuration, canonical JSON, its SHA-256, and the program's version. */
  readonly config: string;
  readonly configHash: string;
  readonly version: string;
  /** Number of its first event, and what the engine began it with (exact JSON; null when fresh). */
  readonly firstSeq: number;
  readonly startState: string | null;
  /** The bars that strategies were warmed up with, as exact JSON; null until it is known. */
  readonly warmUp: string | null;
  /** Null while it runs, and for ever where its process died. */
  readonly endedAt: EpochMs | null;
  /** How it ended, e.g. `shutdown`; null as above. */
  readonly outcome: string | null;
}

/** What one input to the engine leads to: recorded as a whole or not at all. */
export interface InputRecord {
  /** All events of it, in order. */
  readonly events: readonly AnyEvent[];
  readonly equity: readonly EquityPoint[];
  /** Exact JSON of the engine's state after them. */
  readonly state: string;
  readonly at: EpochMs;
}

/**
 * A run that outlives the processes it runs in. Every event goes to the journal, every link of which
 * carries the hash of the one before.
 */
export interface LastingRun {
  readonly runId: RunId;
  /** Random, made once for the run: what client order ids are made of. */
  readonly nonce: string;
  readonly session: RunSession;
  /** Null for a run that begins. */
  readonly restored: StoredState | null;
  readonly venueLedger: VenueLedger;
  /** Notes what strategies were warmed up with, for a replay of this session. */
  warmedUp(warmUp: string): void;
  /**
   * Durable when it returns. An input that led to no event and put nothing into the venue's ledger
   * leaves no trace. Throws a `DataError` where the database cannot be written; then nothing
   * of the input is on record, and nothing may be sent. A later commit, of the same input or of the
   * next, records what could not be recorded, once.
   */
  commit(input: InputRecord): void;
  /** Ends this process's share; the run itself may go on later. */
  endSession(at: EpochMs, outcome: string): void;
  /** Ends the run for good. */
  finish(end: RunEnd): void;
}

export interface LastingRunStore {
  /** Throws a `ConfigError` where the database belongs to another mode or account. */
  claim(owner: DatabaseOwner): void;
  owner(): DatabaseOwner | null;
  /** The run that is to go on, or null where a new one begins. */
  unfinished(mode: string): RunId | null;
  begin(start: RunStart): LastingRun;
  /** Goes on with a run, in a session of its own under the configuration given. */
  resume(runId: RunId, start: RunStart): LastingRun;
}

/** One link of the journal. */
export interface JournalLink {
  readonly seq: number;
  readonly ts: EpochMs;
  readonly type: string;
  readonly causedBy: number | null;
  /** Exact JSON, in which references stand for bars that came up before. */
  readonly payload: string;
  /** SHA-256 over the hash before and everything of this link. */
  readonly hash: string;
}

/** Where a journal stops being what was written. */
export interface BrokenLink {
  readonly seq: number;
  readonly problem: string;
}

/** A row that does not say what the journal says. */
export interface RowDifference {
  readonly table: string;
  /** What tells the row apart within its run. */
  readonly key: string;
  /** Null where the whole row is missing, or one that no event made is there. */
  readonly column: string | null;
  /** What stands there, as text; for a row too many, its key. */
  readonly recorded: string | null;
  /** What the journal makes of it, as text. */
  readonly rebuilt: string | null;
}

/** The journals of recorded runs, to read. A run that goes on meanwhile does no harm. */
export interface JournalArchive {
  /** In the order they began. */
  sessions(runId: string): readonly RunSession[];
  /** In order, from a number on. */
  links(runId: string, fromSeq: number): Iterable<JournalLink>;
  /** The last one, or null where there is none. */
  lastLink(runId: string): JournalLink | null;
  /** The engine's state after the last event; null where there is none. */
  state(runId: string): StoredState | null;
  /** What the links say, as it was published, in order. Reading what was tampered with may throw. */
  events(runId: string, fromSeq: number): Iterable<AnyEvent>;
  /** The first link that does not hold, or null where all do. */
  verify(runId: string): BrokenLink | null;
  /** Rows that are not what the journal makes of them; every link must hold. */
  rowDifferences(runId: RunId): readonly RowDifference[];
  /** What is wrong with the database as such, one sentence each. Reads all of it. */
  damage(): readonly string[];
}
