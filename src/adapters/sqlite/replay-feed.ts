import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Bar, Slice } from '../../core/bar.ts';
import { InvariantError } from '../../core/errors.ts';
import type { EpochMs } from '../../core/time.ts';
import type { BarStore, Series } from '../../ports/bar-store.ts';
import type { Feed, FeedSink } from '../../ports/feed.ts';
import { SeriesCursor } from './series-cursor.ts';

export interface ReplayProgress {
  /** Bars delivered so far, warm-up included. */
  readonly bars: number;
  /** Close time of the last one. */
  readonly time: EpochMs;
  /** Share of the trading period that is over, from 0 to 1. */
  readonly fraction: number;
}

export interface ReplayOptions {
  readonly store: Pick<BarStore, 'pages' | 'openTimeBefore'>;
  /** One a symbol, all of one timeframe; their order does not matter. */
  readonly series: readonly Series[];
  readonly clock: { advance(time: EpochMs): void };
  /** Bars of each series to hand out before the period begins, where there are as many. */
  readonly warmUpBars: number;
  /** The trading period: bars with `start ≤ openTime < end`. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** A monotonic reading in milliseconds; it measures and decides nothing. */
  readonly timer: () => number;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/** Nothing comes late in a replay. */
type ReplaySink = Pick<FeedSink, 'warmUp' | 'trade'>;

/** Slices between two breaths of the event loop: Ctrl-C and progress bars wait no longer. */
const SLICES_PER_TURN = 1_024;

/** Replays stored bars: all series merged by close time, the bars of a slice in symbol order. */
export class ReplayFeed implements Feed {
  readonly #options: ReplayOptions;
  #cursors: readonly SeriesCursor[] = [];
  #bars = 0;
  #time: EpochMs;

  constructor(options: ReplayOptions) {
    refuseMixture(options.series);
    this.#options = options;
    this.#time = options.start;
  }

  /** Bars delivered, warm-up included. */
  get bars(): number {
    return this.#bars;
  }

  /** Time spent in fetching pages from the store; making bars of them is not part of it. */
  get readSeconds(): number {
    return this.#cursors.reduce((sum, cursor) => sum + cursor.readMs, 0) / 1_000;
  }

  /** Runs once, until the bars are over or the signal aborts; then a slice is never cut in two. */
  async run(sink: ReplaySink, signal: AbortSignal): Promise<void> {
    this.#cursors = this.#open();
    while (!signal.aborted && this.#advance(sink)) {
      this.#report();
      await setImmediate();
    }
    if (!signal.aborted) this.#report();
  }

  /**
   * SHA-256 of the bars delivered so far, warm-up included: over the sorted lines
   * `exchange|symbol|timeframe|SHA-256 of the series' rows`.
   */
  fingerprint(): string {
    const lines = this.#cursors.map((cursor) => {
      const { exchange, symbol, timeframe } = cursor.series;
      return `${exchange}|${symbol}|${timeframe}|${cursor.digest()}`;
    });
    return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
  }

  #open(): readonly SeriesCursor[] {
    const { store, series, start, end, warmUpBars, timer } = this.#options;
    return series
      .toSorted((one, other) => (one.symbol < other.symbol ? -1 : 1))
      .map((each) => {
        const before = store.openTimeBefore(each.id, start, warmUpBars) ?? start;
        const pages = store.pages(each.id, Math.min(before, start), end);
        return new SeriesCursor(each, pages, timer);
      });
  }

  /** Delivers the next slices; false once there are no more. */
  #advance(sink: ReplaySink): boolean {
    const cursors = this.#cursors;
    const { clock, start } = this.#options;
    for (let slices = 0; slices < SLICES_PER_TURN; slices++) {
      let next = Infinity;
      for (const cursor of cursors) if (cursor.nextOpen < next) next = cursor.nextOpen;
      if (next === Infinity) return false;
      const slice = this.#slice(next);
      clock.advance(slice.closeTime);
      if (next < start) sink.warmUp(slice);
      else sink.trade(slice);
    }
    return true;
  }

  #slice(openTime: EpochMs): Slice {
    let bars: Bar[] | null = null;
    let closeTime = openTime;
    for (const cursor of this.#cursors) {
      if (cursor.nextOpen !== openTime) continue;
      const bar = cursor.take();
      closeTime = bar.closeTime;
      // Pushing to an empty list reserves room for seventeen: too much for a million of them.
      if (bars === null) bars = [bar];
      else bars.push(bar);
    }
    this.#time = closeTime;
    if (bars === null) return { closeTime, bars: [] };
    this.#bars += bars.length;
    return { closeTime, bars };
  }

  #report(): void {
    const { onProgress, start, end } = this.#options;
    if (onProgress === undefined) return;
    const fraction = Math.min(Math.max((this.#time - start) / (end - start), 0), 1);
    onProgress({ bars: this.#bars, time: this.#time, fraction });
  }
}

/** Merging by open time equals merging by close time only within one timeframe. */
function refuseMixture(series: readonly Series[]): void {
  const symbols = new Set(series.map(({ symbol }) => symbol));
  const timeframes = new Set(series.map(({ timeframe }) => timeframe));
  if (symbols.size === series.length && timeframes.size <= 1) return;
  throw new InvariantError(
    `one series a symbol and one timeframe were expected, was ` +
      series.map(({ symbol, timeframe }) => `${symbol} ${timeframe}`).join(', '),
  );
}
