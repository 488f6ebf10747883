import type { Adjustment, AssetClass } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import { DAY_MS, formatTime, HOUR_MS, timeframeMs, utcDayStart } from '../core/time.ts';
import type { BarPage, DataIssue } from '../ports/bar-store.ts';

/** A split that shows in raw prices: `numerator` new shares for `denominator` old ones. */
export interface Split {
  /** Open time of the first bar in new shares. */
  readonly openTime: EpochMs;
  readonly numerator: number;
  readonly denominator: number;
  /** The last close in old shares, and the first open in new ones. */
  readonly close: number;
  readonly open: number;
}

/**
 * Shares for one, forwards and backwards, and 3:2 and 5:2. Smaller ones (4:3, 5:4) are moves that
 * earnings make without any split: they are not looked for.
 */
const WHOLE_RATIOS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100];
const RATIOS: readonly (readonly [number, number])[] = [
  [3, 2],
  [5, 2],
  ...WHOLE_RATIOS.map((shares) => [shares, 1] as const),
  ...WHOLE_RATIOS.map((shares) => [1, shares] as const),
];

/** How far the opening may lie from the exact ratio: what prices do over a night. */
const RATIO_TOLERANCE = 0.04;
/** How far the close may: what they do over a night and a day. A bad opening print is far off. */
const CLOSE_TOLERANCE = 0.2;
/** Below the least ratio, 3:2, less the tolerance: nothing to look at. */
const JUMP_MIN = 1.4;
/**
 * A price that really falls by a third or more brings several times the turnover of any recent day
 * (AAPL 2000-09-29: 5.4 times the largest of twenty); a split changes none (at most 0.7 times, in the
 * splits of AAPL and IBM). Half-way, as a factor, between the two.
 */
const TURNOVER_FACTOR_MAX = 2;
/** Trading after hours in New York goes on until 1:00 UTC, the next day's begins after 8:00. */
const DAY_BEGINS_AT = 5 * HOUR_MS;
/** Bars that turnover is looked back upon: twenty, and for bars within a day at least five days. */
const WINDOW_BARS = 20;
const WINDOW_DAYS = 5;
/** Bars needed to judge turnover by. */
const WINDOW_MIN = 5;

/**
 * Finds splits in raw prices bar by bar, of each bar from itself and those before it. A split is an
 * opening after a day's end that lies within 4 % of a ratio n:m from the last close, held by the
 * close of the bar within 20 %, on a turnover (close × volume) of at most twice the largest of the
 * bars before. Weekly bars show only splits of a Monday.
 */
export class SplitDetector {
  readonly #turnover: Float64Array;
  #count = 0;
  #previousClose = Number.NaN;
  #previousDay = Number.NaN;

  constructor(timeframe: Timeframe) {
    const barsOfDays = Math.ceil((WINDOW_DAYS * DAY_MS) / timeframeMs(timeframe));
    this.#turnover = new Float64Array(Math.max(WINDOW_BARS, barsOfDays));
  }

  /** Bars before one that it is judged by, as far as there are as many. */
  get windowBars(): number {
    return this.#turnover.length;
  }

  /** Judges the bar at an offset of a page; null where no split begins with it. */
  next(page: BarPage, at: number): Split | null {
    const openTime = page[at] ?? Number.NaN;
    const close = page[at + 4] ?? Number.NaN;
    const day = utcDayStart(openTime - DAY_BEGINS_AT);
    const turnover = close * (page[at + 5] ?? 0);
    const found = day === this.#previousDay ? null : this.#judge(page, at, turnover);
    this.#turnover[this.#count % this.#turnover.length] = turnover;
    this.#count += 1;
    this.#previousClose = close;
    this.#previousDay = day;
    return found;
  }

  #judge(page: BarPage, at: number, turnover: number): Split | null {
    const previous = this.#previousClose;
    const open = page[at + 1] ?? Number.NaN;
    const jump = Math.max(previous / open, open / previous);
    if (!(jump >= JUMP_MIN) || this.#count < WINDOW_MIN) return null;
    const ratio = RATIOS.find(([n, m]) => isNear((previous * m) / (open * n), RATIO_TOLERANCE));
    if (ratio === undefined) return null;
    const [numerator, denominator] = ratio;
    const held = (previous * denominator) / ((page[at + 4] ?? Number.NaN) * numerator);
    if (!isNear(held, CLOSE_TOLERANCE)) return null;
    if (!(turnover <= TURNOVER_FACTOR_MAX * this.#largestTurnover())) return null;
    return { openTime: page[at] ?? 0, numerator, denominator, close: previous, open };
  }

  #largestTurnover(): number {
    const size = Math.min(this.#count, this.#turnover.length);
    let largest = 0;
    for (let index = 0; index < size; index += 1) {
      largest = Math.max(largest, this.#turnover[index] ?? 0);
    }
    return largest;
  }
}

interface PricedSeries {
  readonly timeframe: Timeframe;
  readonly assetClass: AssetClass;
  readonly adjustment: Adjustment;
}

/** A detector for series in which splits can show: raw prices of stocks. Null for others. */
export function splitDetectorFor(series: PricedSeries): SplitDetector | null {
  const { assetClass, adjustment, timeframe } = series;
  return assetClass === 'stock' && adjustment === 'raw' ? new SplitDetector(timeframe) : null;
}

/** `7:1`. */
export function ratioText({ numerator, denominator }: Split): string {
  return `${numerator}:${denominator}`;
}

export function issueOfSplit(split: Split): DataIssue {
  const { openTime, close, open } = split;
  return {
    openTime,
    rule: 'split',
    detail: `${ratioText(split)}, close ${close} before, open ${open} on ${formatTime(openTime)}`,
    quarantined: false,
  };
}

function isNear(ratio: number, tolerance: number): boolean {
  return ratio <= 1 + tolerance && ratio >= 1 / (1 + tolerance);
}
