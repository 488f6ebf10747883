import { readFileSync } from 'node:fs';
import path from 'node:path';
import { csvRows } from '../oracle-run.ts';
import type { Candle } from './script.ts';

export interface DatedCandle extends Candle {
  /** UTC date of its open. */
  readonly day: string;
  readonly openTime: number;
  readonly volume: number;
}

/** Candles of a CSV file of the shared folder, as doubles. */
export function candlesOf(file: string): readonly DatedCandle[] {
  const text = readFileSync(path.resolve('../shared/data', file), 'utf8');
  return csvRows(text).map((row) => ({
    day: (row['timestamp'] ?? '').slice(0, 10),
    openTime: Date.parse(row['timestamp'] ?? ''),
    open: Number(row['open']),
    high: Number(row['high']),
    low: Number(row['low']),
    close: Number(row['close']),
    volume: Number(row['volume']),
  }));
}
