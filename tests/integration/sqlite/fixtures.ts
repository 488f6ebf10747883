import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import type { BarPage, BarRow, BarStore, SeriesKey } from '../../../src/ports/bar-store.ts';
import { BTC_1H } from './bar-rows.ts';

const folders: string[] = [];
const databases: Database[] = [];

afterEach(() => {
  for (const database of databases.splice(0)) database.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'quantsage-'));
  folders.push(folder);
  return folder;
}

export function temporaryPath(): string {
  return join(temporaryFolder(), 'quantsage.db');
}

/** A connection that is closed after the test. */
export function connect(path: string = temporaryPath(), readonly = false): Database {
  const database = openDatabase(path, { readonly });
  databases.push(database);
  return database;
}

/** All pages in one. */
export function joined(pages: Iterable<BarPage>): Float64Array {
  const all = [...pages];
  const whole = new Float64Array(all.reduce((sum, page) => sum + page.length, 0));
  let at = 0;
  for (const page of all) {
    whole.set(page, at);
    at += page.length;
  }
  return whole;
}

/** What pages of those bars must hold. */
export function rowsOf(bars: readonly BarRow[]): Float64Array {
  return Float64Array.from(
    bars.flatMap((bar) => [
      bar.openTime,
      bar.open,
      bar.high,
      bar.low,
      bar.close,
      bar.volume,
      bar.flags,
    ]),
  );
}

export function seriesIdOf(store: BarStore, key: SeriesKey = BTC_1H): number {
  const series = store.findSeries(key);
  if (series === null) throw new Error(`no series ${key.symbol}`);
  return series.id;
}
