import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { damageOf, openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SCHEMA_VERSION } from '../../../src/adapters/sqlite/migrations.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { ConfigError, DataError } from '../../../src/core/errors.ts';
import { barRows, write } from './bar-rows.ts';
import { connect, temporaryFolder, temporaryPath } from './fixtures.ts';

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function filled(path: string): void {
  const database = openDatabase(path);
  new SqliteBarStore(database).save(write(barRows(0, 3_000)));
  database.close();
}

function overwrite(path: string, sql: string): void {
  const database = new BetterSqlite3(path);
  database.exec(sql);
  database.close();
}

describe('a new database', () => {
  it('can be read by nobody but its owner, nor can its folder', () => {
    const path = join(temporaryFolder(), 'deep', 'er', 'quantsage.db');
    const database = connect(path);
    new SqliteBarStore(database).save(write(barRows(0, 10)));
    expect([path, `${path}-wal`, `${path}-shm`].map(modeOf)).toEqual(['600', '600', '600']);
    expect(modeOf(dirname(path))).toBe('700');
    expect(modeOf(dirname(dirname(path)))).toBe('700');
  });

  it('keeps commits when the power fails, and checks references', () => {
    const database = connect();
    const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'];
    expect(settings.map((name) => database.pragma(name, { simple: true }))).toEqual([
      'wal',
      2,
      1,
      5_000,
    ]);
  });

  it('runs on an engine without the WAL-reset fault, 3.51.3 or newer', () => {
    const version = connect().prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(3_051_003);
  });

  it('keeps what it holds when it is opened again', () => {
    const path = temporaryPath();
    filled(path);
    expect(new SqliteBarStore(connect(path)).series()).toHaveLength(1);
    expect(damageOf(connect(path))).toEqual([]);
  });
});

describe('a path that is no database', () => {
  it.each([
    ['a folder', (path: string) => mkdirSync(path), /regular file was expected, was a folder/],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path]), /expected, was a FIFO/],
    ['a device', (path: string) => symlinkSync('/dev/zero', path), /expected, was a device/],
    [
      'a file of text',
      (path: string) => writeFileSync(path, 'time,open\n'.repeat(99)),
      /SQLite file/,
    ],
    [
      'another program’s database',
      (path: string) => overwrite(path, 'CREATE TABLE cookies (a)'),
      /QuantSage database was expected/,
    ],
    ['a link to nowhere', (path: string) => symlinkSync('/nowhere/x.db', path), /was EEXIST/],
  ])('is refused with its path: %s', (_, make, message) => {
    const path = temporaryPath();
    make(path);
    expect(() => openDatabase(path)).toThrow(ConfigError);
    expect(() => openDatabase(path)).toThrow(message);
    expect(() => openDatabase(path)).toThrow(path);
  });

  it('is refused where a file stands in place of the folder', () => {
    const path = temporaryPath();
    writeFileSync(path, '');
    expect(() => openDatabase(join(path, 'quantsage.db'))).toThrow(/was ENOTDIR.*choose another/);
  });

  it.skipIf(process.getuid?.() === 0)('is refused in a folder that cannot be written', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    expect(() => openDatabase(join(folder, 'quantsage.db'))).toThrow(/EACCES/);
  });

  it('is refused where no folder can be made', () => {
    expect(() => openDatabase('/proc/quantsage/quantsage.db')).toThrow(ConfigError);
  });

  it('is refused with a NUL byte in its name', () => {
    expect(() => openDatabase('quant\0sage.db')).toThrow(ConfigError);
  });

  it('is never taken for one of the names SQLite gives a meaning to', () => {
    const folder = temporaryFolder();
    const before = process.cwd();
    process.chdir(folder);
    try {
      connect(':memory:').close();
    } finally {
      process.chdir(before);
    }
    expect(existsSync(join(folder, ':memory:'))).toBe(true);
  });
});

describe('a database of another version', () => {
  const newer = SCHEMA_VERSION + 5;

  it.each([false, true])('is refused when it is newer (read-only: %s)', (readonly) => {
    const path = temporaryPath();
    filled(path);
    overwrite(path, `INSERT INTO schema_migrations VALUES (${newer}, 'from the future')`);
    expect(() => openDatabase(path, { readonly })).toThrow(ConfigError);
    expect(() => openDatabase(path, { readonly })).toThrow(
      `schema version ${SCHEMA_VERSION} or older was expected, was "${newer}"`,
    );
  });

  it('is not brought up to date by a reader, which says who does it', () => {
    const path = temporaryPath();
    filled(path);
    overwrite(path, `DELETE FROM schema_migrations WHERE version = ${SCHEMA_VERSION}`);
    expect(() => openDatabase(path, { readonly: true })).toThrow(
      new RegExp(`was "${SCHEMA_VERSION - 1}"; run "quantsage`),
    );
  });
});

describe('a damaged database', () => {
  it.each(['/dev/urandom', '/dev/zero'])('is refused and left as it is: pages of %s', (bytes) => {
    const path = temporaryPath();
    filled(path);
    const pages = statSync(path).size / 4096;
    const script = `dd if=${bytes} of="$1" bs=4096 seek=${Math.floor(pages / 2)} count=4 conv=notrunc`;
    execFileSync('sh', ['-c', script, 'sh', path], { stdio: 'ignore' });
    expect(() => openDatabase(path)).toThrow(DataError);
    expect(() => openDatabase(path)).toThrow(/intact file was expected.* was damaged.*restore/);
    expect(statSync(path).size).toBe(pages * 4096);
  });
});

describe('a reader', () => {
  it('asks for data where there is no file, and creates none', () => {
    const path = temporaryPath();
    expect(() => openDatabase(path, { readonly: true })).toThrow(DataError);
    expect(() => openDatabase(path, { readonly: true })).toThrow(/run "quantsage import"/);
    expect(existsSync(path)).toBe(false);
  });

  it('cannot write', () => {
    const path = temporaryPath();
    filled(path);
    const store = new SqliteBarStore(connect(path, true));
    expect(() => store.save(write(barRows(0, 1)))).toThrow(/SQLITE_READONLY.*choose another/);
  });
});
