/**
 * How fast candles come in: a CSV file of a million one-minute bars, read, validated, screened and
 * stored; the whole, and its two parts alone. Medians of several runs, each into a database of its own.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../src/adapters/sqlite/sqlite-bar-store.ts';
import { openBarFile } from '../../src/app/bar-file-reader.ts';
import { importFile } from '../../src/app/import-file.ts';
import { barHeader, barLines } from '../../src/data/bar-lines.ts';
import { prepareImport } from '../../src/data/import-bars.ts';
import type { SavedBars, SeriesWrite } from '../../src/ports/bar-store.ts';
import { benchMarket } from './bench-market.ts';

const BARS = Number(process.argv[2] ?? 1_000_000);
const RUNS = Number(process.argv[3] ?? 3);
const LINES_PER_WRITE = 10_000;
const SERIES = {
  symbol: 'BTC/USD',
  assetClass: 'crypto',
  timeframe: '1m',
  policy: { outliers: 'keep', assumeUtc: false },
  maxBadRows: 0,
} as const;

function writeCsv(file: string): void {
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, barHeader(false));
  let lines: string[] = [];
  for (const { openTime, open, high, low, close, volume } of benchMarket(BARS).bars) {
    lines.push(barLines(Float64Array.of(openTime, open, high, low, close, volume, 0), false));
    if (lines.length < LINES_PER_WRITE) continue;
    writeSync(descriptor, lines.join(''));
    lines = [];
  }
  writeSync(descriptor, lines.join(''));
  closeSync(descriptor);
}

/** Seconds of the whole, of reading with validation, and of storing. */
async function run(file: string, folder: string): Promise<readonly [number, number, number]> {
  const whole = await inStore(path.join(folder, 'whole.db'), (store) =>
    seconds(() => importFile({ ...SERIES, file, exchange: 'bench' }, () => store)),
  );
  const started = performance.now();
  const prepared = await prepareImport({ ...SERIES, ...(await openBarFile(file)), source: file });
  const read = (performance.now() - started) / 1000;
  const write: SeriesWrite = { ...benchMarket(0), ...prepared };
  const stored = await inStore(path.join(folder, 'stored.db'), (store) =>
    seconds(() => Promise.resolve(store.save(write))),
  );
  return [whole, read, stored];
}

async function inStore<T>(file: string, work: (store: SqliteBarStore) => Promise<T>): Promise<T> {
  const connection = openDatabase(file);
  try {
    return await work(new SqliteBarStore(connection));
  } finally {
    connection.close();
    rmSync(file);
  }
}

async function seconds(work: () => Promise<{ readonly saved: SavedBars } | SavedBars>) {
  const started = performance.now();
  const result = await work();
  const { inserted } = 'saved' in result ? result.saved : result;
  if (inserted !== BARS) throw new Error(`${BARS} bars were expected, were ${inserted}`);
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function report(name: string, values: readonly number[]): void {
  const time = median(values);
  const rate = Math.round(BARS / time).toLocaleString('en-US');
  process.stdout.write(`${name.padEnd(30)}${time.toFixed(2).padStart(6)} s ${rate} rows/s\n`);
}

const folder = mkdtempSync(path.join(tmpdir(), 'quantsage-import-bench-'));
try {
  const file = path.join(folder, 'bars.csv');
  writeCsv(file);
  const runs: (readonly [number, number, number])[] = [];
  for (let index = 0; index < RUNS; index += 1) runs.push(await run(file, folder));
  process.stdout.write(`${BARS.toLocaleString('en-US')} rows of CSV, median of ${RUNS}\n`);
  report(
    'import',
    runs.map(([whole]) => whole),
  );
  report(
    'reading and validation alone',
    runs.map(([, read]) => read),
  );
  report(
    'storage alone',
    runs.map(([, , stored]) => stored),
  );
  const peak = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  process.stdout.write(`${'peak memory'.padEnd(30)}${peak} MB\n`);
} finally {
  rmSync(folder, { recursive: true });
}
