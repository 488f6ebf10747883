import { present } from '../../core/assert.ts';
import { ConfigError } from '../../core/errors.ts';
import type { RunId } from '../../core/ids.ts';
import type {
  DatabaseOwner,
  LastingRun,
  LastingRunStore,
  RunSession,
} from '../../ports/lasting-run.ts';
import type { RunStart } from '../../ports/run-store.ts';
import type { Database } from './database.ts';
import { writeDurably } from './durable-write.ts';
import { restoredRun } from './restored-run.ts';
import { insertRun, insertStrategies } from './run-start.ts';
import { SessionRows } from './session-rows.ts';
import { SqliteLastingRun } from './sqlite-lasting-run.ts';

interface LastingRunsOptions {
  /** Gives a text that was never given before, on whatever machine. */
  readonly makeNonce: () => string;
}

/** Paper and live runs in SQLite. Give it a connection of its own. */
export class SqliteLastingRuns implements LastingRunStore {
  readonly #database: Database;
  readonly #makeNonce: () => string;
  readonly #sessions: SessionRows;
  readonly #owner;
  readonly #ownerOf;
  readonly #unfinished;

  constructor(database: Database, { makeNonce }: LastingRunsOptions) {
    this.#database = database;
    this.#makeNonce = makeNonce;
    this.#sessions = new SessionRows(database);
    this.#owner = database.prepare<[], DatabaseOwner>(
      'SELECT mode, exchange, account FROM database_owner',
    );
    this.#ownerOf = database.prepare<[string], DatabaseOwner>(
      'SELECT mode, exchange, account FROM database_owner WHERE mode = ?',
    );
    this.#unfinished = database
      .prepare<[string], RunId>(
        `SELECT run_id FROM runs WHERE mode = ? AND status = 'running' AND nonce IS NOT NULL
         ORDER BY number DESC LIMIT 1`,
      )
      .pluck();
  }

  claim(claimed: DatabaseOwner): void {
    const { mode, exchange, account } = claimed;
    writeDurably(this.#database, 'claiming it', () => {
      this.#database
        .prepare(
          `INSERT INTO database_owner (id, mode, exchange, account) VALUES (1, ?, ?, ?)
           ON CONFLICT (id) DO NOTHING`,
        )
        .run(mode, exchange, account);
    });
    const owner = present(this.owner(), 'the owner of the database');
    if (nameOf(owner) === nameOf(claimed)) return;
    throw new ConfigError(
      `database ${this.#database.name}: one for ${nameOf(claimed)} was expected, was one for ` +
        `${nameOf(owner)}, whose cash, positions and orders mix with no others; choose another --db`,
    );
  }

  owner(): DatabaseOwner | null {
    return this.#owner.get() ?? null;
  }

  unfinished(mode: string): RunId | null {
    return this.#unfinished.get(mode) ?? null;
  }

  begin(start: RunStart): LastingRun {
    const owner = this.#ownerFor(start);
    const session = sessionOf(start, { number: 1, firstSeq: 1, startState: null });
    const runId = writeDurably(this.#database, 'beginning a run', () => {
      const id = insertRun(this.#database, start);
      const named = this.#database.prepare('UPDATE runs SET nonce = ? WHERE run_id = ?');
      named.run(this.#makeNonce(), id);
      this.#sessions.begun(id, session);
      return id;
    });
    return this.#running(runId, owner, session);
  }

  resume(runId: RunId, start: RunStart): LastingRun {
    const owner = this.#ownerFor(start);
    const session = writeDurably(this.#database, `resuming run ${runId}`, () => {
      const { head, state } = restoredRun(this.#database, runId);
      const next = sessionOf(start, {
        number: this.#sessions.next(runId),
        firstSeq: head.seq + 1,
        startState: state?.state ?? null,
      });
      this.#sessions.begun(runId, next);
      insertStrategies(this.#database, runId, start.strategies);
      return next;
    });
    return this.#running(runId, owner, session);
  }

  #running(runId: RunId, owner: DatabaseOwner, session: RunSession): LastingRun {
    const { nonce, head, state } = restoredRun(this.#database, runId);
    const options = { runId, nonce, owner, session, head, restored: state };
    return new SqliteLastingRun(this.#database, options);
  }

  /** Runs of one database are all of its owner. */
  #ownerFor({ mode }: RunStart): DatabaseOwner {
    return present(this.#ownerOf.get(mode), `the claim of ${mode} on ${this.#database.name}`);
  }
}

function nameOf({ mode, exchange, account }: DatabaseOwner): string {
  return account === null ? `${mode} on ${exchange}` : `${mode} on ${exchange} account ${account}`;
}

function sessionOf(
  { startedAt, config, configHash, version }: RunStart,
  begun: Pick<RunSession, 'number' | 'firstSeq' | 'startState'>,
): RunSession {
  const open = { warmUp: null, endedAt: null, outcome: null };
  return { ...begun, ...open, startedAt, config, configHash, version };
}
