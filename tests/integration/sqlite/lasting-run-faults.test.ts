import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { damageOf, openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteJournalArchive } from '../../../src/adapters/sqlite/sqlite-journal-archive.ts';
import { DataError } from '../../../src/core/errors.ts';
import { connect, temporaryPath } from './fixtures.ts';
import { begunRun, inputOf, inputsOf, tradedSlices } from './lasting-inputs.ts';

const EVENTS = tradedSlices(2);
const [FIRST, SECOND] = [EVENTS.slice(0, 29), EVENTS.slice(29)];
const TABLES = ['signals', 'orders', 'trades', 'positions', 'risk_events', 'risk_checks', 'events'];
const CHILD = join(import.meta.dirname, 'committing-process.ts');

function contents(path: string): unknown {
  const database = openDatabase(path, { readonly: true });
  try {
    return TABLES.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all());
  } finally {
    database.close();
  }
}

/** What is on record after the same events without any fault. */
function undisturbed(): unknown {
  const path = temporaryPath();
  begunRun(connect(path)).commit(inputOf(EVENTS));
  return contents(path);
}

/** Runs what must fail with a `DataError`, and gives its message. */
function refusal(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
  throw new Error('a DataError was expected, was none');
}

describe('a commit while another process holds the write lock', () => {
  it('waits five seconds, then fails with nothing half-written, and can be done again', () => {
    const path = temporaryPath();
    const run = begunRun(connect(path));
    run.commit(inputOf(FIRST));
    const before = contents(path);
    const holder = new BetterSqlite3(path);
    holder.exec('BEGIN IMMEDIATE');
    const started = performance.now();
    const message = refusal(() => run.commit(inputOf(SECOND)));
    expect(performance.now() - started).toBeGreaterThan(4_500);
    expect(message).toMatch(/quantsage\.db: the write lock was expected .* by another process/);
    holder.exec('ROLLBACK');
    holder.close();
    expect(contents(path)).toEqual(before);
    run.commit(inputOf(SECOND));
    expect(contents(path)).toEqual(undisturbed());
  });
});

describe('a commit on a disk that is full', () => {
  /** A run whose database may grow by so many pages. */
  function cramped(morePages: number) {
    const path = temporaryPath();
    const database = connect(path);
    const run = begunRun(database);
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages + morePages}`);
    return { path, database, run };
  }

  it('fails with path and free bytes, and leaves what was there', () => {
    const { path, run } = cramped(0);
    const before = contents(path);
    const state = `{"blob":"${'x'.repeat(200_000)}"}`;
    const message = refusal(() => run.commit({ ...inputOf(EVENTS), state }));
    expect(message).toMatch(/quantsage\.db: room on the disk .* was \d+ bytes \(SQLITE_FULL\)/);
    expect(contents(path)).toEqual(before);
    expect(damageOf(connect(path))).toEqual([]);
  });

  it.each(['the same input', 'the next input'])('is made up for by %s, once', (how) => {
    const { path, database, run } = cramped(0);
    const large = `{"blob":"${'x'.repeat(200_000)}"}`;
    refusal(() => run.commit({ ...inputOf(FIRST), state: large }));
    database.pragma('max_page_count = 100000');
    if (how === 'the same input') run.commit(inputOf(FIRST));
    run.commit(inputOf(SECOND));
    expect(contents(path)).toEqual(undisturbed());
    expect(new SqliteJournalArchive(connect(path)).verify('paper-1')).toBeNull();
  });

  it('fails where a real one is full, and goes on when there is room', () => {
    const folder = mounted('3m');
    if (folder === null) return;
    const path = join(folder, 'quantsage.db');
    const run = begunRun(openAfterTest(path));
    const filler = join(folder, 'filler');
    execFileSync('sh', ['-c', `head -c 4m /dev/zero > ${filler} 2>/dev/null || true`]);
    const message = refusal(() => run.commit(inputOf(FIRST)));
    expect(message).toMatch(/room on the disk was expected .* was 0 bytes \(SQLITE_(?:FULL|IOERR)/);
    rmSync(filler);
    run.commit(inputOf(EVENTS));
    expect(contents(path)).toEqual(undisturbed());
  });
});

describe('a database that may not be written', () => {
  it('makes every commit fail with path, code and free bytes', () => {
    const path = temporaryPath();
    openDatabase(path).close();
    chmodSync(path, 0o400);
    const message = refusal(() => begunRun(connect(path, true)));
    expect(message).toMatch(
      /quantsage\.db: a file that can be written was expected for claiming it, was SQLITE_READONLY with \d+ bytes free/,
    );
  });
});

describe('commits', () => {
  it('are each on the disk before they return', () => {
    if (!hasStrace()) return;
    const commits = 100;
    const path = temporaryPath();
    const counts = join(path, '..', 'strace.txt');
    const strace = ['-f', '-c', '-e', 'trace=fsync,fdatasync', '-o', counts];
    const child = [process.execPath, '--import', 'tsx', CHILD, path, String(commits)];
    execFileSync('strace', [...strace, ...child], { stdio: 'pipe' });
    const text = execFileSync('cat', [counts], { encoding: 'utf8' });
    const syncs = [...text.matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+).*f(?:data)?sync$/gm)]
      .map(([, count]) => Number(count))
      .reduce((sum, count) => sum + count, 0);
    expect(syncs).toBeGreaterThanOrEqual(commits);
  });

  it('stay durable after the first write, which SQLite itself would change', () => {
    const database = connect();
    const run = begunRun(database);
    run.commit(inputOf(FIRST));
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  });

  it('are refused on a connection that does not wait for the disk', () => {
    const database = connect();
    database.pragma('synchronous = NORMAL');
    expect(() => begunRun(database)).toThrow(/commits of run paper-1 must be durable/);
  });

  it('leave one state a run, and a write-ahead log that stays small', () => {
    const path = temporaryPath();
    const database = connect(path);
    const run = begunRun(database);
    const state = `{"blob":"${'x'.repeat(50_000)}"}`;
    for (const input of inputsOf(tradedSlices(60), 3)) run.commit({ ...input, state });
    expect(database.prepare('SELECT count(*) FROM engine_state').pluck().get()).toBe(1);
    // SQLite takes the log back after every 1,000 pages of 4 KiB.
    expect(statSync(`${path}-wal`).size).toBeLessThan(6 * 1024 * 1024);
    expect(statSync(path).size).toBeLessThan(6 * 1024 * 1024);
  });
});

/** A small disk of its own; null where this process may not mount one. */
function mounted(size: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'quantsage-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], {
      stdio: 'pipe',
    });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

/** A connection that is closed before its disk goes. */
function openAfterTest(path: string) {
  const database = openDatabase(path);
  onTestFinished(() => void database.close());
  return database;
}

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-V'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
