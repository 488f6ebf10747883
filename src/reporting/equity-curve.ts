import type { EquityMark } from '../core/equity.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import type { EpochMs } from '../core/time.ts';
import type { DailyCloses } from './daily-levels.ts';
import { Drawdown } from './drawdown.ts';

/** Sampled marks as parallel columns, times ascending. Money in quote currency. */
export interface EquityColumns {
  readonly time: readonly EpochMs[];
  readonly equity: readonly number[];
  readonly cash: readonly number[];
  readonly exposure: readonly number[];
  /** Fraction below the peak, zero or positive. */
  readonly drawdown: readonly number[];
}

interface EquityCurveOptions {
  readonly initialCapital: number;
  /** Length of a bar: the first one opened this long before the first mark. */
  readonly barMs: number;
  /** The curve keeps the last mark of each such stretch of time; an hour unless told. */
  readonly intervalMs?: number;
}

/**
 * Takes every mark of a run and keeps what reports need: exact drawdowns, exposure time and mean
 * equity over all marks; daily closes; and a curve sampled by interval. Its memory grows with days
 * and intervals, never with marks.
 *
 * A mark on a boundary closes the stretch before it: equity at 00:00 UTC is the close of the day
 * that ends there. Of two marks at one time, days and curve keep the second.
 */
export class EquityCurve {
  readonly #initialCapital: number;
  readonly #barMs: number;
  readonly #intervalMs: number;
  readonly #days: number[] = [];
  readonly #dayCloses: number[] = [];
  readonly #time: EpochMs[] = [];
  readonly #equity: number[] = [];
  readonly #cash: number[] = [];
  readonly #exposure: number[] = [];
  readonly #drawdowns: number[] = [];
  #drawdown: Drawdown | null = null;
  #dayEnd = -Infinity;
  #intervalEnd = -Infinity;
  #start: EpochMs = 0;
  #end: EpochMs = 0;
  #exposedMs = 0;
  #equitySum = 0;
  #marks = 0;

  constructor({ initialCapital, barMs, intervalMs = HOUR_MS }: EquityCurveOptions) {
    this.#initialCapital = initialCapital;
    this.#barMs = barMs;
    this.#intervalMs = intervalMs;
  }

  get initialCapital(): number {
    return this.#initialCapital;
  }

  /** Equity of the last mark, the initial capital before the first. */
  get finalEquity(): number {
    return this.#equity.at(-1) ?? this.#initialCapital;
  }

  /** When the first marked bar opened; null before the first mark. */
  get start(): EpochMs | null {
    return this.#marks === 0 ? null : this.#start;
  }

  /** Time of the last mark; null before the first. */
  get end(): EpochMs | null {
    return this.#marks === 0 ? null : this.#end;
  }

  /** Calendar days from `start` to `end`, with fractions. */
  get elapsedDays(): number {
    return (this.#end - this.#start) / DAY_MS;
  }

  /** Deepest drawdown over all marks, a fraction, zero or positive; null before the first mark. */
  get maxDrawdown(): number | null {
    return this.#drawdown?.max ?? null;
  }

  /** Longest drawdown over all marks in days, with fractions; null before the first mark. */
  get maxDrawdownDays(): number | null {
    return this.#drawdown === null ? null : this.#drawdown.longestMs / DAY_MS;
  }

  /**
   * Share of marked time with a position open. The time up to a mark counts as the mark finds it:
   * orders fill at the open, so what is held at a close was held during the bar.
   */
  get exposure(): number | null {
    const elapsed = this.#end - this.#start;
    return elapsed === 0 ? null : this.#exposedMs / elapsed;
  }

  /** Mean over all marks; null before the first. */
  get meanEquity(): number | null {
    return this.#marks === 0 ? null : this.#equitySum / this.#marks;
  }

  get dailyCloses(): DailyCloses {
    return { days: this.#days, equity: this.#dayCloses };
  }

  get columns(): EquityColumns {
    return {
      time: this.#time,
      equity: this.#equity,
      cash: this.#cash,
      exposure: this.#exposure,
      drawdown: this.#drawdowns,
    };
  }

  /** Takes the next mark; marks come in time order. */
  observe(mark: EquityMark): undefined {
    const drawdown = (this.#drawdown ??= this.#begin(mark.time));
    if (mark.exposure > 0) this.#exposedMs += mark.time - this.#end;
    this.#end = mark.time;
    this.#marks++;
    this.#equitySum += mark.equity;
    this.#keepDay(mark);
    this.#keepPoint(mark, drawdown.observe(mark.time, mark.equity));
    return undefined;
  }

  #begin(firstMark: EpochMs): Drawdown {
    this.#start = firstMark - this.#barMs;
    this.#end = this.#start;
    return new Drawdown(this.#initialCapital, this.#start);
  }

  #keepDay(mark: EquityMark): void {
    if (mark.time > this.#dayEnd) {
      const day = Math.ceil(mark.time / DAY_MS) - 1;
      this.#dayEnd = (day + 1) * DAY_MS;
      this.#days.push(day);
      this.#dayCloses.push(mark.equity);
      return;
    }
    this.#dayCloses[this.#dayCloses.length - 1] = mark.equity;
  }

  #keepPoint(mark: EquityMark, drawdown: number): void {
    let at = this.#time.length;
    if (mark.time > this.#intervalEnd) {
      this.#intervalEnd = Math.ceil(mark.time / this.#intervalMs) * this.#intervalMs;
    } else {
      at--;
    }
    this.#time[at] = mark.time;
    this.#equity[at] = mark.equity;
    this.#cash[at] = mark.cash;
    this.#exposure[at] = mark.exposure;
    this.#drawdowns[at] = drawdown;
  }
}
