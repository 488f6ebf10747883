import { timeframeMs, type EpochMs, type Timeframe } from '../../core/time.ts';
import type { TradingCalendar } from '../../core/trading-calendar.ts';
import type { SeriesCollector } from '../collect/series-collector.ts';
import type { StoredSeries } from '../collect/stored-series.ts';
import { BAR_STRIDE } from '../../ports/bar-store.ts';

/** How often the look back is doubled where bars are sparser than a calendar tells. */
const DOUBLINGS = 3;

interface BackFill {
  readonly collector: SeriesCollector;
  readonly stored: StoredSeries;
  /** Bars before it are wanted, so many, and all bars since. */
  readonly from: EpochMs;
  readonly bars: number;
  readonly signal: AbortSignal;
}

/**
 * Fetches what is missing of the bars that a start needs, fewer where the venue has no more. Throws
 * as `SeriesCollector.collect` does.
 */
export async function backFill(request: BackFill): Promise<void> {
  const { collector, stored, from, bars, signal } = request;
  const { key, calendar } = collector;
  for (let round = 0; round <= DOUBLINGS && !signal.aborted; round += 1) {
    const start = startOf(calendar, key.timeframe, { before: from, bars: bars * 2 ** round });
    await collector.collect({ range: { start, end: null }, signal, onPage: () => undefined });
    if (countBars(stored, start, from) >= bars) return;
  }
}

interface Stretch {
  readonly before: EpochMs;
  readonly bars: number;
}

/** A time early enough for so many bars to be expected since; where none ever is, by the clock. */
function startOf(
  calendar: TradingCalendar,
  timeframe: Timeframe,
  { before, bars }: Stretch,
): EpochMs {
  const spanMs = bars * timeframeMs(timeframe);
  if (!calendar.covers(before)) return Math.max(0, before - spanMs);
  let start = before - spanMs;
  for (let span = spanMs; start > 0 && calendar.covers(start); span *= 2) {
    start = before - span;
    if (calendar.countBars(timeframe, start, before) >= bars) break;
  }
  return Math.max(0, start);
}

function countBars(stored: StoredSeries, from: EpochMs, to: EpochMs): number {
  let bars = 0;
  for (const page of stored.pages({ from, to })) bars += page.length / BAR_STRIDE;
  return bars;
}
