import { BAR_FLAGS } from '../core/bar.ts';
import type { AssetClass } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import { misalignmentMs, timeframeMs } from '../core/time.ts';
import type { BarPage } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import { brokenRule } from './bar-rules.ts';
import type { Gap } from './continuity.ts';
import { gapBetween } from './continuity.ts';

/** Bars in a row before a pattern is called a run. */
const RUN_MIN = 3;
const EXAMPLES_MAX = 10;

/** A stretch of neighbouring bars of one kind. */
export interface Run {
  readonly from: EpochMs;
  /** Open time of its last bar. */
  readonly to: EpochMs;
  readonly bars: number;
}

export interface RunTally {
  /** Runs of at least three bars. */
  readonly runs: number;
  /** Bars in these runs. */
  readonly bars: number;
  readonly longest: Run | null;
}

export interface BrokenBar {
  readonly openTime: EpochMs;
  readonly rule: string;
  readonly expected: string;
}

/** What a stored series is worth, in counts. */
export interface SeriesQuality {
  readonly bars: number;
  readonly firstOpen: EpochMs | null;
  readonly lastOpen: EpochMs | null;
  /** Bars from first to last without a gap; null for stocks, whose calendar is not known here. */
  readonly expected: number | null;
  readonly missing: number | null;
  readonly gaps: number;
  /** The first ten. */
  readonly gapExamples: readonly Gap[];
  /** Bars whose four prices equal the close before: an outage rather than a market. */
  readonly flat: RunTally;
  readonly zeroVolume: RunTally;
  readonly outliers: number;
  readonly repaired: number;
  readonly revised: number;
  /** Bars that break a rule of `bar-rules`, the grid of the timeframe, or the order of time. */
  readonly broken: number;
  /** The first ten. */
  readonly brokenExamples: readonly BrokenBar[];
}

interface SeriesKind {
  readonly timeframe: Timeframe;
  readonly assetClass: AssetClass;
}

/** Measures a series in one pass over its pages, without allocating for ordinary bars. */
export class SeriesQualityMeter {
  readonly #kind: SeriesKind;
  readonly #barMs: number;
  readonly #flat = new RunCounter();
  readonly #zeroVolume = new RunCounter();
  readonly #gapExamples: Gap[] = [];
  readonly #brokenExamples: BrokenBar[] = [];
  #bars = 0;
  #gaps = 0;
  #missing = 0;
  #outliers = 0;
  #repaired = 0;
  #revised = 0;
  #broken = 0;
  #firstOpen: EpochMs | null = null;
  #lastOpen: EpochMs | null = null;
  /** Open time of the bar that may come next without a word; NaN where the last one was off grid. */
  #expectedOpen: EpochMs = Number.NaN;
  #lastClose = Number.NaN;

  constructor(kind: SeriesKind) {
    this.#kind = kind;
    this.#barMs = timeframeMs(kind.timeframe);
  }

  /** Takes the next page of the series. */
  add(page: BarPage): void {
    for (let at = 0; at < page.length; at += BAR_STRIDE) this.#addBar(page, at);
  }

  /** The ledger of everything added so far. */
  quality(): SeriesQuality {
    const isCrypto = this.#kind.assetClass === 'crypto';
    return {
      bars: this.#bars,
      firstOpen: this.#firstOpen,
      lastOpen: this.#lastOpen,
      expected: isCrypto ? this.#expected() : null,
      missing: isCrypto ? this.#missing : null,
      gaps: this.#gaps,
      gapExamples: [...this.#gapExamples],
      flat: this.#flat.tally(),
      zeroVolume: this.#zeroVolume.tally(),
      outliers: this.#outliers,
      repaired: this.#repaired,
      revised: this.#revised,
      broken: this.#broken,
      brokenExamples: [...this.#brokenExamples],
    };
  }

  #addBar(page: BarPage, at: number): void {
    const openTime = page[at] ?? Number.NaN;
    const close = page[at + 4] ?? Number.NaN;
    if (openTime !== this.#expectedOpen) this.#checkTime(openTime);
    this.#expectedOpen += this.#barMs;
    this.#checkRules(page, at, openTime);
    this.#countFlags(page[at + 6] ?? 0);
    const isFlat = page[at + 2] === page[at + 3] && close === this.#lastClose;
    this.#flat.next(isFlat, openTime);
    this.#zeroVolume.next(page[at + 5] === 0, openTime);
    this.#bars += 1;
    this.#firstOpen ??= openTime;
    this.#lastOpen = openTime;
    this.#lastClose = close;
  }

  #checkTime(openTime: EpochMs): void {
    const { timeframe, assetClass } = this.#kind;
    this.#expectedOpen = openTime;
    if (misalignmentMs(openTime, timeframe) !== 0) {
      this.#expectedOpen = Number.NaN;
      this.#break(openTime, 'alignment', `an open time on the ${timeframe} grid`);
    }
    if (this.#lastOpen === null) return;
    if (openTime <= this.#lastOpen) this.#break(openTime, 'time-order', 'ascending open times');
    const gap = gapBetween(this.#lastOpen, openTime, timeframe, assetClass);
    if (gap === null) return;
    this.#gaps += 1;
    this.#missing += gap.missing ?? 0;
    if (this.#gapExamples.length < EXAMPLES_MAX) this.#gapExamples.push(gap);
  }

  #checkRules(page: BarPage, at: number, openTime: EpochMs): void {
    const rule = brokenRule(page, at);
    if (rule !== null) this.#break(openTime, rule.rule, rule.expected);
  }

  #break(openTime: EpochMs, rule: string, expected: string): void {
    this.#broken += 1;
    if (this.#brokenExamples.length >= EXAMPLES_MAX) return;
    this.#brokenExamples.push({ openTime, rule, expected });
  }

  #countFlags(flags: number): void {
    if (flags === 0) return;
    if ((flags & BAR_FLAGS.outlier) !== 0) this.#outliers += 1;
    if ((flags & BAR_FLAGS.repaired) !== 0) this.#repaired += 1;
    if ((flags & BAR_FLAGS.revised) !== 0) this.#revised += 1;
  }

  #expected(): number {
    if (this.#firstOpen === null || this.#lastOpen === null) return 0;
    return Math.round((this.#lastOpen - this.#firstOpen) / this.#barMs) + 1;
  }
}

/** Counts stretches of neighbouring bars for which something holds. */
class RunCounter {
  #runs = 0;
  #bars = 0;
  #longestFrom: EpochMs = 0;
  #longestTo: EpochMs = 0;
  #longestLength = 0;
  #from: EpochMs = 0;
  #length = 0;

  next(holds: boolean, openTime: EpochMs): void {
    if (!holds) {
      this.#length = 0;
      return;
    }
    if (this.#length === 0) this.#from = openTime;
    this.#length += 1;
    if (this.#length < RUN_MIN) return;
    this.#runs += this.#length === RUN_MIN ? 1 : 0;
    this.#bars += this.#length === RUN_MIN ? RUN_MIN : 1;
    if (this.#length <= this.#longestLength) return;
    this.#longestFrom = this.#from;
    this.#longestTo = openTime;
    this.#longestLength = this.#length;
  }

  tally(): RunTally {
    const longest = { from: this.#longestFrom, to: this.#longestTo, bars: this.#longestLength };
    return { runs: this.#runs, bars: this.#bars, longest: this.#runs === 0 ? null : longest };
  }
}
