import { DAY_MS, formatTime, timeframeMs } from '../core/time.ts';
import type { SeriesCollector } from '../data/collect/series-collector.ts';
import type { BarStore, SeriesKey } from '../ports/bar-store.ts';

export type CollectStatus = 'completed' | 'interrupted' | 'failed' | 'skipped';

/** What a run of `collect` came to for one series. */
export interface CollectedSeries extends SeriesKey {
  /** `skipped`: its exchange had failed before its turn came. */
  readonly status: CollectStatus;
  /** Bars that were not stored before. */
  readonly inserted: number;
  /** Bars asked for again that were the same. */
  readonly unchanged: number;
  /** Bars asked for again that the venue has changed since. */
  readonly revised: number;
  /** Bars that were set aside with their reason. */
  readonly quarantined: number;
  readonly outliers: number;
  readonly gaps: number;
  /** Extent of what is stored now, ISO times; null when there are no bars. */
  readonly from: string | null;
  /** Close of the last bar. */
  readonly to: string | null;
  /** What a user should know, in sentences. */
  readonly notes: readonly string[];
}

/** What `collect --json` prints. */
export interface CollectReport {
  /** `failed` where any series is not completed for another reason than Ctrl-C. */
  readonly status: Exclude<CollectStatus, 'skipped'>;
  readonly series: readonly CollectedSeries[];
  /** The sentence on stderr; null when nothing failed. */
  readonly error: string | null;
}

/** A later start than that is no matter of weekends. */
const LATE_START_MS = 7 * DAY_MS;

export function collectedSeries(
  collector: SeriesCollector,
  status: CollectStatus,
  store: Pick<BarStore, 'findSeries'>,
): CollectedSeries {
  const { key, tally } = collector;
  const { inserted, unchanged, revised, quarantined, outliers, gaps } = tally;
  const { firstOpen = null, lastOpen = null } = store.findSeries(key) ?? {};
  return {
    ...key,
    status,
    inserted,
    unchanged,
    revised,
    quarantined,
    outliers,
    gaps,
    from: firstOpen === null ? null : formatTime(firstOpen),
    to: lastOpen === null ? null : formatTime(lastOpen + timeframeMs(key.timeframe)),
    notes: notesOf(collector, firstOpen, status),
  };
}

function notesOf(
  { key, tally, askedFrom }: SeriesCollector,
  firstOpen: number | null,
  status: CollectStatus,
): string[] {
  const notes: string[] = [];
  if (tally.isDoubtful) {
    const share = ((100 * tally.quarantined) / (tally.bars + tally.quarantined)).toFixed(1);
    notes.push(`${share} % of the bars were bad and set aside; "quantsage data verify" names them`);
  }
  if (askedFrom !== null && firstOpen !== null && firstOpen - askedFrom > LATE_START_MS) {
    notes.push(`${key.exchange} gave no bars before ${formatTime(firstOpen)}`);
  }
  if (firstOpen === null && tally.pages > 0) notes.push(`${key.exchange} gave no bars`);
  if (firstOpen === null && tally.pages === 0 && status === 'completed') {
    notes.push('no bar of that time has closed yet');
  }
  return notes;
}
