import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import { BAR_STRIDE } from '../../ports/bar-store.ts';
import { indexFrom, withRows } from './prepared-market.ts';
import type { TrialSeries } from './trial.ts';

/** In the order of a row, after the open time. */
export const FIELDS = ['open', 'high', 'low', 'close', 'volume'] as const;
export type BarField = (typeof FIELDS)[number];

/**
 * Another future: `mirrored` turns every rise from the last known close into the fall of the same
 * ratio, `raised` doubles all prices. Both change every field of every bar.
 */
export const FUTURES = ['mirrored', 'raised'] as const;
export type Future = (typeof FUTURES)[number];

export interface Alteration {
  readonly future: Future;
  /** The last bar that is known: from its close on it is another future. */
  readonly decidedOn: EpochMs;
  /** Bars that open within `after < t ≤ until` are replaced. */
  readonly after: EpochMs;
  readonly until: EpochMs;
  /** Only bars of this symbol; all when null. */
  readonly symbol: SymbolName | null;
  /** Only this field; all when null. */
  readonly field: BarField | null;
}

/** The same series with other bars in a stretch of time. */
export function altered(
  series: readonly TrialSeries[],
  alteration: Alteration,
): readonly TrialSeries[] {
  return series.map((each) => {
    const { decidedOn, symbol, after, until } = alteration;
    if (symbol !== null && each.series.symbol !== symbol) return each;
    const rows = each.rows.slice();
    const first = indexFrom(rows, after + 1);
    const end = indexFrom(rows, until + 1);
    const known = rows[(indexFrom(rows, decidedOn + 1) - 1) * BAR_STRIDE + 4] ?? rows[4] ?? 1;
    for (let index = first; index < end; index++) alter(rows, index, known, alteration);
    return withRows(each, rows);
  });
}

/** The same series without what opens after a time. */
export function truncated(series: readonly TrialSeries[], last: EpochMs): readonly TrialSeries[] {
  return series.map((each) =>
    withRows(each, each.rows.slice(0, indexFrom(each.rows, last + 1) * BAR_STRIDE)),
  );
}

function alter(
  rows: Float64Array,
  index: number,
  known: number,
  { future, field }: Alteration,
): void {
  const at = index * BAR_STRIDE;
  const [open = 0, high = 0, low = 0, close = 0, volume = 0] = rows.subarray(at + 1, at + 6);
  const replaced =
    future === 'raised'
      ? [open * 2, high * 2, low * 2, close * 2, volume * 4 + 1]
      : [...[open, low, high, close].map((price) => (known * known) / price), volume / 4];
  for (const [offset, name] of FIELDS.entries()) {
    if (field === null || field === name) rows[at + 1 + offset] = replaced[offset] ?? 0;
  }
}
