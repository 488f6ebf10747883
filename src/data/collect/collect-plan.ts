import { timeframeMs } from '../../core/time.ts';
import type { EpochMs, Timeframe, TimeRange, TimeSpan } from '../../core/time.ts';
import { gridCeil, gridFloor, spansLeft } from './time-spans.ts';

/** Stored bars that are asked for again, so that a revision by the venue is seen. */
const OVERLAP_BARS = 3;

/** What to ask a venue for: open times. */
export interface PlannedSpan extends TimeSpan {
  /** Before it are stored bars that are asked for again. */
  readonly newFrom: EpochMs;
}

/** What is stored of a series; the times are open times, null when there are no bars. */
export interface StoredExtent {
  readonly firstOpen: EpochMs | null;
  readonly lastOpen: EpochMs | null;
  readonly covered: readonly TimeSpan[];
}

export interface PlanRequest {
  readonly timeframe: Timeframe;
  /** What the user named; null for all there is from the last stored bar until now. */
  readonly range: TimeRange | null;
  /** How far to go back where nothing is stored and no start was named. */
  readonly historyMs: number;
  /** Open time of the first bar that is not finished yet. */
  readonly closedEnd: EpochMs;
  readonly stored: StoredExtent;
}

/** Open time of the first bar that is not finished: its close is not `graceMs` in the past. */
export function closedEndAt(now: EpochMs, timeframe: Timeframe, graceMs: number): EpochMs {
  return gridFloor(now - graceMs, timeframe);
}

/**
 * The spans still to be fetched, oldest first: what was asked for without what a source has answered
 * for already. To resume is to plan again.
 */
export function planSpans(request: PlanRequest): readonly PlannedSpan[] {
  const { stored, timeframe } = request;
  return spansLeft(requestedSpan(request), stored.covered).map(({ from, to }) => {
    return { from: overlapStart(stored, from, timeframe), to, newFrom: from };
  });
}

/** Where asking begins for a span that goes on from the last stored bars; else its own start. */
function overlapStart(
  { firstOpen, lastOpen }: StoredExtent,
  from: EpochMs,
  timeframe: Timeframe,
): EpochMs {
  const earliest = from - OVERLAP_BARS * timeframeMs(timeframe);
  const goesOn = lastOpen !== null && lastOpen < from && lastOpen >= earliest;
  return goesOn ? Math.max(earliest, firstOpen ?? lastOpen) : from;
}

function requestedSpan(request: PlanRequest): TimeSpan {
  const { timeframe, range, closedEnd } = request;
  const end = gridCeil(range?.end ?? closedEnd, timeframe);
  const to = Math.min(end, closedEnd);
  const from = range === null ? continuation(request) : (range.start ?? beginning(request, to));
  return { from: Math.max(0, gridCeil(from, timeframe)), to };
}

/** A series that exists goes on from its end: what lies before it nobody asked for. */
function continuation({ timeframe, historyMs, closedEnd, stored }: PlanRequest): EpochMs {
  const coveredTo = stored.covered.at(-1)?.to;
  if (coveredTo !== undefined) return coveredTo;
  if (stored.lastOpen !== null) return stored.lastOpen + timeframeMs(timeframe);
  return gridFloor(closedEnd - historyMs, timeframe);
}

function beginning({ timeframe, historyMs, stored }: PlanRequest, to: EpochMs): EpochMs {
  const known = [stored.covered[0]?.from, stored.firstOpen ?? undefined];
  const first = Math.min(...known.map((time) => time ?? Infinity));
  return first < to ? first : gridFloor(to - historyMs, timeframe);
}
