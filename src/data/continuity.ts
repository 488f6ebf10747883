import type { EpochMs, Timeframe } from '../core/time.ts';
import { formatTime, timeframeMs } from '../core/time.ts';
import { expectedOpens, type TradingCalendar } from '../core/trading-calendar.ts';
import type { DataIssue } from '../ports/bar-store.ts';

/** A stretch of time without bars that should be there. */
export interface Gap {
  /** Open time of the first bar that is not there. */
  readonly from: EpochMs;
  /** Open time of the next bar that is there. */
  readonly to: EpochMs;
  /** Bars that are not there. */
  readonly missing: number;
}

/** What a series should hold. */
export interface Continuity {
  readonly timeframe: Timeframe;
  readonly calendar: TradingCalendar;
  /** Open times of bars that came and were set aside: wrong, but not missing. */
  readonly setAside?: ReadonlySet<EpochMs>;
}

/** The gap between two neighbouring bars, by the calendar of their market; null for none. */
export function gapBetween(previous: EpochMs, next: EpochMs, continuity: Continuity): Gap | null {
  const { timeframe, calendar, setAside } = continuity;
  const step = timeframeMs(timeframe);
  if (next - previous <= step) return null;
  const from =
    calendar.id === 'always' ? previous + step : calendar.nextOpen(timeframe, previous + 1);
  if (from === null || from >= next) return null;
  if (setAside !== undefined && setAside.size > 0)
    return gapWithout(setAside, from, next, continuity);
  const missing =
    calendar.id === 'always'
      ? Math.round((next - previous) / step) - 1
      : calendar.countBars(timeframe, from, next);
  return { from, to: next, missing };
}

export function issueOfGap(gap: Gap): DataIssue {
  return {
    openTime: gap.from,
    rule: 'gap',
    detail: `${gap.missing} missing from ${formatTime(gap.from)} until ${formatTime(gap.to)}`,
    quarantined: false,
  };
}

function gapWithout(
  setAside: ReadonlySet<EpochMs>,
  start: EpochMs,
  to: EpochMs,
  { calendar, timeframe }: Continuity,
): Gap | null {
  let from: EpochMs | null = null;
  let missing = 0;
  for (const openTime of expectedOpens(calendar, timeframe, { from: start, to })) {
    if (setAside.has(openTime)) continue;
    from ??= openTime;
    missing += 1;
  }
  return from === null ? null : { from, to, missing };
}
