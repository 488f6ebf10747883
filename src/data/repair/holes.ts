import type { EpochMs, TimeRange, Timeframe } from '../../core/time.ts';
import { expectedOpens, type TradingCalendar } from '../../core/trading-calendar.ts';
import type { BarPage, BarRow } from '../../ports/bar-store.ts';
import { BAR_STRIDE } from '../../ports/bar-store.ts';
import { gapBetween, type Gap } from '../continuity.ts';

/** What bars a series should have. */
export interface SeriesGrid {
  readonly timeframe: Timeframe;
  readonly calendar: TradingCalendar;
}

/** Bars that are not there, between two that are; those that were set aside are among them. */
export interface Hole extends Gap {
  /** Close of the last bar before it. */
  readonly closeBefore: number;
}

/** What a repair makes of one hole. */
export interface Filling {
  readonly hole: Hole;
  /** Ascending; some or all of the bars that are missing. */
  readonly bars: readonly BarRow[];
  /** Why the others stay missing; null when none does. */
  readonly left: string | null;
}

/** Holes between the first and the last bar, cut to the bars that open within the range. */
export function* holesIn(
  pages: Iterable<BarPage>,
  grid: SeriesGrid,
  range: TimeRange,
): Generator<Hole, void> {
  let previous: EpochMs | null = null;
  let closeBefore = Number.NaN;
  for (const page of pages) {
    for (let at = 0; at < page.length; at += BAR_STRIDE) {
      const openTime = page[at] ?? Number.NaN;
      const gap = previous === null ? null : gapBetween(previous, openTime, grid);
      const hole = gap === null ? null : cut({ ...gap, closeBefore }, grid, range);
      if (hole !== null) yield hole;
      previous = openTime;
      closeBefore = page[at + 4] ?? Number.NaN;
    }
  }
}

/** Open times of the bars that are missing, ascending. */
export function missingOpens({ from, to }: Gap, { calendar, timeframe }: SeriesGrid): EpochMs[] {
  return [...expectedOpens(calendar, timeframe, { from, to })];
}

function cut(hole: Hole, { calendar, timeframe }: SeriesGrid, range: TimeRange): Hole | null {
  if ((range.start ?? hole.from) <= hole.from && (range.end ?? hole.to) >= hole.to) return hole;
  const start = Math.max(hole.from, range.start ?? hole.from);
  const to = Math.min(hole.to, range.end ?? hole.to);
  const from = calendar.nextOpen(timeframe, start);
  if (from === null || from >= to) return null;
  return { ...hole, from, to, missing: calendar.countBars(timeframe, from, to) };
}
