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
  /** A series is made once, and stays; null until it is. */
  #id: number | null = null;

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
    const id = this.#idOf();
    return id === null ? [] : this.#store.covered(id);
  }

  *pages({ from, to }: TimeSpan): Generator<BarPage, void> {
    const id = this.#idOf();
    if (id !== null) yield* this.#store.pages(id, from, to);
  }

  /** Open time of the bar `count` bars before a time, or of the first one; null when none is earlier. */
  openTimeBefore(time: EpochMs, count: number): EpochMs | null {
    const id = this.#idOf();
    if (id === null) return null;
    const open = this.#store.openTimeBefore(id, time, count);
    return open !== null && open < time ? open : null;
  }

  issues(): readonly DataIssue[] {
    const id = this.#idOf();
    return id === null ? [] : this.#store.issues(id);
  }

  #idOf(): number | null {
    this.#id ??= this.find()?.id ?? null;
    return this.#id;
  }
}
