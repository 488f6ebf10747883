import type { Bar, Slice } from '../../core/bar.ts';
import type { EpochMs } from '../../core/time.ts';
import type { FeedSeries } from './feed-series.ts';

/** Bars up to a close time were there from a moment on. */
interface Arrival {
  readonly closeTime: EpochMs;
  readonly at: EpochMs;
}

/** The stored bars of all series, merged by close time; those of one instant in symbol order. */
export class SliceLine {
  readonly #series: readonly FeedSeries[];
  #arrivals: readonly Arrival[] = [];

  constructor(series: readonly FeedSeries[]) {
    this.#series = series.toSorted((one, other) => (symbolOf(one) < symbolOf(other) ? -1 : 1));
  }

  /** Close time of the next slice of all but the series held back; null when nothing is left. */
  nextClose(held: ReadonlySet<FeedSeries>): EpochMs | null {
    let next: EpochMs | null = null;
    for (const series of this.#series) {
      const bar = held.has(series) ? null : series.queue.peek();
      if (bar !== null && (next === null || bar.closeTime < next)) next = bar.closeTime;
    }
    return next;
  }

  take(closeTime: EpochMs, held: ReadonlySet<FeedSeries>): Slice {
    const bars: Bar[] = [];
    for (const series of this.#series) {
      if (held.has(series) || series.queue.peek()?.closeTime !== closeTime) continue;
      const bar = series.queue.take();
      if (bar !== null) bars.push(bar);
    }
    this.#arrivals = this.#arrivals.filter((each) => each.closeTime > closeTime);
    return { closeTime, bars };
  }

  /** Bars of some series up to one of that close time were stored. */
  arrived(closeTime: EpochMs, at: EpochMs): void {
    this.#arrivals = [...this.#arrivals, { closeTime, at }];
  }

  /** Since when a bar of that close time has been there; −∞ where it always was. */
  seenAt(closeTime: EpochMs): EpochMs {
    const later = this.#arrivals.find((each) => each.closeTime >= closeTime);
    return later?.at ?? -Infinity;
  }
}

function symbolOf({ followed }: FeedSeries): string {
  return followed.collector.key.symbol;
}
