import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Bar } from '../../../src/core/bar.ts';
import { HOUR_MS } from '../../../src/core/time.ts';

export const SHARED_DATA = '../shared/data';
export const SHARED_ORACLES = '../shared/oracles/indicators';
export const HAS_SHARED = existsSync(SHARED_DATA) && existsSync(SHARED_ORACLES);

const SYMBOL = 'BTC/USD';

/** An hourly bar; open, high and low follow the close unless given. */
export function barAt(index: number, values: Partial<Bar> = {}): Bar {
  const close = values.close ?? 100;
  return {
    symbol: SYMBOL,
    timeframe: '1h',
    openTime: index * HOUR_MS,
    closeTime: (index + 1) * HOUR_MS,
    open: close,
    high: close,
    low: close,
    close,
    volume: 10,
    flags: 0,
    ...values,
  };
}

/** A generator of numbers in [0, 1): the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface WalkOptions {
  readonly seed: number;
  readonly bars: number;
  /** Largest change of a bar, as a fraction. */
  readonly step?: number;
}

/** A random walk around 100 that is pulled back, with volume that rises with the change. */
export function randomWalk({ seed, bars, step = 0.02 }: WalkOptions): Bar[] {
  const random = seededRandom(seed);
  let price = 100;
  return Array.from({ length: bars }, (_, index) => {
    const open = price;
    const shock = (random() + random() + random() - 1.5) * step;
    price *= 1 + shock + (100 - price) * 0.0005;
    return barAt(index, {
      open,
      close: price,
      high: Math.max(open, price) * (1 + random() * step * 0.2),
      low: Math.min(open, price) * (1 - random() * step * 0.2),
      volume: 5 + random() * 10 + Math.abs(shock) * 500,
    });
  });
}

/** Bars of a file of real candles, in the order of the file. */
export function realBars(file: string): Bar[] {
  const raw = readFileSync(`${SHARED_DATA}/${file}`);
  const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line, index) => {
      const [, open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = line
        .split(',')
        .map(Number);
      return barAt(index, { open, high, low, close, volume });
    });
}

/** A column of an oracle file; null where the oracle is undefined. */
export function oracleColumn(file: string, column: string): (number | null)[] {
  const [header = '', ...lines] = readFileSync(`${SHARED_ORACLES}/${file}`, 'utf8')
    .trim()
    .split(/\r?\n/);
  const position = header.split(',').indexOf(column);
  if (position === -1) throw new Error(`${file} has no column "${column}"`);
  return lines.map((line) => {
    const cell = line.split(',')[position] ?? '';
    return cell === '' ? null : Number(cell);
  });
}
