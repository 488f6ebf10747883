import type { AnyEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import type {
  BrokenLink,
  JournalArchive,
  JournalLink,
  RowDifference,
  RunSession,
  StoredState,
} from '../../ports/lasting-run.ts';
import { openMemoryDatabase, type Database } from './database.ts';
import { firstHash, linkHash, stateHash } from './journal-chain.ts';
import { PayloadReader } from './journal-codec.ts';
import type { JournalHead } from './journal-rows.ts';
import { rowDifferences } from './rebuilt-rows.ts';
import { SessionRows } from './session-rows.ts';

const LINK = 'SELECT seq, ts, type, caused_by AS causedBy, payload, hash FROM events';

/** Links read at a time: no statement stays open while they are used. */
const PAGE_LINKS = 1_000;

/** Reads the journals that lasting runs wrote. */
export class SqliteJournalArchive implements JournalArchive {
  readonly #database: Database;
  readonly #sessions: SessionRows;
  readonly #last;
  readonly #links;
  readonly #payload;
  readonly #configHash;
  readonly #state;

  constructor(database: Database) {
    this.#database = database;
    this.#sessions = new SessionRows(database);
    this.#last = database.prepare<[string], JournalLink>(
      `${LINK} WHERE run_id = ? ORDER BY seq DESC LIMIT 1`,
    );
    this.#links = database.prepare<[string, number, number], JournalLink>(
      `${LINK} WHERE run_id = ? AND seq >= ? ORDER BY seq LIMIT ?`,
    );
    this.#payload = database
      .prepare<[string, number], string>('SELECT payload FROM events WHERE run_id = ? AND seq = ?')
      .pluck();
    this.#configHash = database
      .prepare<[string], string>('SELECT config_hash FROM runs WHERE run_id = ?')
      .pluck();
    this.#state = database.prepare<[string], StoredState & { readonly sha256: string }>(
      'SELECT seq, saved_at AS savedAt, state, sha256 FROM engine_state WHERE run_id = ?',
    );
  }

  sessions(runId: string): readonly RunSession[] {
    return this.#sessions.ofRun(runId);
  }

  *links(runId: string, fromSeq: number): Iterable<JournalLink> {
    for (let next = fromSeq; ;) {
      const page = this.#links.all(runId, next, PAGE_LINKS);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      next = last.seq + 1;
    }
  }

  lastLink(runId: string): JournalLink | null {
    return this.#last.get(runId) ?? null;
  }

  state(runId: string): StoredState | null {
    const row = this.#state.get(runId);
    return row === undefined ? null : { seq: row.seq, savedAt: row.savedAt, state: row.state };
  }

  *events(runId: string, fromSeq: number): Iterable<AnyEvent> {
    const reader = new PayloadReader((seq) => this.#payload.get(runId, seq) ?? null);
    for (const link of this.links(runId, fromSeq)) yield reader.eventOf(link);
  }

  verify(runId: string): BrokenLink | null {
    return this.#unchanging(() => this.#verifyLinks(runId));
  }

  rowDifferences(runId: RunId): readonly RowDifference[] {
    const empty = openMemoryDatabase();
    try {
      return this.#unchanging(() => {
        return rowDifferences(this.#database, empty, { runId, events: this.events(runId, 1) });
      });
    } finally {
      empty.close();
    }
  }

  damage(): readonly string[] {
    const rows = this.#database.prepare<[], string>('PRAGMA integrity_check').pluck().all();
    const dangling = this.#database.prepare<[], object>('PRAGMA foreign_key_check').all();
    return [
      ...rows.filter((row) => row !== 'ok'),
      ...dangling.map((row) => `a row lost what it refers to: ${JSON.stringify(row)}`),
    ];
  }

  /** All reads of the work see the same moment, whatever another process commits. */
  #unchanging<T>(work: () => T): T {
    return this.#database.transaction(work).deferred();
  }

  #verifyLinks(runId: string): BrokenLink | null {
    let head: JournalHead = {
      seq: 0,
      hash: firstHash(runId, this.#configHash.get(runId) ?? ''),
    };
    for (const link of this.links(runId, 1)) {
      const due = head.seq + 1;
      if (link.seq !== due) {
        return { seq: due, problem: `event ${due} was expected, was ${link.seq}` };
      }
      const hash = linkHash(head.hash, runId, link);
      if (hash !== link.hash) return { seq: due, problem: mismatch(hash, link.hash) };
      head = { seq: due, hash };
    }
    return this.#verifyEnd(runId, head);
  }

  /** A journal that was cut short holds together by itself: the state tells how far it went. */
  #verifyEnd(runId: string, head: JournalHead): BrokenLink | null {
    const state = this.#state.get(runId) ?? null;
    if (state === null) {
      if (head.seq === 0) return null;
      return { seq: head.seq, problem: 'the state after it was expected, was nothing' };
    }
    if (state.seq > head.seq) {
      return { seq: head.seq + 1, problem: `events up to ${state.seq} were expected, was no more` };
    }
    if (state.seq < head.seq) {
      return { seq: state.seq + 1, problem: `no event after ${state.seq} was expected, was one` };
    }
    const hash = stateHash(runId, head, state);
    if (hash === state.sha256) return null;
    return { seq: head.seq, problem: `the state after it: ${mismatch(hash, state.sha256)}` };
  }
}

function mismatch(computed: string, stored: string): string {
  return `hash ${computed.slice(0, 12)}… was expected by what it holds, was ${stored.slice(0, 12)}…`;
}
