import { HOUR_MS, timeframeMs } from '../../core/time.ts';
import type { EpochMs, Timeframe, TimeSpan } from '../../core/time.ts';
import { gridFloor } from './time-spans.ts';

const SETTLING_MIN_MS = HOUR_MS;
const SETTLING_BARS = 3;

interface AnsweredPage {
  readonly timeframe: Timeframe;
  /** From what was asked for to where the venue says its answer is complete. */
  readonly answered: TimeSpan;
  /** Open time of the last sound bar; null when there was none. */
  readonly lastOpen: EpochMs | null;
  /** The venue's clock. */
  readonly now: EpochMs;
}

/** What may still come late: the last hour, or three bars where that is longer. */
export function settlingMs(timeframe: Timeframe): number {
  return Math.max(SETTLING_MIN_MS, SETTLING_BARS * timeframeMs(timeframe));
}

/**
 * The span a page may be taken for the whole truth of; null for none. Venues publish late: what is
 * missing after the last bar may still come, and a span once covered is never asked for again. So
 * in the last hour (three bars, where that is longer) coverage ends with the last bar received.
 */
export function coverageOf({ timeframe, answered, lastOpen, now }: AnsweredPage): TimeSpan | null {
  const step = timeframeMs(timeframe);
  const settledTo = gridFloor(now - settlingMs(timeframe), timeframe);
  const receivedTo = lastOpen === null ? answered.from : lastOpen + step;
  const to = Math.min(answered.to, Math.max(settledTo, receivedTo));
  return to > answered.from ? { from: answered.from, to } : null;
}
