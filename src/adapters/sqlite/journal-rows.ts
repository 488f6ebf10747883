import { invariant } from '../../core/assert.ts';
import type { AnyEvent } from '../../core/events.ts';
import type { RunId } from '../../core/ids.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Database } from './database.ts';
import { linkHash, stateHash } from './journal-chain.ts';
import { PayloadWriter, type StoredEvent } from './journal-codec.ts';

/** The last link of a journal; of an empty one, what the first link hangs on. */
export interface JournalHead {
  readonly seq: number;
  readonly hash: string;
}

/** Links a run's events to its journal, and saves the engine's state beside the last of them. */
export class JournalRows {
  readonly #runId: RunId;
  readonly #insert;
  readonly #save;
  readonly #taken: StoredEvent[] = [];
  #head: JournalHead;
  #written: JournalHead;

  constructor(database: Database, runId: RunId, head: JournalHead) {
    this.#runId = runId;
    this.#head = head;
    this.#written = head;
    this.#insert = database.prepare<(string | number | null)[]>(
      `INSERT INTO events (run_id, seq, ts, type, caused_by, payload, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#save = database.prepare<(string | number)[]>(
      `INSERT INTO engine_state (run_id, seq, saved_at, state, sha256) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (run_id) DO UPDATE SET seq = excluded.seq, saved_at = excluded.saved_at,
         state = excluded.state, sha256 = excluded.sha256`,
    );
  }

  /** Number of the last event taken. */
  get seq(): number {
    return this.#taken.at(-1)?.seq ?? this.#head.seq;
  }

  /** Takes what one input led to. Numbers must go on where they stopped. */
  take(events: readonly AnyEvent[]): void {
    const payloads = new PayloadWriter();
    for (const event of events) {
      const { seq, ts, type, causedBy } = event;
      const next = this.seq + 1;
      invariant(seq === next, () => `event ${next} of run ${this.#runId} was due, was ${seq}`);
      this.#taken.push({ seq, ts, type, causedBy, payload: payloads.textOf(event) });
    }
  }

  /** Runs inside a transaction. */
  write(savedAt: EpochMs, state: string): void {
    let { hash } = this.#head;
    for (const link of this.#taken) {
      const { seq, ts, type, causedBy, payload } = link;
      hash = linkHash(hash, this.#runId, link);
      this.#insert.run(this.#runId, seq, ts, type, causedBy, payload, hash);
    }
    const head = { seq: this.seq, hash };
    const sha256 = stateHash(this.#runId, head, { savedAt, state });
    if (head.seq > 0) this.#save.run(this.#runId, head.seq, savedAt, state, sha256);
    this.#written = head;
  }

  /** The next link hangs on what was written, once it is committed. */
  committed(): void {
    this.#head = this.#written;
    this.#taken.length = 0;
  }
}
