import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { damageOf, openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { MIGRATIONS } from '../../../src/adapters/sqlite/migrations.ts';
import { SqliteRunArchive } from '../../../src/adapters/sqlite/sqlite-run-archive.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { connect, temporaryPath } from './fixtures.ts';
import { writeOlder } from './older-runs.ts';
import { roundTrip, runEnd, runStart } from './run-events.ts';

/** The last version that recorded every check in a row of its own. */
const CHECK_BY_CHECK = MIGRATIONS.findIndex(({ name }) => name === 'risk checks');

type Row = readonly [layer: string, check: string, limit: number | null, actual: number | null];

/** Doubles that take all seventeen digits, none at all, or more than there are. */
const ROWS: readonly Row[] = [
  ['order', 'order-quantity', 0, 0.1 + 0.2],
  ['position', 'position-size', 1 / 3, 2 ** -1074],
  ['symbol', 'symbol-exposure', 0.15, Infinity],
  ['portfolio', 'invested-share', 1.7976931348623157e308, -Infinity],
  ['portfolio', 'correlated-group', null, null],
  ['system', 'orders-per-day', 2 ** 53 + 2, 123_456_789.123_456_79],
];

function older(): string {
  const current = temporaryPath();
  const database = openDatabase(current);
  const recorder = new SqliteRunStore(database).begin(runStart());
  for (const event of [0, 1].flatMap(roundTrip)) recorder.record(event);
  recorder.finish(runEnd());
  database.close();
  const path = temporaryPath();
  writeOlder(CHECK_BY_CHECK, path, current);
  const before = new BetterSqlite3(path);
  const insert = before.prepare('INSERT INTO risk_checks VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  // Backwards: what counts is the position, not the order in which rows were written.
  for (const [at, row] of [...ROWS.entries()].toReversed()) {
    insert.run('bt-1', 'o1', at + 1, ...row, 1);
    if (at < 2) insert.run('bt-1', 'o2', at + 1, ...row, at === 0 ? 1 : 0);
  }
  before.close();
  return path;
}

it('brings checks recorded one by one together by order, every double as it was', () => {
  const database = connect(older());
  const checksOf = (id: string) =>
    new SqliteRunArchive(database)
      .ordersOf('bt-1', 1)
      .filter((order) => order.id === id)
      .flatMap(({ checks }) => checks);
  const told = ([layer, check, limit, actual]: Row, passed = true) => {
    return { layer, check, limit, actual, passed };
  };
  expect(checksOf('o1')).toEqual(ROWS.map((row) => told(row)));
  expect(checksOf('o2')).toEqual(ROWS.slice(0, 2).map((row, at) => told(row, at === 0)));
  expect(database.prepare('SELECT count(*) FROM risk_checks').pluck().get()).toBe(2);
  expect(damageOf(database)).toEqual([]);
  expect(database.pragma('foreign_key_check')).toEqual([]);
});
