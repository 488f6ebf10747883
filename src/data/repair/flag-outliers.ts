import { BAR_FLAGS } from '../../core/bar.ts';
import { timeframeMs, type EpochMs, type Timeframe } from '../../core/time.ts';
import type { BarRow } from '../../ports/bar-store.ts';
import { OUTLIER_WARM_UP, OutlierDetector, type OutlierMeasure } from '../outliers.ts';

interface Screening {
  readonly timeframe: Timeframe;
  readonly measure: OutlierMeasure;
  /** The stored bars before a time, ascending: as many as asked for, or as there are. */
  readonly barsBefore: (time: EpochMs, count: number) => Iterable<BarRow>;
}

/**
 * Flags outliers among ascending bars, each stretch of them judged by the bars before it. Bars with
 * nothing but a closed market between them are one stretch.
 */
export function flagOutliers(
  bars: readonly BarRow[],
  { timeframe, measure, barsBefore }: Screening,
): readonly BarRow[] {
  const step = timeframeMs(timeframe);
  let detector = new OutlierDetector(measure);
  let last: EpochMs = -Infinity;
  return bars.map((bar) => {
    if (bar.openTime !== last + step && isApart(last, bar, barsBefore)) {
      detector = new OutlierDetector(measure);
      for (const before of barsBefore(bar.openTime, measure.window + OUTLIER_WARM_UP)) {
        detector.next(before.high, before.low, before.close);
      }
    }
    last = bar.openTime;
    const isOutlier = detector.next(bar.high, bar.low, bar.close) !== null;
    return isOutlier ? { ...bar, flags: bar.flags | BAR_FLAGS.outlier } : bar;
  });
}

function isApart(
  last: EpochMs,
  { openTime }: BarRow,
  barsBefore: Screening['barsBefore'],
): boolean {
  const [before] = barsBefore(openTime, 1);
  return before !== undefined && before.openTime > last;
}
