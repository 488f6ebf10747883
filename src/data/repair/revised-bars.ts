import { hasSameValues } from '../../core/bar.ts';
import type { EpochMs, TimeRange } from '../../core/time.ts';
import type { BarRevision, BarRow } from '../../ports/bar-store.ts';

export interface RevisedBars {
  /** The latest values of each revised bar, where they are not the stored ones. */
  readonly bars: readonly BarRow[];
  /** Bars that were revised but are no longer stored. */
  readonly gone: number;
}

/** What the venue said last of each bar that it revised; `storedAt` gives null where none is. */
export function revisedBars(
  revisions: readonly BarRevision[],
  storedAt: (openTime: EpochMs) => BarRow | null,
  { start, end }: TimeRange,
): RevisedBars {
  const latest = new Map<EpochMs, BarRow>();
  for (const { openTime, bar } of revisions) {
    if (openTime < (start ?? -Infinity) || openTime >= (end ?? Infinity)) continue;
    latest.set(openTime, bar);
  }
  const bars: BarRow[] = [];
  let gone = 0;
  for (const [openTime, bar] of latest) {
    const stored = storedAt(openTime);
    if (stored === null) gone += 1;
    else if (!hasSameValues(stored, bar)) bars.push({ ...bar, flags: 0 });
  }
  return { bars, gone };
}
