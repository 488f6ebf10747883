import { invariant } from '../../core/assert.ts';
import type { RunId } from '../../core/ids.ts';
import type { EpochMs } from '../../core/time.ts';
import type {
  DatabaseOwner,
  InputRecord,
  LastingRun,
  RunSession,
  StoredState,
} from '../../ports/lasting-run.ts';
import type { RunEnd } from '../../ports/run-store.ts';
import type { VenueLedger } from '../../ports/venue-ledger.ts';
import type { Database } from './database.ts';
import { writeDurably } from './durable-write.ts';
import { JournalRows, type JournalHead } from './journal-rows.ts';
import { RecalledOrders } from './recalled-orders.ts';
import { writeRunEnd } from './run-end.ts';
import { RunRows } from './run-rows.ts';
import { SessionRows } from './session-rows.ts';
import { SqliteVenueLedger } from './venue-ledger.ts';

interface LastingRunOptions {
  readonly runId: RunId;
  readonly nonce: string;
  readonly owner: DatabaseOwner;
  readonly session: RunSession;
  readonly restored: StoredState | null;
  readonly head: JournalHead;
}

/** What `PRAGMA synchronous` reads when every commit is on the disk before it returns. */
const SYNCHRONOUS_FULL = 2;

/**
 * A run whose every input is one transaction: its links of the journal, the rows they make, what the
 * venue noted, and the engine's state after it.
 */
export class SqliteLastingRun implements LastingRun {
  readonly runId: RunId;
  readonly nonce: string;
  readonly session: RunSession;
  readonly restored: StoredState | null;
  readonly #database: Database;
  readonly #sessions: SessionRows;
  readonly #journal: JournalRows;
  readonly #rows: RunRows;
  readonly #ledger: SqliteVenueLedger;
  /** Something was taken that is not on record yet. */
  #isOwing = false;
  #isOver = false;

  constructor(database: Database, options: LastingRunOptions) {
    const { runId, owner, head } = options;
    this.runId = runId;
    this.nonce = options.nonce;
    this.session = options.session;
    this.restored = options.restored;
    this.#database = database;
    this.#sessions = new SessionRows(database);
    this.#journal = new JournalRows(database, runId, head);
    const orders = new RecalledOrders(database, runId);
    const recall = orders.find.bind(orders);
    this.#rows = new RunRows(database, runId, { hasLateAnswers: true, recall });
    this.#ledger = new SqliteVenueLedger(database, runId, owner);
    // In WAL mode SQLite falls back to less with the first write unless told otherwise.
    const synchronous = database.pragma('synchronous', { simple: true });
    invariant(synchronous === SYNCHRONOUS_FULL, `commits of run ${runId} must be durable`);
  }

  get venueLedger(): VenueLedger {
    return this.#ledger;
  }

  warmedUp(warmUp: string): void {
    this.#write('noting the warm-up', () => {
      this.#sessions.warmedUp(this.runId, this.session.number, warmUp);
    });
  }

  commit(input: InputRecord): void {
    const isNews = input.events.length > 0 || !this.#ledger.isClean;
    if (!isNews && !this.#isOwing) return;
    this.#isOwing = true;
    this.#take(input);
    this.#write('recording an input', () => {
      this.#rows.write(true);
      this.#journal.write(input.at, input.state);
      this.#ledger.write();
    });
    this.#rows.committed();
    this.#journal.committed();
    this.#ledger.committed();
    this.#isOwing = false;
  }

  endSession(at: EpochMs, outcome: string): void {
    this.#write('ending the session', () => {
      this.#sessions.ended(this.runId, this.session.number, { at, outcome });
    });
    this.#isOver = true;
  }

  finish(end: RunEnd): void {
    this.#write('ending the run', () => {
      const { finishedAt: at, status: outcome } = end;
      this.#sessions.ended(this.runId, this.session.number, { at, outcome });
      writeRunEnd(this.#database, this.runId, end);
    });
    this.#isOver = true;
  }

  /** What an earlier commit took and could not write is still there, and is not taken twice. */
  #take({ events, equity }: InputRecord): void {
    const fresh = events.filter(({ seq }) => seq > this.#journal.seq);
    this.#journal.take(fresh);
    for (const event of fresh) this.#rows.take(event);
    for (const point of equity) this.#rows.takeEquity(point);
  }

  #write(doing: string, work: () => void): void {
    invariant(!this.#isOver, `run ${this.runId} must not go on after its session`);
    writeDurably(this.#database, `${doing} of run ${this.runId}`, work);
  }
}
