import { existsSync } from 'node:fs';
import { damageOf, openDatabase } from '../../adapters/sqlite/database.ts';
import { isLocked, lockHolder } from '../../adapters/sqlite/instance-lock.ts';
import { QuantSageError } from '../../core/errors.ts';
import { engineLock } from '../trading/read-status.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** Looks through the whole database, page by page, and for whoever works on it. */
export function databaseChecks(databasePath: string): readonly Finding[] {
  return [soundnessCheck(databasePath), lockCheck(databasePath)];
}

function soundnessCheck(path: string): Finding {
  if (!existsSync(path)) return ok('database', `${path} will be made`);
  try {
    const database = openDatabase(path, { readonly: true });
    try {
      const [damage] = damageOf(database);
      if (damage === undefined) return ok('database', `${path} is sound`);
      return fail(
        'database',
        `an intact file was expected, ${path} is damaged (${damage}); restore a backup together with ` +
          'its -wal file',
      );
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof QuantSageError) return fail('database', error.message);
    throw error;
  }
}

function lockCheck(path: string): Finding {
  const lock = engineLock(path);
  if (!isLocked(lock)) return ok('instance', 'no other engine runs on this database');
  const holder = lockHolder(lock);
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return warn('instance', `an engine runs on this database already: ${who}`);
}
