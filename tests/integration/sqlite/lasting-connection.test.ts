import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { openLasting } from '../../../src/adapters/sqlite/lasting-connection.ts';
import { temporaryPath } from './fixtures.ts';

setFlagsFromString('--expose-gc');

/** Whether a connection and a statement of it survive when nobody else holds on to them. */
async function survivors(open: (path: string) => Database): Promise<readonly boolean[]> {
  const references = leave(open);
  await setImmediate();
  runInNewContext('gc()');
  return references.map((reference) => reference.deref() !== undefined);
}

function leave(open: (path: string) => Database): readonly WeakRef<object>[] {
  const connection = open(temporaryPath());
  const statement = connection.prepare('SELECT 1');
  connection.close();
  return [new WeakRef(connection), new WeakRef(statement)];
}

describe('a lasting connection', () => {
  it('outlives garbage collection with its statements, unlike one of the library', async () => {
    expect(await survivors((path) => openLasting(path, {}))).toEqual([true, true]);
    expect(await survivors((path) => new BetterSqlite3(path))).toEqual([false, false]);
  });

  it('is what the program opens databases with', async () => {
    expect(await survivors((path) => openDatabase(path))).toEqual([true, true]);
  });

  it('sets a pragma, reads one as rows and reads one as a value', () => {
    const connection = openLasting(temporaryPath(), {});
    connection.pragma('user_version = 7');
    expect(connection.pragma('user_version')).toEqual([{ user_version: 7 }]);
    expect(connection.pragma('user_version', { simple: true })).toBe(7);
    connection.close();
  });
});
