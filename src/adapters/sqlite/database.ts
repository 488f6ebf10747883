import { resolve } from 'node:path';
import { DataError } from '../../core/errors.ts';
import type { Database } from './connection.ts';
import { createDatabaseFile, requireDatabaseFile } from './database-file.ts';
import { openLasting } from './lasting-connection.ts';
import { migrate, requireCurrentSchema, type UpdatedSchema } from './migrations.ts';
import { namingFaults, sqliteCode } from './sqlite-faults.ts';
import { requireSoundSqlite } from './sqlite-version.ts';

export type { Database } from './connection.ts';

interface OpenOptions {
  /** Neither creates nor migrates; writing fails. */
  readonly readonly?: boolean;
  /** Told when a database of an older version was brought up to date. */
  readonly onUpdated?: (updated: UpdatedSchema) => void;
}

const BUSY_TIMEOUT_MS = 5_000;
const WAL_RETRY_MS = 20;
/** Up to here checking every page takes less than a tenth of a second. */
const CHECKED_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Opens a database and brings its schema up to date. Commits are durable (`synchronous=FULL`: WAL's
 * own default loses the last commits when the power fails). The caller closes it.
 *
 * Throws a `ConfigError` where the path is no place for a database, holds a file of another kind or
 * one written by a newer version; a `DataError` where a reader finds nothing, or damage.
 */
export function openDatabase(
  path: string,
  { readonly = false, onUpdated }: OpenOptions = {},
): Database {
  // An absolute path can neither be taken for a URI nor for SQLite's own names (":memory:").
  const file = resolve(path);
  if (readonly) requireDatabaseFile(file);
  else createDatabaseFile(file);
  return namingFaults(file, 'opening', () => {
    const database = openLasting(file, { readonly, timeout: BUSY_TIMEOUT_MS });
    try {
      requireSoundSqlite(database);
      configure(database);
      if (readonly) requireCurrentSchema(database);
      else update(database, onUpdated);
      refuseDamage(database);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

/** A database in memory: nothing of it is left when it is closed. */
export function openMemoryDatabase(): Database {
  const database = openLasting(':memory:', {});
  database.pragma('foreign_keys = ON');
  migrate(database);
  return database;
}

function update(database: Database, onUpdated: OpenOptions['onUpdated']): void {
  const updated = migrate(database);
  if (updated !== null) onUpdated?.(updated);
}

/**
 * What SQLite finds wrong with the file, one sentence each; empty when it is sound. Reads every
 * page: about 0.1 seconds per 100 MB, more from a cold disk.
 */
export function damageOf(database: Database): readonly string[] {
  const rows = database.prepare<[], string>('PRAGMA quick_check').pluck().all();
  return rows.filter((row) => row !== 'ok');
}

function configure(database: Database): void {
  if (!database.readonly) switchToWal(database);
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
}

/**
 * The switch needs the file for itself, and SQLite does not wait for it as it does for writes: when
 * two processes open a fresh file at once, the second one tries again.
 */
function switchToWal(database: Database): void {
  for (let waitedMs = 0; ; waitedMs += WAL_RETRY_MS) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (sqliteCode(error)?.startsWith('SQLITE_BUSY') !== true) throw error;
      if (waitedMs >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_RETRY_MS);
    }
  }
}

/** Looks for damage where that is quick; a large file is checked on request (`damageOf`). */
function refuseDamage(database: Database): void {
  const pages = Number(database.pragma('page_count', { simple: true }));
  const pageBytes = Number(database.pragma('page_size', { simple: true }));
  if (pages * pageBytes > CHECKED_BYTES_MAX) return;
  const damage = damageOf(database);
  if (damage.length === 0) return;
  throw new DataError(
    `database ${database.name}: an intact file was expected, was damaged (${damage[0]}); restore a ` +
      `backup together with its -wal file, or import the data into a new --db`,
    { details: { damage } },
  );
}
