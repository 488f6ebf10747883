import { existsSync, readFileSync } from 'node:fs';
import type { Bar } from '../../../src/core/bar.ts';
import { DAY_MS } from '../../../src/core/time.ts';

const DATA = '../shared/data';
const RUNS = '../shared/oracles/backtests';
export const HAS_ORACLES = existsSync(DATA) && existsSync(RUNS);

/** A file of a recorded run, a record a line. */
export function oracleRows(path: string): readonly Readonly<Record<string, string>>[] {
  return rows(`${RUNS}/${path}`);
}

function rows(path: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...body] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return body.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** Daily bars of a file of the shared data, by the dates of their opens, the end exclusive. */
export function dailyBars(file: string, from: string, to: string): readonly Bar[] {
  return rows(`${DATA}/${file}`)
    .map((row) => {
      const openTime = Date.parse(row['timestamp'] ?? '');
      const [open, high, low, close, volume] = ['open', 'high', 'low', 'close', 'volume'].map(
        (name) => Number(row[name]),
      );
      return {
        symbol: 'STOCK',
        timeframe: '1d' as const,
        openTime,
        closeTime: openTime + DAY_MS,
        open: open ?? Number.NaN,
        high: high ?? Number.NaN,
        low: low ?? Number.NaN,
        close: close ?? Number.NaN,
        volume: volume ?? Number.NaN,
        flags: 0,
      };
    })
    .filter((bar) => bar.openTime >= Date.parse(from) && bar.openTime < Date.parse(to));
}

export function meanOf(values: readonly number[], from: number, to: number): number {
  return values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
}
