import { timeframeMs } from '../../core/time.ts';
import type { EpochMs, TimeSpan } from '../../core/time.ts';
import { BAR_STRIDE } from '../../ports/bar-store.ts';
import type { Gap } from '../continuity.ts';
import { settlingMs } from './page-coverage.ts';
import type { StoredSeries } from './stored-series.ts';
import { isWithin } from './time-spans.ts';

/** The gap between two neighbouring bars, or null. */
export type GapRule = (previous: EpochMs, next: EpochMs) => Gap | null;

/** Bars about to be saved, and what they are the whole truth of. */
interface ArrivingBars {
  /** Ascending. */
  readonly openTimes: readonly EpochMs[];
  readonly covers: TimeSpan | null;
}

/**
 * The gaps that arriving bars make or border on, each between two bars that stand in the series once
 * they are saved. A stretch that no source has answered for is no gap: nobody asked yet.
 */
export function gapsAround(
  stored: StoredSeries,
  gapBetween: GapRule,
  { openTimes, covers }: ArrivingBars,
): readonly Gap[] {
  const answered = stored.covered();
  const after = covers === null ? null : openAfter(stored, answered, covers);
  const first = openTimes[0] ?? covers?.from;
  const before = first === undefined ? null : stored.openTimeBefore(first, 1);
  const known = covers === null ? answered : [...answered, covers];
  const gaps: Gap[] = [];
  let previous: EpochMs | null = null;
  for (const next of [before, ...openTimes, after]) {
    if (next === null) continue;
    if (previous !== null && gapBetween(previous, next) !== null) {
      const empty = { from: previous + timeframeMs(stored.key.timeframe), to: next };
      if (isWithin(empty, known)) gaps.push(...gapsIn(stored, gapBetween, { previous, next }));
    }
    previous = next;
  }
  return gaps;
}

/**
 * The index of the first of some bars, ascending, that no unasked stretch parts from the last one.
 * A short one is none: a stream leaves out what was not traded, and is only later asked for.
 */
export function connectedFrom(
  stored: StoredSeries,
  gapBetween: GapRule,
  openTimes: readonly EpochMs[],
): number {
  const answered = stored.covered();
  const { timeframe } = stored.key;
  return openTimes.findLastIndex((next, index) => {
    const previous = openTimes[index - 1];
    if (previous === undefined) return true;
    const empty = { from: previous + timeframeMs(timeframe), to: next };
    if (empty.to - empty.from <= settlingMs(timeframe)) return false;
    return gapBetween(previous, next) !== null && !isWithin(empty, answered);
  });
}

/** Bars of another source may stand where the arriving ones have none. */
function gapsIn(
  stored: StoredSeries,
  gapBetween: GapRule,
  { previous, next }: { readonly previous: EpochMs; readonly next: EpochMs },
): readonly Gap[] {
  const times = [previous];
  for (const page of stored.pages({ from: previous + 1, to: next })) {
    for (let at = 0; at < page.length; at += BAR_STRIDE) times.push(page[at] ?? 0);
  }
  return times.flatMap((time, index) => gapBetween(time, times[index + 1] ?? next) ?? []);
}

/** The next stored bar, where coverage meets what was answered for earlier; else it is no neighbour. */
function openAfter(
  stored: StoredSeries,
  answered: readonly TimeSpan[],
  covers: TimeSpan,
): EpochMs | null {
  const later = answered.find(({ from, to }) => from <= covers.to && to > covers.to);
  if (later === undefined) return null;
  for (const page of stored.pages({ from: covers.to, to: later.to })) return page[0] ?? null;
  return null;
}
