import { canBuild } from '../core/bucket-grid.ts';
import type { EpochMs, TimeRange, TimeSpan } from '../core/time.ts';
import { tradingCalendar } from '../core/trading-calendar.ts';
import { rowsOf } from '../data/repair/bar-rows.ts';
import { fillFromFiner, type FinerSeries } from '../data/repair/finer-fill.ts';
import { flagOutliers } from '../data/repair/flag-outliers.ts';
import { fillFlat } from '../data/repair/flat-fill.ts';
import { holesIn, type Hole, type SeriesGrid } from '../data/repair/holes.ts';
import type { Refetcher } from '../data/repair/refetcher.ts';
import { planOfFillings, type RepairPlan } from '../data/repair/repair-plan.ts';
import { revisedBars } from '../data/repair/revised-bars.ts';
import type { OutlierMeasure } from '../data/outliers.ts';
import type { BarRow, BarStore, Series } from '../ports/bar-store.ts';
import { basesOf } from './readable-series.ts';

export type PlannedStore = Pick<
  BarStore,
  'series' | 'pages' | 'openTimeBefore' | 'covered' | 'revisions'
>;

interface PlannerOptions {
  readonly store: PlannedStore;
  readonly range: TimeRange;
  readonly outlierMeasure: OutlierMeasure;
}

/** Reads what is stored of a series and plans its repair; changes nothing. */
export class RepairPlanner {
  readonly #store: PlannedStore;
  readonly #range: TimeRange;
  readonly #outlierMeasure: OutlierMeasure;

  constructor({ store, range, outlierMeasure }: PlannerOptions) {
    this.#store = store;
    this.#range = range;
    this.#outlierMeasure = outlierMeasure;
  }

  /** Bars at the last close, without volume. */
  flat(series: Series, maxGapBars: number): RepairPlan {
    const grid = gridOf(series);
    const fillings = this.#holes(series).map((hole) => fillFlat(hole, grid, maxGapBars));
    return planOfFillings(fillings, { method: 'flat', source: 'the last close before' });
  }

  /** Bars built from stored series of shorter timeframes, the longest of them first. */
  finer(series: Series): RepairPlan {
    const grid = gridOf(series);
    const finer = this.#finerThan(series);
    const fillings = this.#holes(series).map((hole) => fillFromFiner(hole, grid, finer));
    const used = new Set(fillings.flatMap(({ sources }) => sources));
    const thin = fillings.reduce((sum, filling) => sum + filling.thin, 0);
    return planOfFillings(fillings, {
      method: 'finer',
      source: `${[...used].join(' and ') || 'shorter'} bars`,
      notes:
        thin === 0
          ? []
          : [`${thin} of the bars are made of fewer shorter ones than there could be`],
    });
  }

  /** What the venue sends when it is asked again. Throws what `Refetcher` throws. */
  async refetch(
    series: Series,
    openVenue: (series: Series) => Promise<Refetcher>,
    signal: AbortSignal,
  ): Promise<RepairPlan> {
    const method = { method: 'refetch', source: series.exchange } as const;
    const holes = this.#holes(series);
    if (holes.length === 0) return planOfFillings([], method);
    const venue = await openVenue(series);
    const stored = ({ from, to }: TimeSpan) => this.#store.pages(series.id, from, to);
    const target = { series, grid: gridOf(series), holes, stored };
    const { fillings, setAside } = await venue.refill(target, signal);
    const notes = setAside === 0 ? [] : [`${setAside} of the bars sent break a rule: set aside`];
    const plan = planOfFillings(fillings, { ...method, notes });
    return { ...plan, bars: this.#screened(series, plan.bars) };
  }

  /** The latest values of bars that the venue revised. */
  revision(series: Series): RepairPlan {
    const revisions = this.#store.revisions(series.id);
    const stored = this.#storedAmong(series, revisions);
    const { bars, gone } = revisedBars(
      revisions,
      (openTime) => stored.get(openTime) ?? null,
      this.#range,
    );
    return {
      method: 'revision',
      source: series.exchange,
      gaps: null,
      found: bars.length,
      bars: this.#screened(series, bars),
      left: [],
      notes: gone === 0 ? [] : [`${gone} bars that were revised are not stored`],
    };
  }

  #holes(series: Series): readonly Hole[] {
    const pages = this.#store.pages(series.id, 0, Number.MAX_SAFE_INTEGER);
    return [...holesIn(pages, gridOf(series), this.#range)];
  }

  /** Bars with the outliers among them flagged, as the stored ones before them suggest. */
  #screened(series: Series, bars: readonly BarRow[]): readonly BarRow[] {
    return flagOutliers(bars, {
      timeframe: series.timeframe,
      measure: this.#outlierMeasure,
      barsBefore: (time, count) => {
        const from = this.#store.openTimeBefore(series.id, time, count) ?? time;
        return rowsOf(this.#store.pages(series.id, from, time));
      },
    });
  }

  #finerThan(series: Series): readonly FinerSeries[] {
    return basesOf(this.#store.series(), series)
      .filter(({ bars, timeframe }) => {
        return bars > 0 && canBuild(timeframe, series.timeframe, series.calendar);
      })
      .map((finer) => this.#readable(finer));
  }

  #readable({ id, timeframe }: Series): FinerSeries {
    return {
      timeframe,
      covered: this.#store.covered(id),
      rowsAround: (time: EpochMs) => {
        const from = this.#store.openTimeBefore(id, time, 1) ?? time;
        return rowsOf(this.#store.pages(id, Math.min(from, time), Number.MAX_SAFE_INTEGER));
      },
    };
  }

  #storedAmong(
    { id }: Series,
    revisions: readonly { readonly openTime: EpochMs }[],
  ): ReadonlyMap<EpochMs, BarRow> {
    const wanted = new Set(revisions.map(({ openTime }) => openTime));
    const [from, to] = [revisions[0]?.openTime ?? 0, (revisions.at(-1)?.openTime ?? -1) + 1];
    const stored = new Map<EpochMs, BarRow>();
    for (const row of rowsOf(this.#store.pages(id, from, to))) {
      if (wanted.has(row.openTime)) stored.set(row.openTime, row);
    }
    return stored;
  }
}

function gridOf({ timeframe, calendar }: Series): SeriesGrid {
  return { timeframe, calendar: tradingCalendar(calendar) };
}
