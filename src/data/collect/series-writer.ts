import { BAR_FLAGS } from '../../core/bar.ts';
import type { AssetClass } from '../../core/instrument.ts';
import type { EpochMs, TimeSpan } from '../../core/time.ts';
import { tradingCalendar, type CalendarId } from '../../core/trading-calendar.ts';
import type { BarRow, BarStore, DataIssue, SavedBars, SeriesWrite } from '../../ports/bar-store.ts';
import { BAR_STRIDE } from '../../ports/bar-store.ts';
import { issueOfOutlier } from '../bad-prints.ts';
import type { BarTable } from '../bar-table.ts';
import { gapBetween, issueOfGap } from '../continuity.ts';
import type { OutlierMeasure } from '../outliers.ts';
import type { OutlierPolicy } from '../screen-bars.ts';
import { issueOfSplit } from '../splits.ts';
import { BlockScreen } from './block-screen.ts';
import type { CleanPage } from './clean-page.ts';
import { issueOfSetAside, setAsideBars } from './set-aside-outliers.ts';
import { connectedFrom, gapsAround } from './series-gaps.ts';
import type { SeriesReading, StoredSeries } from './stored-series.ts';

/** How bars of a series are judged and stored. */
export interface SeriesRules {
  readonly assetClass: AssetClass;
  readonly calendar: CalendarId;
  readonly outliers: OutlierPolicy;
  readonly outlierMeasure: OutlierMeasure;
}

export type CollectStore = SeriesReading & Pick<BarStore, 'save'>;

interface PageFacts {
  /** What the page is the whole truth of. */
  readonly covers: TimeSpan | null;
  /** Bars before it are stored ones that were asked for again: nothing about them is news. */
  readonly newFrom: EpochMs;
  /** When it came, by the venue's clock. */
  readonly at: EpochMs;
}

/** What became of one page. */
export interface SavedPage extends SavedBars {
  readonly quarantined: number;
  readonly outliers: number;
  readonly gaps: number;
  /** The last bar that was kept; null when there was none. */
  readonly last: BarRow | null;
}

/** Screens clean pages of one series and stores them with all findings, a page a transaction. */
export class SeriesWriter {
  readonly #store: CollectStore;
  readonly #stored: StoredSeries;
  readonly #rules: SeriesRules;
  #screen: BlockScreen;

  constructor(store: CollectStore, stored: StoredSeries, rules: SeriesRules) {
    this.#store = store;
    this.#stored = stored;
    this.#rules = rules;
    this.#screen = this.#newScreen();
  }

  /** To be called before the first of a row of pages in time order. */
  begin(from: EpochMs): void {
    this.#screen = this.#newScreen();
    const history = this.#history(from);
    for (let at = 0; at < history.length; at += BAR_STRIDE) this.#screen.next(history, at);
  }

  save({ table, issues }: CleanPage, { covers, newFrom, at }: PageFacts): SavedPage {
    const { key } = this.#stored;
    const { assetClass, calendar } = this.#rules;
    const findings = this.#flagOutliers(table);
    const bars = [...table.rows()];
    const isOutlier = ({ flags }: BarRow) => (flags & BAR_FLAGS.outlier) !== 0;
    const kept = this.#quarantines ? bars.filter((bar) => !isOutlier(bar)) : bars;
    const openTimes = kept.map(({ openTime }) => openTime);
    const gaps = gapsAround(this.#stored, this.#gapBetween, { openTimes, covers });
    const found = [...issues, ...findings, ...gaps.map(issueOfGap)];
    const saved = this.#saveAny({
      key,
      assetClass,
      calendar,
      instrument: null,
      bars: kept,
      covers,
      onConflict: 'revise',
      at,
      issues: found,
      source: key.exchange,
    });
    const setAside = found.filter(({ quarantined }) => quarantined);
    return {
      ...saved,
      quarantined: setAside.filter(({ openTime }) => openTime === null || openTime >= newFrom)
        .length,
      outliers: bars.filter((bar) => isOutlier(bar) && bar.openTime >= newFrom).length,
      gaps: gaps.filter(({ to }) => to >= newFrom).length,
      last: kept.at(-1) ?? null,
    };
  }

  /** A page that says nothing at all makes no series. */
  #saveAny(write: SeriesWrite & { readonly bars: readonly BarRow[] }): SavedBars {
    const { bars, issues, covers } = write;
    if (bars.length > 0 || issues.length > 0 || covers !== null) return this.#store.save(write);
    return { inserted: 0, unchanged: 0, conflicting: 0, revised: 0 };
  }

  readonly #gapBetween = (previous: EpochMs, next: EpochMs) =>
    gapBetween(previous, next, {
      timeframe: this.#stored.key.timeframe,
      calendar: tradingCalendar(this.#rules.calendar),
    });

  get #quarantines(): boolean {
    return this.#rules.outliers === 'quarantine';
  }

  #newScreen(): BlockScreen {
    return new BlockScreen({ ...this.#stored.key, ...this.#rules });
  }

  /**
   * An outlier that is kept is judged by the bar after it, which may come with a later page or run;
   * one that is set aside is put on record at once, or it would be lost.
   */
  #flagOutliers(table: BarTable): readonly DataIssue[] {
    const issues: DataIssue[] = [];
    const { page } = table;
    for (let index = 0; index < table.size; index += 1) {
      const at = index * BAR_STRIDE;
      const { outlier, split, judged } = this.#screen.next(page, at);
      if (split !== null) issues.push(issueOfSplit(split));
      if (judged !== null && !this.#quarantines) issues.push(issueOfOutlier(judged, false));
      if (outlier === null) continue;
      table.addFlags(index, BAR_FLAGS.outlier);
      if (this.#quarantines) issues.push(issueOfSetAside(page, at, outlier));
    }
    return issues;
  }

  /**
   * The bars a screen must have seen to judge the one at a time, those set aside among them, back to
   * where nobody has asked: what prices did in between would show as a jump of the bar behind it.
   */
  #history(to: EpochMs): Float64Array {
    const before = this.#stored.openTimeBefore(to, 1) ?? to;
    const block = this.#screen.blockStart(before);
    const from = this.#stored.openTimeBefore(block, this.#screen.historyBars) ?? block;
    const rows = this.#quarantines ? setAsideBars(this.#stored.issues(), { from, to }) : [];
    for (const page of this.#stored.pages({ from, to })) {
      for (let at = 0; at < page.length; at += BAR_STRIDE) {
        rows.push(page.slice(at, at + BAR_STRIDE));
      }
    }
    rows.sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0));
    const openTimes = [...rows.map(([openTime = 0]) => openTime), to];
    const connected = rows.slice(connectedFrom(this.#stored, this.#gapBetween, openTimes));
    const history = new Float64Array(connected.length * BAR_STRIDE);
    for (const [index, row] of connected.entries()) history.set(row, index * BAR_STRIDE);
    return history;
  }
}
