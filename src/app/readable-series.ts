import { BarAggregator, type BarValues, type BuiltBar } from '../core/bar-aggregator.ts';
import { bucketGrid, canBuild, type BucketGrid } from '../core/bucket-grid.ts';
import { timeframeMs, type EpochMs } from '../core/time.ts';
import { tradingCalendar } from '../core/trading-calendar.ts';
import {
  BAR_STRIDE,
  type BarPage,
  type BarStore,
  type Series,
  type SeriesKey,
} from '../ports/bar-store.ts';

/** A series to read bars of: stored as it is, or built from a stored one of a shorter timeframe. */
export interface ReadableSeries extends Series {
  /** What its bars are built from, whose id it has; null where they are stored. */
  readonly builtFrom: Series | null;
}

export type BarReader = Pick<BarStore, 'pages' | 'openTimeBefore'>;

/**
 * The stored series of that key, or one built from the longest stored timeframe that divides its
 * own; null where there are no bars either way. Its bars are read by a `barReader`. Nothing built is
 * stored: what it is built from may change.
 */
export function readableSeries(
  store: BarReader & Pick<BarStore, 'series'>,
  key: SeriesKey,
): ReadableSeries | null {
  const stored = store.series();
  const own = stored.find((each) => isSameMarket(each, key) && each.timeframe === key.timeframe);
  if (own !== undefined && own.bars > 0) return { ...own, builtFrom: null };
  for (const base of basesOf(stored, key)) {
    const built = builtSeries(store, base, key.timeframe);
    if (built !== null) return built;
  }
  return null;
}

/** Stored series that a longer one can be built from, the longest timeframe first. */
export function basesOf(stored: readonly Series[], key: SeriesKey): readonly Series[] {
  return stored
    .filter((each) => isSameMarket(each, key) && each.timeframe !== key.timeframe)
    .filter(({ timeframe, calendar }) => canBuild(timeframe, key.timeframe, calendar))
    .toSorted((one, other) => timeframeMs(other.timeframe) - timeframeMs(one.timeframe));
}

function isSameMarket(series: Series, { exchange, symbol, adjustment }: SeriesKey): boolean {
  return (
    series.exchange === exchange && series.symbol === symbol && series.adjustment === adjustment
  );
}

/** The series that whole bars of the base make up; null where they make up none. Reads all of it. */
export function builtSeries(
  store: BarReader,
  base: Series,
  timeframe: Series['timeframe'],
): ReadableSeries | null {
  let bars = 0;
  let firstOpen: EpochMs | null = null;
  let lastOpen: EpochMs | null = null;
  const built = { ...base, timeframe, builtFrom: base };
  for (const page of new BuiltBars(store, built, base).pages(0, Number.MAX_SAFE_INTEGER)) {
    bars += page.length / BAR_STRIDE;
    firstOpen ??= page[0] ?? null;
    lastOpen = page.at(-BAR_STRIDE) ?? null;
  }
  return bars === 0 ? null : { ...built, bars, firstOpen, lastOpen };
}

/** Reads the bars of these series as a store does, building those that are built. */
export function barReader(store: BarReader, series: readonly ReadableSeries[]): BarReader {
  const built = new Map(
    series.flatMap((each) =>
      each.builtFrom === null ? [] : [[each.id, new BuiltBars(store, each, each.builtFrom)]],
    ),
  );
  return {
    pages: (id, from, to) => built.get(id)?.pages(from, to) ?? store.pages(id, from, to),
    openTimeBefore: (id, time, count) => {
      const bars = built.get(id);
      if (bars !== undefined) return bars.openTimeBefore(time, count);
      return store.openTimeBefore(id, time, count);
    },
  };
}

/** The bars of one built series, made anew whenever they are read. */
class BuiltBars {
  readonly #store: BarReader;
  readonly #series: Series;
  readonly #base: Series;
  readonly #baseMs: number;
  readonly #grid: BucketGrid;

  constructor(store: BarReader, series: Series, base: Series) {
    this.#store = store;
    this.#series = series;
    this.#base = base;
    this.#baseMs = timeframeMs(base.timeframe);
    this.#grid = bucketGrid(base.timeframe, series.timeframe, tradingCalendar(base.calendar));
  }

  /**
   * As `BarStore.pages`. Reading begins with the bar before `from`: with it, the first bar is known
   * to be whole. It goes on to the bar that shows the last one to be over.
   */
  *pages(from: EpochMs, to: EpochMs): Generator<BarPage, void, undefined> {
    let built: BuiltBar[] = [];
    let reached = -Infinity;
    const aggregator = new BarAggregator({
      grid: this.#grid,
      baseMs: this.#baseMs,
      deliver: (bar) => {
        reached = bar.openTime;
        if (bar.openTime >= from && bar.openTime < to) built.push(bar);
      },
    });
    const { id } = this.#base;
    const before = this.#store.openTimeBefore(id, from, 1) ?? from;
    for (const page of this.#store.pages(id, Math.min(before, from), Number.MAX_SAFE_INTEGER)) {
      for (let at = 0; at < page.length; at += BAR_STRIDE) aggregator.add(rowAt(page, at));
      if (built.length > 0) yield pageOf(built);
      built = [];
      if (Math.max(reached, aggregator.building ?? -Infinity) >= to) return;
    }
  }

  /** As `BarStore.openTimeBefore`. */
  openTimeBefore(time: EpochMs, count: number): EpochMs | null {
    if (count <= 0) return time;
    const ratio = timeframeMs(this.#series.timeframe) / this.#baseMs;
    // One more, as the first may be cut; holes make bars of fewer, closed markets of none.
    for (let window = (count + 1) * ratio; ; window *= 2) {
      const start = this.#store.openTimeBefore(this.#base.id, time, window);
      if (start === null) return null;
      const opens = [...this.#opens(start, time)];
      const isAll = start >= time || start <= (this.#base.firstOpen ?? start);
      if (opens.length >= count || isAll)
        return opens.at(-count) ?? opens[0] ?? this.#series.firstOpen;
    }
  }

  *#opens(from: EpochMs, to: EpochMs): Generator<EpochMs> {
    for (const page of this.pages(from, to)) {
      for (let at = 0; at < page.length; at += BAR_STRIDE) yield page[at] ?? Number.NaN;
    }
  }
}

function rowAt(page: BarPage, at: number): BarValues {
  return {
    openTime: page[at] ?? Number.NaN,
    open: page[at + 1] ?? Number.NaN,
    high: page[at + 2] ?? Number.NaN,
    low: page[at + 3] ?? Number.NaN,
    close: page[at + 4] ?? Number.NaN,
    volume: page[at + 5] ?? Number.NaN,
    flags: page[at + 6] ?? Number.NaN,
  };
}

function pageOf(bars: readonly BuiltBar[]): BarPage {
  const page = new Float64Array(bars.length * BAR_STRIDE);
  bars.forEach(({ openTime, open, high, low, close, volume, flags }, index) => {
    page.set([openTime, open, high, low, close, volume, flags], index * BAR_STRIDE);
  });
  return page;
}
