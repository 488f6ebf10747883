import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, DataError } from '../../core/errors.ts';

/** Mode of every file with market data or runs in it. */
export const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Makes sure that a regular file stands at the path, creating it (mode 0600) and its folder
 * (mode 0700) if need be. SQLite gives `-wal` and `-shm` the mode of the file beside them, so
 * nobody else can read those either. A file that exists keeps its mode.
 */
export function createDatabaseFile(path: string): void {
  const stats = statOf(path);
  if (stats !== null) return refuseOtherThanFile(path, stats);
  try {
    createFolder(dirname(path));
    closeSync(openSync(path, 'wx', OWNER_ONLY_FILE));
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statOf(path) !== null) return;
    throw new ConfigError(
      `database ${path}: a place that can be written was expected, was ${reasonOf(error)}; ` +
        `make the folder writable or choose another --db`,
      { cause: error },
    );
  }
}

/** Level by level: Node's own recursive mkdir never returns in folders such as /proc. */
function createFolder(path: string): void {
  if (existsSync(path)) return;
  createFolder(dirname(path));
  try {
    mkdirSync(path, { mode: OWNER_ONLY_FOLDER });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Refuses a missing file: a reader has nothing to read there. */
export function requireDatabaseFile(path: string): void {
  const stats = statOf(path);
  if (stats !== null) return refuseOtherThanFile(path, stats);
  throw new DataError(
    `database ${path}: an existing file was expected, was nothing; ` +
      `run "quantsage import" or "quantsage collect" to fill it, or choose another --db`,
  );
}

/**
 * Asks without opening: closing a second descriptor of a database would drop the POSIX locks which
 * SQLite holds on it in this process.
 */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new ConfigError(
      `database ${path}: a path to a file was expected, was ${reasonOf(error)}; choose another --db`,
      { cause: error },
    );
  }
}

function refuseOtherThanFile(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  throw new ConfigError(
    `database ${path}: a regular file was expected, was a ${kindOf(stats)}; choose another --db`,
  );
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'FIFO';
  if (stats.isSocket()) return 'socket';
  return 'device';
}

/** Node's code of an error (`ENOSPC`), or null when it came from elsewhere. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

function reasonOf(error: unknown): string {
  return codeOf(error) ?? String(error);
}
