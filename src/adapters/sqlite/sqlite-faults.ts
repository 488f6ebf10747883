import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { ConfigError, DataError, QuantSageError } from '../../core/errors.ts';

/**
 * Runs work on a database file and turns what SQLite throws into one sentence with the path and
 * the way out. Errors raised on purpose pass as they are.
 */
export function namingFaults<T>(path: string, doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageFault(path, doing, error);
  }
}

/** SQLite's code of an error (`SQLITE_BUSY`), or null when it came from elsewhere. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof BetterSqlite3.SqliteError ? error.code : null;
}

/** The error to raise for one that a piece of work on the database threw. */
export function storageFault(path: string, doing: string, error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === null || error instanceof QuantSageError) return error;
  const options = { cause: error, details: { code } };
  // Extended codes (SQLITE_BUSY_SNAPSHOT) begin with the name of their family.
  switch (code.split('_', 2).join('_')) {
    case 'SQLITE_NOTADB':
      return new ConfigError(
        `database ${path}: a SQLite file was expected, was something else; choose another --db`,
        options,
      );
    case 'SQLITE_BUSY':
      return new DataError(
        `database ${path}: the write lock was expected for ${doing}, was held by another process ` +
          `for 5 seconds; end that process or wait for it, then try again`,
        options,
      );
    case 'SQLITE_FULL':
    case 'SQLITE_IOERR':
      return new DataError(
        `database ${path}: room on the disk was expected for ${doing}, was ${freeBytes(path)} ` +
          `(${code}); free some and try again`,
        options,
      );
    case 'SQLITE_CORRUPT':
      return new DataError(
        `database ${path}: an intact file was expected for ${doing}, was damaged; restore a ` +
          `backup together with its -wal file, or import the data into a new --db`,
        options,
      );
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
      return new ConfigError(
        `database ${path}: permission for ${doing} was expected, was refused (${code}); ` +
          `make the file and its folder writable or choose another --db`,
        options,
      );
    default:
      return new DataError(`database ${path}: ${doing} failed: ${String(error)}`, options);
  }
}

/** What is free where a file lies, in words. */
export function freeBytes(path: string): string {
  try {
    const stats = statfsSync(dirname(path));
    return `${stats.bavail * stats.bsize} bytes`;
  } catch {
    return 'unknown';
  }
}
