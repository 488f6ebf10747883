import type { EpochMs, TimeSpan } from '../../core/time.ts';
import type { BarPage, BarStore, DataIssue, Series, SeriesKey } from '../../ports/bar-store.ts';
import type { StoredExtent } from './collect-plan.ts';

export type SeriesReading = Pick<
  BarStore,
  'findSeries' | 'covered' | 'pages' | 'openTimeBefore' | 'issues'
>;

/** What is stored of one series, which need not exist yet. */
export class StoredSeries {
  readonly key: SeriesKey;
  readonly #store: SeriesReading;

  constructor(store: SeriesReading, key: SeriesKey) {
    this.#store = store;
    this.key = key;
  }

  find(): Series | null {
    return this.#store.findSeries(this.key);
  }

  extent(): StoredExtent {
    const { firstOpen = null, lastOpen = null } = this.find() ?? {};
    return { firstOpen, lastOpen, covered: this.covered() };
  }

  /** Spans that a source has answered for, ascending. */
  covered(): readonly TimeSpan[] {
    const series = this.find();
    return series === null ? [] : this.#store.covered(series.id);
  }

  *pages({ from, to }: TimeSpan): Generator<BarPage, void> {
    const series = this.find();
    if (series !== null) yield* this.#store.pages(series.id, from, to);
  }

  /** Open time of the bar `count` bars before a time, or of the first one; null when none is earlier. */
  openTimeBefore(time: EpochMs, count: number): EpochMs | null {
    const series = this.find();
    if (series === null) return null;
    const open = this.#store.openTimeBefore(series.id, time, count);
    return open !== null && open < time ? open : null;
  }

  issues(): readonly DataIssue[] {
    const series = this.find();
    return series === null ? [] : this.#store.issues(series.id);
  }
}
