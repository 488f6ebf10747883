import type { Bar } from '../../core/bar.ts';
import { timeframeMs, type EpochMs } from '../../core/time.ts';
import type { BarRow } from '../../ports/bar-store.ts';
import type { StoredSeries } from '../collect/stored-series.ts';
import { rowsOf } from '../repair/bar-rows.ts';

/** The stored bars of one series that are still to be handed out, each once, in time order. */
export class SeriesQueue {
  readonly #stored: StoredSeries;
  #from: EpochMs = 0;
  #bars: Bar[] = [];
  #at = 0;
  /** Nothing was stored behind what is known. */
  #isDry = false;

  constructor(stored: StoredSeries) {
    this.#stored = stored;
  }

  /** Open time from which bars are still to be handed out. */
  get from(): EpochMs {
    return this.#from;
  }

  /** Begins with the first bar that opens then or later. */
  startAt(openTime: EpochMs): void {
    this.#from = openTime;
    this.refresh();
  }

  /** What is known of the store is out of date. */
  refresh(): void {
    this.#bars = [];
    this.#at = 0;
    this.#isDry = false;
  }

  /** The next bar, without taking it; null when there is none yet. */
  peek(): Bar | null {
    if (this.#at === this.#bars.length && !this.#isDry) this.#read();
    return this.#bars[this.#at] ?? null;
  }

  /** The next bar. */
  take(): Bar | null {
    const bar = this.peek();
    if (bar === null) return null;
    this.#at += 1;
    this.#from = bar.openTime + 1;
    return bar;
  }

  /** As much as the store gives at once. */
  #read(): void {
    this.refresh();
    const end = Number.MAX_SAFE_INTEGER;
    for (const page of this.#stored.pages({ from: this.#from, to: end })) {
      this.#bars = [...rowsOf([page])].map((row) => this.#barOf(row));
      break;
    }
    this.#isDry = this.#bars.length === 0;
  }

  #barOf(row: BarRow): Bar {
    const { symbol, timeframe } = this.#stored.key;
    const { openTime, open, high, low, close, volume, flags } = row;
    const closeTime = openTime + timeframeMs(timeframe);
    return { symbol, timeframe, openTime, closeTime, open, high, low, close, volume, flags };
  }
}
