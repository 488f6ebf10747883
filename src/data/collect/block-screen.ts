import { timeframeMs } from '../../core/time.ts';
import type { EpochMs } from '../../core/time.ts';
import { BAR_STRIDE, type BarPage } from '../../ports/bar-store.ts';
import type { JudgedOutlier } from '../bad-prints.ts';
import { BarScreen, type ScreenedSeries } from '../bar-screen.ts';
import type { Outlier } from '../outliers.ts';
import type { Split } from '../splits.ts';

/** Fewest bars of a block of time; in each the screen starts afresh. */
const BLOCK_BARS = 1000;

interface Verdict {
  readonly outlier: Outlier | null;
  readonly split: Split | null;
  /** What the bar before turned out to be, if it was an outlier. */
  readonly judged: JudgedOutlier | null;
}

/**
 * A screen for a series that arrives in pieces. What a screen makes of a bar depends on all bars it
 * has seen, since outliers enter its window cut down. So that the verdict is the same wherever a run
 * was cut and resumed, it starts afresh in every block of a fixed grid of time, on the bars before
 * that block: enough of them to fill its window after its own warm-up. To resume is to feed
 * `historyBars` bars before the block that holds the bar before the first one, and all since.
 */
export class BlockScreen {
  readonly #series: ScreenedSeries;
  readonly #blockMs: number;
  readonly historyBars: number;
  /** The last `historyBars` bars: row after row, the oldest one at `#seen` once it is full. */
  readonly #recent: Float64Array;
  #seen = 0;
  #screen: BarScreen;
  #block = Number.NaN;

  constructor(series: ScreenedSeries) {
    this.#series = series;
    this.#screen = new BarScreen(series);
    this.historyBars = this.#screen.historyBars;
    const blockBars = Math.max(BLOCK_BARS, this.historyBars);
    this.#blockMs = blockBars * timeframeMs(series.timeframe);
    this.#recent = new Float64Array(this.historyBars * BAR_STRIDE);
  }

  blockStart(time: EpochMs): EpochMs {
    return Math.floor(time / this.#blockMs) * this.#blockMs;
  }

  /** Judges the next bar in time order, at an offset of a page. */
  next(page: BarPage, at: number): Verdict {
    this.#screen.next(page, at);
    // The bar before belongs to the block before, and is for its screen to judge.
    const { judged } = this.#screen;
    const block = this.blockStart(page[at] ?? Number.NaN);
    if (block !== this.#block) this.#begin(block, page, at);
    this.#recent.set(page.subarray(at, at + BAR_STRIDE), this.#slot(this.#seen));
    this.#seen += 1;
    const { outlier, split } = this.#screen;
    return { outlier, split, judged };
  }

  #begin(block: EpochMs, page: BarPage, at: number): void {
    this.#block = block;
    this.#screen = new BarScreen(this.#series);
    for (let bar = Math.max(0, this.#seen - this.historyBars); bar < this.#seen; bar += 1) {
      this.#screen.next(this.#recent, this.#slot(bar));
    }
    this.#screen.next(page, at);
  }

  #slot(bar: number): number {
    return (bar % this.historyBars) * BAR_STRIDE;
  }
}
