import { invariant } from './assert.ts';
import type { Bar } from './bar.ts';
import type { Bucket, BucketGrid } from './bucket-grid.ts';
import { formatTime, type EpochMs } from './time.ts';

/** A bar without the name of its series. */
export type BarValues = Pick<
  Bar,
  'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'flags'
>;

/** A bar made of shorter ones; from `closeTime` on anybody may know it. */
export type BuiltBar = BarValues & Pick<Bar, 'closeTime'>;

interface AggregatorOptions {
  readonly grid: BucketGrid;
  /** Length of the bars that come in. */
  readonly baseMs: number;
  readonly deliver: (bar: BuiltBar) => void;
}

/**
 * Builds bars of a longer timeframe while shorter ones come in: open of the first, highest high,
 * lowest low, close of the last, sum of the volumes, all flags any of them has. Prices are exact.
 * Volumes are doubles, added bar by bar in the order of time: the same bars give the same sum to
 * the last bit however they come in, but a sum of sums may differ from it in the last digits.
 *
 * A bar is delivered when it is over: on the first incoming bar that closes at or after its end, and
 * before that one is taken in where it opens later. So the unfinished bar at the end of a stream is
 * never delivered. Neither is the one a stream begins in the middle of. Where no shorter bar is, no
 * longer one is made; where some are missing it is made of those that are there.
 */
export class BarAggregator {
  readonly #grid: BucketGrid;
  readonly #baseMs: number;
  readonly #deliver: (bar: BuiltBar) => void;
  #bucket: Bucket | null = null;
  #lastOpen: EpochMs = -Infinity;
  #isPartial = false;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;
  #flags = 0;

  constructor({ grid, baseMs, deliver }: AggregatorOptions) {
    this.#grid = grid;
    this.#baseMs = baseMs;
    this.#deliver = deliver;
  }

  /** Stamp of the bar that is being built; null between two. */
  get building(): EpochMs | null {
    return this.#bucket?.openTime ?? null;
  }

  /** Takes the next bar, which must open after the one before. Delivers none, one or two bars. */
  add(bar: BarValues): void {
    const { openTime } = bar;
    invariant(
      openTime > this.#lastOpen,
      () => `bars must come in the order of time, ${formatTime(openTime)} came late`,
    );
    if (this.#bucket !== null && openTime >= this.#bucket.to) this.#finish(this.#bucket);
    const bucket = this.#grid.bucketOf(openTime);
    if (bucket !== null) {
      if (this.#bucket === null) this.#begin(bucket, bar);
      else this.#extend(bar);
    }
    this.#lastOpen = openTime;
    const current = this.#bucket;
    if (current !== null && openTime + this.#baseMs >= current.to) this.#finish(current);
  }

  #begin(bucket: Bucket, bar: BarValues): void {
    this.#isPartial = this.#lastOpen === -Infinity && bar.openTime > bucket.from;
    this.#bucket = bucket;
    this.#open = bar.open;
    this.#high = bar.high;
    this.#low = bar.low;
    this.#close = bar.close;
    this.#volume = bar.volume;
    this.#flags = bar.flags;
  }

  #extend(bar: BarValues): void {
    if (bar.high > this.#high) this.#high = bar.high;
    if (bar.low < this.#low) this.#low = bar.low;
    this.#close = bar.close;
    this.#volume += bar.volume;
    this.#flags |= bar.flags;
  }

  #finish({ openTime, to }: Bucket): void {
    this.#bucket = null;
    if (this.#isPartial) return;
    this.#deliver({
      openTime,
      closeTime: to,
      open: this.#open,
      high: this.#high,
      low: this.#low,
      close: this.#close,
      volume: this.#volume,
      flags: this.#flags,
    });
  }
}
