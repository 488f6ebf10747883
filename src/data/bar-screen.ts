import type { Adjustment, AssetClass } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import type { BarPage } from '../ports/bar-store.ts';
import { BadPrintJudge, type JudgedOutlier } from './bad-prints.ts';
import { PriceCarrier } from './carried-prices.ts';
import { OUTLIER_WARM_UP, OutlierDetector, type Outlier, type OutlierMeasure } from './outliers.ts';
import { splitDetectorFor, type Split, type SplitDetector } from './splits.ts';

export interface ScreenedSeries {
  readonly timeframe: Timeframe;
  readonly assetClass: AssetClass;
  readonly adjustment: Adjustment;
  /** Five sigma over a hundred bars when absent. */
  readonly outlierMeasure?: OutlierMeasure;
}

/**
 * Looks at sound bars one after the other for outliers and splits. Prices are looked at carried on
 * across splits: what a split does to them is no outlier. The fields tell of the bar last taken.
 */
export class BarScreen {
  /** How far out the bar lies; null for an ordinary one. */
  outlier: Outlier | null = null;
  /** The split that begins with the bar. */
  split: Split | null = null;
  /** What the bar before turned out to be, if it was an outlier. */
  judged: JudgedOutlier | null = null;
  /** Bars before one that the verdict on it depends on, give or take those further back. */
  readonly historyBars: number;
  readonly #detector: OutlierDetector;
  readonly #splits: SplitDetector | null;
  readonly #judge = new BadPrintJudge();
  readonly #carried = new PriceCarrier();

  constructor(series: ScreenedSeries) {
    this.#detector = new OutlierDetector(series.outlierMeasure);
    this.#splits = splitDetectorFor(series);
    const ofOutliers = this.#detector.windowBars + OUTLIER_WARM_UP;
    this.historyBars = Math.max(ofOutliers, this.#splits?.windowBars ?? 0) + 1;
  }

  /** Takes the next bar, at an offset of a page. */
  next(page: BarPage, at: number): void {
    this.split = this.#splits?.next(page, at) ?? null;
    if (this.split !== null) this.#carried.cross(this.split);
    this.#carried.read(page, at);
    const { high, low, close } = this.#carried;
    this.outlier = this.#detector.next(high, low, close);
    this.judged = this.#judge.next(this.#carried, this.outlier !== null);
  }

  /** What the last bar was, if it was an outlier and nothing came after it. */
  finish(): JudgedOutlier | null {
    return this.#judge.finish();
  }
}
