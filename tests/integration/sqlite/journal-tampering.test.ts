import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/sqlite/database.ts';
import { SqliteJournalArchive } from '../../../src/adapters/sqlite/sqlite-journal-archive.ts';
import { isIntact, verifyRun } from '../../../src/app/verify-run.ts';
import type { RunSummary } from '../../../src/ports/run-store.ts';
import { connect, temporaryPath } from './fixtures.ts';
import {
  begunRun,
  inputOf,
  inputsOf,
  lastingRuns,
  paperStart,
  tradedSlices,
} from './lasting-inputs.ts';

const EVENTS = tradedSlices(2);
const LAST = EVENTS.length;
const RUN = 'paper-1';

/** A journal of 58 events in a database that is not checked for what rows may hold. */
function journal(): Database {
  const database = connect();
  const run = begunRun(database);
  for (const input of inputsOf(EVENTS, 7)) run.commit(input);
  database.pragma('ignore_check_constraints = ON');
  database.pragma('foreign_keys = OFF');
  return database;
}

/** Where verifying stops after a change, which is undone again. */
function brokenAfter(database: Database, change: () => void): number | null {
  database.exec('BEGIN');
  try {
    change();
    return new SqliteJournalArchive(database).verify(RUN)?.seq ?? null;
  } finally {
    database.exec('ROLLBACK');
  }
}

/** Swaps everything but the numbers of two links. */
function swap(database: Database, one: number, other: number): void {
  const renumber = database.prepare('UPDATE events SET seq = ? WHERE seq = ?');
  renumber.run(1_000, one);
  renumber.run(one, other);
  renumber.run(other, 1_000);
}

const anySeq = fc.integer({ min: 1, max: LAST });

