import { ConfigError } from '../../core/errors.ts';
import type { Database } from './connection.ts';

/**
 * The first version without the WAL-reset bug: two connections that write and checkpoint at once
 * could lose pages.
 */
const OLDEST = [3, 51, 3] as const;

/** Refuses a SQLite that may damage a database in WAL mode. */
export function requireSoundSqlite(database: Database): void {
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  if (isSound(version)) return;
  throw new ConfigError(
    `SQLite ${OLDEST.join('.')} or newer was expected, was "${version}", which may damage a ` +
      'database; install the dependencies of this program again',
  );
}

/** Whether a version, as `sqlite_version()` gives it, is at least the oldest that is sound. */
export function isSound(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, least] of OLDEST.entries()) {
    const part = parts[at] ?? 0;
    if (part > least) return true;
    // Also where it is no number.
    if (!(part >= least)) return false;
  }
  return true;
}
