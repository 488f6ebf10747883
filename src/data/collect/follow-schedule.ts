import { MINUTE_MS, timeframeMs } from '../../core/time.ts';
import type { EpochMs, Timeframe } from '../../core/time.ts';
import type { TradingCalendar } from '../../core/trading-calendar.ts';
import { closedEndAt } from './collect-plan.ts';

/** First wait for a bar that should be there; doubles as long as it does not come. */
const LATE_WAIT_MS = 5000;

/** A venue may be silent for so long before something is wrong. */
export function patienceMs(timeframe: Timeframe): number {
  return Math.max(2 * timeframeMs(timeframe), MINUTE_MS);
}

/** A series that is followed. */
export interface FollowedSeries {
  readonly timeframe: Timeframe;
  readonly calendar: TradingCalendar;
  readonly graceMs: number;
}

/** The instant from which the next bar to be expected may be asked for. */
export function nextCloseAt(now: EpochMs, series: FollowedSeries): EpochMs {
  const { timeframe, calendar, graceMs } = series;
  const forming = closedEndAt(now, timeframe, graceMs);
  const opens = calendar.nextOpen(timeframe, forming) ?? forming;
  return opens + timeframeMs(timeframe) + graceMs;
}

interface PolledSeries extends FollowedSeries {
  /** By the venue's clock, as all times here. */
  readonly now: EpochMs;
  /** Open time of the last stored bar; null when there is none. */
  readonly lastOpen: EpochMs | null;
  /** Polls in a row that did not bring the bar that closed last. */
  readonly emptyPolls: number;
}

/**
 * When to ask for a series again: after the next close; sooner, and then less and less often, while
 * the bar that closed last is not there yet.
 */
export function nextPollAt(polled: PolledSeries): EpochMs {
  const nextClose = nextCloseAt(polled.now, polled);
  if (isUpToDate(polled)) return nextClose;
  return Math.min(nextClose, polled.now + LATE_WAIT_MS * 2 ** polled.emptyPolls);
}

/** Every bar that has closed is stored, by what the calendar lets expect. */
export function isUpToDate(polled: Omit<PolledSeries, 'emptyPolls'>): boolean {
  const { now, timeframe, calendar, graceMs, lastOpen } = polled;
  if (lastOpen === null) return false;
  const closedEnd = closedEndAt(now, timeframe, graceMs);
  return calendar.countBars(timeframe, lastOpen + 1, closedEnd) === 0;
}

/**
 * When a series is stale unless a bar comes: the bar after the last one has been due to begin for so
 * long, by the venue's clock. Null where no bar is expected ever.
 */
export function staleAt(
  lastOpen: EpochMs,
  { timeframe, calendar }: Pick<FollowedSeries, 'timeframe' | 'calendar'>,
  limitMs = patienceMs(timeframe),
): EpochMs | null {
  const due = calendar.nextOpen(timeframe, lastOpen + 1);
  return due === null ? null : due + limitMs;
}

/** The bar after the last one is missing for longer than a venue may be silent, by its own clock. */
export function isStale(now: EpochMs, lastOpen: EpochMs, series: FollowedSeries): boolean {
  const at = staleAt(lastOpen, series);
  return at !== null && now > at;
}
