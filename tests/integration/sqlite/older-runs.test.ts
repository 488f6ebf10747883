import { describe, expect, it } from 'vitest';
import { damageOf, openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SCHEMA_VERSION, schemaVersion } from '../../../src/adapters/sqlite/migrations.ts';
import { SqliteRunArchive } from '../../../src/adapters/sqlite/sqlite-run-archive.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { START } from './bar-rows.ts';
import { connect, temporaryPath } from './fixtures.ts';
import { runColumns, runRows, writeOlder } from './older-runs.ts';
import { roundTrip, runEnd, runStart } from './run-events.ts';

const TRIPS = [0, 1, 2].flatMap(roundTrip);
const BUSINESS = { strategy: 'mean_reversion', symbol: 'BTC/USD' } as const;

function record(path: string): void {
  const database = openDatabase(path);
  const recorder = new SqliteRunStore(database).begin(runStart());
  for (const event of TRIPS) recorder.record(event);
  recorder.recordEquity({ time: START, equity: 10_001, cash: 9_000, exposure: 1_001, drawdown: 0 });
  recorder.finish(runEnd({ report: '{"run_id":"bt-1"}' }));
  database.close();
}

function older(version = 3) {
  const current = temporaryPath();
  record(current);
  const path = temporaryPath();
  writeOlder(version, path, current);
  return { path, current };
}

describe('the runs of a database of version 3', () => {
  it('keep every row and every value when it is brought up to date', () => {
    const { path } = older();
    const columns = runColumns(path);
    const before = runRows(path, columns);
    expect(before).toContain('"t6"');
    const database = connect(path);
    expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
    expect(damageOf(database)).toEqual([]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(runRows(path, columns)).toBe(before);
  });

  it('are listed and found as they were', () => {
    const { path, current } = older();
    const runs = new SqliteRunStore(connect(path));
    expect(runs.list()).toEqual(new SqliteRunStore(connect(current)).list());
    expect(runs.find('bt-1')?.report).toBe('{"run_id":"bt-1"}');
  });

  it('are read back with nothing where that version kept nothing', () => {
    const archive = new SqliteRunArchive(connect(older().path));
    expect(archive.strategies('bt-1')).toMatchObject([
      { id: 'mean_reversion', symbols: null, allowShort: null, source: null },
    ]);
    const [signal] = archive.signalsOn('bt-1', BUSINESS, START);
    expect(signal).toMatchObject({ intent: 'enter', outcome: 'ordered', wish: '{}' });
    expect(archive.ordersOf('bt-1', signal?.seq ?? 0)).toMatchObject([
      { id: 'o1', steps: [], trail: null, checks: [] },
      { id: 'o2', steps: [], trail: null, checks: [] },
    ]);
    expect(archive.position('bt-1', 'p1')).toMatchObject({ financing: '0' });
  });

  it('are followed by others', () => {
    const { path } = older();
    record(path);
    expect(new SqliteRunStore(connect(path)).list().map(({ runId }) => runId)).toEqual([
      'bt-1',
      'bt-2',
    ]);
  });
});

describe('the runs of a database of version 6', () => {
  it('keep every row, and the way back from fill to bar', () => {
    const { path, current } = older(6);
    const columns = runColumns(path);
    const before = runRows(path, columns);
    const database = connect(path);
    expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(runRows(path, columns)).toBe(before);
    const chain = 'SELECT * FROM trade_chain ORDER BY run_id, trade_seq';
    const rows = database.prepare(chain).all();
    expect(rows.length).toBeGreaterThan(3);
    expect(rows).toEqual(connect(current).prepare(chain).all());
  });

  it('may have wishes that came too late, and none of a kind that there is not', () => {
    const database = connect(older(6).path);
    const set = database.prepare('UPDATE signals SET outcome = ?');
    expect(set.run('too-late').changes).toBeGreaterThan(0);
    expect(() => set.run('too-early')).toThrow(/CHECK constraint failed/);
  });
});
