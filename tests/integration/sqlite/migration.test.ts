import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { damageOf, openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SCHEMA_VERSION, schemaVersion } from '../../../src/adapters/sqlite/migrations.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { DataError } from '../../../src/core/errors.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts';
import { START, barRow, barRows, write } from './bar-rows.ts';
import { connect, joined, rowsOf, temporaryPath } from './fixtures.ts';
import { contentsOf, writeVersion2 } from './older-database.ts';

const STEPS = join(import.meta.dirname, 'migration-steps.ts');
const BARS = 500;

function older(bars = BARS): string {
  const path = temporaryPath();
  writeVersion2(path, bars);
  return path;
}

function versionOf(path: string): number {
  const database = new BetterSqlite3(path, { readonly: true });
  const version = schemaVersion(database);
  database.close();
  return version;
}

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', STEPS, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

describe('a database of version 2', () => {
  it('keeps every row when it is brought up to date', () => {
    const path = older();
    const before = contentsOf(path);
    const database = connect(path);
    expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
    expect(contentsOf(path)).toBe(before);
    expect(damageOf(database)).toEqual([]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('has raw series with the calendar of their kind, covered from the first bar to the last', () => {
    const store = new SqliteBarStore(connect(older()));
    expect(
      store.series().map(({ id, symbol, adjustment, calendar, bars }) => {
        return [id, symbol, adjustment, calendar, bars];
      }),
    ).toEqual([
      [8, 'AAPL', 'raw', 'us', 2],
      [3, 'BTC/USD', 'raw', 'always', BARS],
      [5, 'ETH/USD', 'raw', 'always', 0],
    ]);
    expect(store.covered(3)).toEqual([{ from: START, to: START + BARS * HOUR_MS }]);
    expect(store.covered(5)).toEqual([]);
    expect(store.covered(8)).toEqual([{ from: START, to: START + 2 * DAY_MS }]);
    expect(store.instruments('test', 'AAPL')).toHaveLength(1);
  });

  it('takes its instruments for inferred: a venue replaces them', () => {
    const store = new SqliteBarStore(connect(older()));
    const known = store.instruments('test', 'BTC/USD')[0];
    if (known === undefined) throw new Error('no instrument');
    const tickSize = known.instrument.lotStep;
    const told = { validFrom: 9, instrument: { ...known.instrument, tickSize } };
    store.recordInstrument('test', told, 'coinbase');
    expect(known.origin).toBe('inferred');
    expect(store.instruments('test', 'BTC/USD')).toEqual([
      { ...told, validFrom: 0, origin: 'venue', source: 'coinbase' },
    ]);
  });

  it('still drops blocks and counts bars where rows change', () => {
    const database = connect(older());
    const store = new SqliteBarStore(database);
    const blocks = database.prepare<[], number>('SELECT count(*) FROM bar_blocks').pluck();
    expect(blocks.get()).toBe(1);
    database.prepare('DELETE FROM market_data WHERE open_time = ?').run(barRow(5).openTime);
    expect(blocks.get()).toBe(0);
    expect(joined(store.pages(3, -Infinity, Infinity))).toEqual(
      rowsOf(barRows(0, BARS).toSpliced(5, 1)),
    );
    expect(store.series().find(({ id }) => id === 3)?.bars).toBe(BARS - 1);
    expect(store.save(write(barRows(0, BARS)))).toMatchObject({ inserted: 1 });
  });

  it('has runs on raw prices', () => {
    expect(new SqliteRunStore(connect(older())).list().map((run) => run.adjustment)).toEqual([
      'raw',
    ]);
  });

  it('is copied first, whole, for its owner alone, and whoever opens it is told', () => {
    const path = older();
    const before = contentsOf(path);
    const told: unknown[] = [];
    openDatabase(path, { onUpdated: (updated) => told.push(updated) }).close();
    const backup = `${path}.v2.backup`;
    expect(told).toEqual([{ from: 2, to: SCHEMA_VERSION, backup }]);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(versionOf(backup)).toBe(2);
    expect(contentsOf(backup)).toBe(before);
    openDatabase(path, { onUpdated: (updated) => told.push(updated) }).close();
    expect(told).toHaveLength(1);
  });

  it('can be gone back to: the copy is brought up to date like any other', () => {
    const path = older();
    const before = contentsOf(path);
    openDatabase(path).close();
    openDatabase(`${path}.v2.backup`).close();
    expect(contentsOf(`${path}.v2.backup`)).toBe(before);
  });

  it('is copied anew where a process died in the midst of copying', () => {
    const path = older();
    const before = contentsOf(path);
    writeFileSync(`${path}.v2.backup.unfinished`, 'SQLite for', { mode: 0o644 });
    writeFileSync(`${path}.v2.backup`, 'an older copy');
    openDatabase(path).close();
    expect(contentsOf(`${path}.v2.backup`)).toBe(before);
    expect(statSync(`${path}.v2.backup`).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.v2.backup.unfinished`)).toBe(false);
  });

  it('is left alone where no copy can be made', () => {
    const path = older();
    const before = contentsOf(path);
    mkdirSync(join(`${path}.v2.backup`, 'in the way'), { recursive: true });
    expect(() => openDatabase(path)).toThrow(DataError);
    expect(() => openDatabase(path)).toThrow(
      /a copy of it was expected at .*v2\.backup before .* was E\w+; make room.* nothing was changed/,
    );
    expect(versionOf(path)).toBe(2);
    expect(contentsOf(path)).toBe(before);
    expect(existsSync(`${path}.v2.backup.unfinished`)).toBe(false);
  });

  it('is left alone where the disk is full before the copy is done', () => {
    const path = older(20_000);
    const before = contentsOf(path);
    // A file of more than 256 KiB is more than this disk takes.
    const script = `trap '' XFSZ; ulimit -f 512; exec "$0" --import tsx "$1" "$2" never`;
    const run = () =>
      execFileSync('sh', ['-c', script, process.execPath, STEPS, path], { stdio: 'pipe' });
    expect(run).toThrow(/a copy of it was expected at .* was SQLITE_(?:FULL|IOERR)\w*; make room/);
    expect(versionOf(path)).toBe(2);
    expect(contentsOf(path)).toBe(before);
    expect(readdirSync(dirname(path)).filter((name) => name.includes('backup'))).toEqual([]);
  });

  it('is not half of one version, half of another where rows lost what they refer to', () => {
    const path = older();
    const broken = new BetterSqlite3(path);
    broken.pragma('foreign_keys = OFF');
    broken.exec('DELETE FROM series WHERE id = 8');
    broken.close();
    expect(() => openDatabase(path)).toThrow(/"table":"market_data".*nothing was changed/);
    expect(versionOf(path)).toBe(2);
  });
});

describe('a process killed while it brings a database up to date', () => {
  it.each([
    'DROP VIEW trade_chain',
    'INSERT INTO new_series',
    'DROP TABLE series',
    'ALTER TABLE new_series',
    'CREATE TRIGGER market_data_updated',
    'INSERT INTO covered_spans',
    'CREATE VIEW trade_chain',
    'CREATE TABLE sessions',
    'INSERT INTO new_risk_events',
    'ALTER TABLE new_risk_events',
    'INSERT INTO schema_migrations',
    'PRAGMA foreign_key_check',
    'COMMIT',
  ])('leaves version 2 behind, and the next one does it: before %s', async (statement) => {
    const path = older();
    const before = contentsOf(path);
    const child = start(path, statement, 'stop');
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(versionOf(path)).toBe(2);
    expect(contentsOf(path)).toBe(before);
    const database = connect(path);
    expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
    expect(contentsOf(path)).toBe(before);
    expect(contentsOf(`${path}.v2.backup`)).toBe(before);
    expect(existsSync(`${path}.v2.backup.unfinished`)).toBe(false);
    expect(damageOf(database)).toEqual([]);
  });
});

describe('two processes that bring a database up to date at once', () => {
  it('do it once: whoever comes second copies nothing', async () => {
    const path = older();
    const before = contentsOf(path);
    const holder = new BetterSqlite3(path);
    holder.exec('BEGIN IMMEDIATE');
    const children = [start(path, 'BEGIN IMMEDIATE'), start(path, 'BEGIN IMMEDIATE')];
    const exits = children.map((child) => once(child, 'exit'));
    // Both have seen version 2 and now wait for the lock.
    await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
    holder.exec('COMMIT');
    holder.close();
    expect((await Promise.all(exits)).map(([code]) => Number(code))).toEqual([0, 0]);
    expect(versionOf(path)).toBe(SCHEMA_VERSION);
    expect(contentsOf(path)).toBe(before);
    const names = readdirSync(dirname(path)).filter((name) => name.includes('backup'));
    expect(names).toEqual([`${basename(path)}.v2.backup`]);
    expect(contentsOf(`${path}.v2.backup`)).toBe(before);
  });
});