describe('a journal', () => {
  it('holds as it was written, and so does one of no events', () => {
    const archive = new SqliteJournalArchive(journal());
    expect(archive.verify(RUN)).toBeNull();
    const database = connect();
    begunRun(database);
    expect(new SqliteJournalArchive(database).verify(RUN)).toBeNull();
  });

  it('breaks where one bit of a payload is another', () => {
    const database = journal();
    const payload = database.prepare<[number], string>('SELECT payload FROM events WHERE seq = ?');
    const update = database.prepare('UPDATE events SET payload = CAST(? AS TEXT) WHERE seq = ?');
    fc.assert(
      fc.property(anySeq, fc.nat(), fc.integer({ min: 0, max: 6 }), (seq, place, bit) => {
        const bytes = Buffer.from(payload.pluck().get(seq) ?? '');
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        expect(brokenAfter(database, () => update.run(bytes, seq))).toBe(seq);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['time', 'ts = ts + 1'],
    ['cause', 'caused_by = coalesce(caused_by, 0) + 1'],
    ['type', `type = type || 'x'`],
    ['hash', `hash = replace(hash, substr(hash, 1, 1), 'x')`],
    ['payload, by a space', `payload = payload || ' '`],
  ])('breaks where a link has another %s', (_, change) => {
    const database = journal();
    const update = database.prepare(`UPDATE events SET ${change} WHERE seq = ?`);
    for (let seq = 1; seq <= LAST; seq++) {
      expect(brokenAfter(database, () => update.run(seq))).toBe(seq);
    }
  });

  it('breaks where a cause became none', () => {
    const database = journal();
    const update = database.prepare('UPDATE events SET caused_by = NULL WHERE seq = ?');
    const caused = EVENTS.filter(({ causedBy }) => causedBy !== null);
    expect(caused.length).toBeGreaterThan(40);
    for (const { seq } of caused) {
      expect(brokenAfter(database, () => update.run(seq))).toBe(seq);
    }
  });

  it('breaks where a link is gone, the last one included', () => {
    const database = journal();
    const remove = database.prepare('DELETE FROM events WHERE seq = ?');
    for (let seq = 1; seq <= LAST; seq++) {
      expect(brokenAfter(database, () => remove.run(seq))).toBe(seq);
    }
  });

  it('breaks at the first of two links that changed places', () => {
    const database = journal();
    fc.assert(
      fc.property(anySeq, anySeq, (one, other) => {
        fc.pre(one !== other);
        const broken = brokenAfter(database, () => swap(database, one, other));
        expect(broken).toBe(Math.min(one, other));
      }),
      { numRuns: 100 },
    );
  });

  it('breaks where a link was, when it has the number of one to come', () => {
    const database = journal();
    const renumber = database.prepare('UPDATE events SET seq = ? WHERE seq = ?');
    fc.assert(
      fc.property(anySeq, fc.integer({ min: 1, max: 9 }), (seq, beyond) => {
        expect(brokenAfter(database, () => renumber.run(LAST + beyond, seq))).toBe(seq);
      }),
      { numRuns: 100 },
    );
  });

  it('breaks where a link was put in between, others being numbered anew', () => {
    const database = journal();
    const shift = database.prepare('UPDATE events SET seq = seq + ? WHERE seq >= ?');
    const back = database.prepare('UPDATE events SET seq = seq - ? WHERE seq >= ?');
    const copy = database.prepare(
      'INSERT INTO events SELECT run_id, ?, ts, type, caused_by, payload, hash FROM events WHERE seq = ?',
    );
    for (let seq = 1; seq <= LAST; seq++) {
      const broken = brokenAfter(database, () => {
        shift.run(1_000, seq);
        back.run(999, 1_000);
        copy.run(seq, seq + 1);
      });
      // A copy of the link that was there holds by itself; the one after it does not.
      expect(broken).toBe(seq + 1);
    }
  });

  it('breaks where links of another run stand in for its own', () => {
    const database = journal();
    const other = lastingRuns(database).begin(paperStart());
    other.commit(inputOf(EVENTS));
    const swapped = brokenAfter(database, () => {
      database.exec(`DELETE FROM events WHERE run_id = '${RUN}'`);
      database.exec(`UPDATE events SET run_id = '${RUN}' WHERE run_id = '${other.runId}'`);
    });
    expect(swapped).toBe(1);
  });

  it('breaks at its first link under another configuration', () => {
    const database = journal();
    expect(brokenAfter(database, () => database.exec(`UPDATE runs SET config_hash = 'x'`))).toBe(1);
  });

  it.each([
    ['was changed', `UPDATE engine_state SET state = '{}'`, LAST],
    ['is of another time', 'UPDATE engine_state SET saved_at = saved_at - 1', LAST],
    ['is gone', 'DELETE FROM engine_state', LAST],
    ['is an older one', 'UPDATE engine_state SET seq = seq - 3', LAST - 2],
    ['goes further', 'UPDATE engine_state SET seq = seq + 3', LAST + 1],
  ])('breaks at its end where the state after it %s', (_, sql, seq) => {
    const database = journal();
    expect(brokenAfter(database, () => database.exec(sql))).toBe(seq);
  });

  it('is read as it stood, whatever another process commits meanwhile', () => {
    const path = temporaryPath();
    const run = begunRun(connect(path));
    run.commit(inputOf(EVENTS.slice(0, 29)));
    const archive = new SqliteJournalArchive(connect(path));
    const links = archive.links(RUN, 1)[Symbol.iterator]();
    expect(links.next().value).toMatchObject({ seq: 1, type: 'bar.arrived' });
    run.commit(inputOf(EVENTS.slice(29)));
    expect(archive.lastLink(RUN)?.seq).toBe(LAST);
    expect(archive.verify(RUN)).toBeNull();
  });
});

describe('the rows of a run', () => {
  const summary = { runId: RUN } as unknown as RunSummary;

  it('are as its journal says, after inputs of any size and resumptions', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 8 }), (sizes) => {
        const path = temporaryPath();
        let run = begunRun(connect(path));
        for (let from = 0, at = 0; from < LAST; at++) {
          const size = sizes[at % sizes.length] ?? 1;
          if (size > 6) run = lastingRuns(connect(path)).resume(run.runId, paperStart());
          run.commit(inputOf(EVENTS.slice(from, from + size)));
          from += size;
        }
        const verified = verifyRun(new SqliteJournalArchive(connect(path)), summary);
        expect(verified).toMatchObject({
          brokenLink: null,
          rowDifferences: [],
          databaseDamage: [],
        });
        expect(isIntact(verified)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ['orders', `UPDATE orders SET quantity = '0.6' WHERE order_id = 'o3'`, 'o3', 'quantity'],
    ['orders', `UPDATE orders SET state = 'canceled' WHERE order_id = 'o1'`, 'o1', 'state'],
    ['trades', `UPDATE trades SET price = '1' WHERE trade_id = 't2'`, 't2', 'price'],
    [
      'trades',
      `UPDATE trades SET is_provisional = 1 WHERE trade_id = 't1'`,
      't1',
      'is_provisional',
    ],
    ['trades', `DELETE FROM trades WHERE trade_id = 't4'`, 't4', null],
    ['positions', `UPDATE positions SET fees = '0' WHERE position_id = 'p1'`, 'p1', 'fees'],
    ['signals', `UPDATE signals SET outcome = 'no-cash' WHERE seq = 6`, '6', 'outcome'],
    ['risk_events', `UPDATE risk_events SET message = '' WHERE seq = 27`, '27', 'message'],
    [
      'positions',
      `INSERT INTO positions SELECT run_id, 'p9', strategy_id, symbol, side, state, quantity, entered,
         entry_price, exit_price, gross_pnl, fees, slippage, entry_time, exit_time, exit_reason,
         updated_seq, updated_caused_by, impact, financing FROM positions LIMIT 1`,
      'p9',
      null,
    ],
  ])('are different in %s after: %s', (table, sql, key, column) => {
    const database = journal();
    database.exec(sql);
    const verified = verifyRun(new SqliteJournalArchive(database), summary);
    expect(verified.rowDifferences).toMatchObject([{ table, key, column }]);
    expect(isIntact(verified)).toBe(false);
  });

  it('are not compared with a journal that is broken', () => {
    const database = journal();
    database.exec(`UPDATE events SET type = 'nonsense' WHERE seq = 9`);
    const verified = verifyRun(new SqliteJournalArchive(database), summary);
    expect(verified).toMatchObject({ brokenLink: { seq: 9 }, rowDifferences: null });
  });

  it('must not have lost what they refer to', () => {
    const database = journal();
    database.exec(`DELETE FROM signals WHERE seq = 6`);
    const { databaseDamage } = verifyRun(new SqliteJournalArchive(database), summary);
    expect(databaseDamage).toHaveLength(2);
    expect(databaseDamage[0]).toMatch(/a row lost what it refers to: .*"table":"orders"/);
  });
});
