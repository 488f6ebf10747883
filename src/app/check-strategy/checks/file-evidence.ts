import { readFileSync, realpathSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BAR_STRIDE } from '../../../ports/bar-store.ts';
import type { TrialSeries } from '../trial.ts';

const SAMPLES = 24;
/** Of the closes looked for, those that must be there. */
const FOUND_SHARE = 0.8;
const SIZE_MAX = 64 * 1024 * 1024;
/** A shorter number may stand in a file by chance. */
const DIGITS_MIN = 4;

/** Whether a file holds the bars of a run: it is their database, or most of their closes are in it. */
export function holdsBars(
  file: string,
  {
    series,
    databasePath,
  }: { readonly series: readonly TrialSeries[]; readonly databasePath: string },
): boolean {
  try {
    if (realpathSync(file) === realpathSync(databasePath)) return true;
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > SIZE_MAX) return false;
    const content = readFileSync(file);
    const text = (file.endsWith('.gz') ? gunzipSync(content) : content).toString('latin1');
    return series.some(({ rows }) => holdsCloses(text, rows));
  } catch {
    // What cannot be read now could not tell anything of the bars either.
    return false;
  }
}

function holdsCloses(text: string, rows: Float64Array): boolean {
  const bars = rows.length / BAR_STRIDE;
  const step = Math.max(Math.floor(bars / SAMPLES), 1);
  const closes = Array.from({ length: Math.min(SAMPLES, bars) }, (_, index) =>
    String(rows[index * step * BAR_STRIDE + 4]),
  ).filter((close) => close.length >= DIGITS_MIN);
  if (closes.length < SAMPLES / 2) return false;
  const found = closes.filter((close) => text.includes(close)).length;
  return found >= closes.length * FOUND_SHARE;
}
