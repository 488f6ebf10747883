import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import type { AssetClass, Adjustment } from '../../../src/core/instrument.ts';
import { DAY_MS, HOUR_MS, type EpochMs, type TimeRange } from '../../../src/core/time.ts';
import { Retrier } from '../../../src/data/collect/retrier.ts';
import { SeriesCollector, type VenueParts } from '../../../src/data/collect/series-collector.ts';
import { VenueClock } from '../../../src/data/collect/venue-clock.ts';
import { RETRY_WAITS } from '../../../src/data/retry-policy.ts';
import type { BarSource, SourceBar } from '../../../src/ports/bar-source.ts';
import { KeptLog } from '../../support/kept-log.ts';
import { ListedSource } from '../../support/listed-source.ts';
import { ManualClock, ManualTimer } from '../../support/manual-time.ts';
import { connect } from '../sqlite/fixtures.ts';

/** 2024-01-01T00:00Z, hour 0 of the tests. */
export const HOUR_0: EpochMs = Date.UTC(2024, 0, 1);

export const hour = (index: number): EpochMs => HOUR_0 + index * HOUR_MS;

/** The hourly bar with that index; quiet, and no two alike. */
export function hourly(index: number, change: Partial<SourceBar> = {}): SourceBar {
  const close = 100 + ((index * 7) % 13) / 20;
  return {
    openTime: hour(index),
    open: close,
    high: close + 0.1,
    low: close - 0.1,
    close,
    volume: 10 + (index % 5),
    ...change,
  };
}

/** Bars with the indices `from ≤ index < to`. */
export function hours(from: number, to: number): readonly SourceBar[] {
  return Array.from({ length: to - from }, (_, offset) => hourly(from + offset));
}

interface VenueSketch {
  readonly bars?: readonly SourceBar[];
  readonly pageBars?: number;
  /** What the clock says, in hours. */
  readonly now?: number;
  readonly retries?: number;
  readonly outliers?: 'keep' | 'quarantine';
  readonly adjustment?: Adjustment;
  readonly assetClass?: AssetClass;
  readonly symbol?: string;
}

/** One venue with a list of bars, one database, and a clock that only jumps. */
export class ListedVenue {
  readonly clock: ManualClock;
  readonly timer: ManualTimer;
  readonly log = new KeptLog();
  readonly source: ListedSource;
  readonly store = new SqliteBarStore(connect());
  readonly #sketch: VenueSketch;

  constructor(sketch: VenueSketch = {}) {
    this.#sketch = sketch;
    this.clock = new ManualClock(hour(sketch.now ?? 1000) + 60_000);
    this.timer = new ManualTimer(this.clock);
    const { bars = hours(0, 1000), pageBars = 300 } = sketch;
    this.source = new ListedSource({ bars, pageBars, clock: this.clock });
  }

  parts(source: BarSource = this.source): VenueParts {
    const { clock, timer, log: logger, store } = this;
    const policy = { ...RETRY_WAITS, retries: this.#sketch.retries ?? 2 };
    return {
      source,
      store,
      clock: new VenueClock({ source, clock, logger }),
      retrier: new Retrier({ policy, timer, clock, random: () => 0.5, logger }),
      graceMs: 5000,
      historyMs: 365 * DAY_MS,
    };
  }

  /** A collector as a new process would make it. */
  collector(parts = this.parts(), named: string | null = null): SeriesCollector {
    const { outliers = 'keep', adjustment = 'raw', assetClass = 'crypto' } = this.#sketch;
    const { exchange } = parts.source;
    const usual = assetClass === 'crypto' ? 'BTC/USD' : 'AAPL';
    const symbol = named ?? this.#sketch.symbol ?? usual;
    return new SeriesCollector(parts, {
      key: { exchange, symbol, timeframe: '1h', adjustment },
      rules: {
        assetClass,
        calendar: assetClass === 'crypto' ? 'always' : 'us',
        outliers,
        outlierMeasure: { sigmas: 5, window: 100 },
      },
    });
  }

  /** One run of `collect`; hours where a range is named. Stops after so many pages. */
  async collect(range: readonly [number | null, number | null] | null = null, pages = Infinity) {
    const collector = this.collector();
    const stop = new AbortController();
    let seen = 0;
    await collector.collect({
      range: range === null ? null : rangeOf(range),
      signal: stop.signal,
      onPage: () => {
        seen += 1;
        if (seen >= pages) stop.abort();
      },
    });
    return collector.tally;
  }

  /** Everything stored of the only series. */
  stored() {
    const [series] = this.store.series();
    if (series === undefined) return { hours: [], rows: [], issues: [], covered: [] };
    const pages = [...this.store.pages(series.id, 0, Infinity)];
    const rows = pages.flatMap((page) => chunks([...page], 7));
    return {
      hours: rows.map(([time = Number.NaN]) => (time - HOUR_0) / HOUR_MS),
      rows,
      issues: this.store.issues(series.id).toSorted(byText),
      covered: this.store
        .covered(series.id)
        .map(({ from, to }) => [(from - HOUR_0) / HOUR_MS, (to - HOUR_0) / HOUR_MS]),
    };
  }

  rules(): readonly string[] {
    return this.stored().issues.map(({ rule }) => rule);
  }
}

function rangeOf([start, end]: readonly [number | null, number | null]): TimeRange {
  return { start: start === null ? null : hour(start), end: end === null ? null : hour(end) };
}

function chunks(cells: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: cells.length / size }, (_, row) =>
    cells.slice(row * size, (row + 1) * size),
  );
}

function byText(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
