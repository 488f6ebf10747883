import { BarAggregator } from '../../core/bar-aggregator.ts';
import { bucketGrid, type Bucket, type BucketGrid } from '../../core/bucket-grid.ts';
import { timeframeMs, type EpochMs, type TimeSpan, type Timeframe } from '../../core/time.ts';
import type { BarRow } from '../../ports/bar-store.ts';
import { missingOpens, type Filling, type Hole, type SeriesGrid } from './holes.ts';

/** A stored series of a shorter timeframe, of the same market and prices. */
export interface FinerSeries {
  readonly timeframe: Timeframe;
  /** What a source has answered for: bars that are missing in there were never traded. */
  readonly covered: readonly TimeSpan[];
  /** Ascending from the last bar before a time on, if there is one; read as far as is needed. */
  rowsAround(time: EpochMs): Iterable<BarRow>;
}

export interface FinerFilling extends Filling {
  /** Timeframes that bars were made of. */
  readonly sources: readonly Timeframe[];
  /** Bars made of fewer shorter ones than there could be: nobody traded in the others. */
  readonly thin: number;
}

/**
 * Builds the missing bars from shorter ones, of the first series that has them. A bar is made only
 * where a source has answered for the whole of it: half an hour is no hour.
 */
export function fillFromFiner(
  hole: Hole,
  grid: SeriesGrid,
  finer: readonly FinerSeries[],
): FinerFilling {
  const missing = new Set(missingOpens(hole, grid));
  const bars: BarRow[] = [];
  const sources: Timeframe[] = [];
  let thin = 0;
  for (const series of finer) {
    if (missing.size === 0) break;
    const built = new HoleBuilder(missing, grid, series).build();
    if (built.length > 0) sources.push(series.timeframe);
    for (const { bar, isThin } of built) {
      bars.push(bar);
      missing.delete(bar.openTime);
      if (isThin) thin += 1;
    }
  }
  bars.sort((one, other) => one.openTime - other.openTime);
  return { hole, bars, sources, thin, left: missing.size === 0 ? null : reason(finer) };
}

function reason(finer: readonly FinerSeries[]): string {
  if (finer.length === 0) return 'no series of a shorter timeframe is stored that they are made of';
  const names = finer.map(({ timeframe }) => timeframe).join(' and ');
  return `there are ${names} bars, but not of all that time`;
}

interface BuiltForHole {
  readonly bar: BarRow;
  readonly isThin: boolean;
}

/** Feeds one shorter series to an aggregator, around the bars that are wanted. */
class HoleBuilder {
  readonly #wanted: ReadonlySet<EpochMs>;
  readonly #grid: SeriesGrid;
  readonly #finer: FinerSeries;
  readonly #buckets: BucketGrid;
  readonly #built: BuiltForHole[] = [];
  /** Shorter bars by the stamp of the bar they belong to. */
  readonly #parts = new Map<EpochMs, { readonly bucket: Bucket; bars: number }>();

  constructor(wanted: ReadonlySet<EpochMs>, grid: SeriesGrid, finer: FinerSeries) {
    this.#wanted = wanted;
    this.#grid = grid;
    this.#finer = finer;
    this.#buckets = bucketGrid(finer.timeframe, grid.timeframe, grid.calendar);
  }

  build(): readonly BuiltForHole[] {
    const opens = [...this.#wanted];
    const end = (opens.at(-1) ?? 0) + timeframeMs(this.#grid.timeframe);
    const aggregator = new BarAggregator({
      grid: this.#buckets,
      baseMs: timeframeMs(this.#finer.timeframe),
      deliver: (built) => this.#take(built),
    });
    for (const row of this.#finer.rowsAround(opens[0] ?? 0)) {
      this.#count(this.#buckets.bucketOf(row.openTime));
      aggregator.add(row);
      if (row.openTime >= end) break;
    }
    return this.#built;
  }

  #count(bucket: Bucket | null): void {
    if (bucket === null) return;
    const part = this.#parts.get(bucket.openTime);
    if (part === undefined) this.#parts.set(bucket.openTime, { bucket, bars: 1 });
    else part.bars += 1;
  }

  #take({ openTime, open, high, low, close, volume, flags }: BarRow): void {
    const part = this.#parts.get(openTime);
    if (part === undefined || !this.#wanted.has(openTime)) return;
    const { bucket, bars } = part;
    if (!this.#isCovered(bucket)) return;
    const whole = this.#grid.calendar.countBars(this.#finer.timeframe, bucket.from, bucket.to);
    const bar = { openTime, open, high, low, close, volume, flags };
    this.#built.push({ bar, isThin: bars < whole });
  }

  #isCovered({ from, to }: Bucket): boolean {
    return this.#finer.covered.some((span) => span.from <= from && to <= span.to);
  }
}
