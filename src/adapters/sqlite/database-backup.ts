import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { DataError } from '../../core/errors.ts';
import type { Database } from './connection.ts';
import { codeOf, OWNER_ONLY_FILE } from './database-file.ts';
import { openLasting } from './lasting-connection.ts';
import { sqliteCode } from './sqlite-faults.ts';

/**
 * Copies a database, as last committed, to `<file>.v<version>.backup` beside it, in place of an
 * older copy of that name; returns the path. The caller holds the write lock, so nobody else is
 * about to change or to copy it. A copy that carries the name is whole and on the disk.
 *
 * Throws a `DataError` where there is no room or no permission.
 */
export function backUp(database: Database, version: number): string {
  const target = `${database.name}.v${version}.backup`;
  const unfinished = `${target}.unfinished`;
  try {
    rmSync(unfinished, { force: true });
    closeSync(openSync(unfinished, 'wx', OWNER_ONLY_FILE));
    copyInto(database.name, unfinished);
    sync(unfinished);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    const code = sqliteCode(error);
    if (code?.startsWith('SQLITE_CORRUPT') === true) throw error;
    const reason = code ?? codeOf(error) ?? String(error);
    throw new DataError(
      `database ${database.name}: a copy of it was expected at ${target} before its schema is ` +
        `brought up to date, was ${reason}; make room for as much again, or the folder writable, ` +
        `and try again; nothing was changed`,
      { cause: error },
    );
  }
  return target;
}

/** A connection that holds the write lock cannot copy, as a transaction is open on it. */
function copyInto(file: string, target: string): void {
  const reader = openLasting(file, { readonly: true });
  try {
    reader.prepare<[string]>('VACUUM INTO ?').run(target);
  } finally {
    reader.close();
  }
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
