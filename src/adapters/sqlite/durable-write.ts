import { ConfigError, DataError } from '../../core/errors.ts';
import type { Database } from './connection.ts';
import { freeBytes, namingFaults, sqliteCode } from './sqlite-faults.ts';

/**
 * Runs work in a transaction that is on the disk when this returns. Throws a `DataError` where it
 * cannot be written, whatever the reason; then nothing of it was.
 */
export function writeDurably<T>(database: Database, doing: string, work: () => T): T {
  const path = database.name;
  try {
    return namingFaults(path, doing, () => database.transaction(work).immediate());
  } catch (error) {
    const code = error instanceof ConfigError ? sqliteCode(error.cause) : null;
    if (code === null) throw error;
    throw new DataError(
      `database ${path}: a file that can be written was expected for ${doing}, was ${code} with ` +
        `${freeBytes(path)} free; make the file and its folder writable and start again`,
      { cause: error, details: { code } },
    );
  }
}
