import type { EpochMs } from '../core/time.ts';

/**
 * Depth and length of drawdowns over a stream of levels in time order.
 *
 * A drawdown is the fraction below the highest level so far, the initial one being the first peak.
 * It lasts from the last mark at the peak to the mark that reaches the peak again, or to the last
 * mark when none does.
 */
export class Drawdown {
  #peak: number;
  #peakTime: EpochMs;
  #time: EpochMs;
  #current = 0;
  #max = 0;
  #longestMs = 0;

  constructor(initialLevel: number, start: EpochMs) {
    this.#peak = initialLevel;
    this.#peakTime = start;
    this.#time = start;
  }

  /** Deepest drawdown so far, a fraction, zero or positive. */
  get max(): number {
    return this.#max;
  }

  /** Longest drawdown so far in milliseconds, an unrecovered one counted to the last level. */
  get longestMs(): number {
    return Math.max(this.#longestMs, this.#current > 0 ? this.#time - this.#peakTime : 0);
  }

  /** Takes the next level; returns the drawdown it stands in. */
  observe(time: EpochMs, level: number): number {
    this.#time = time;
    if (level < this.#peak) {
      this.#current = 1 - level / this.#peak;
      if (this.#current > this.#max) this.#max = this.#current;
      return this.#current;
    }
    if (this.#current > 0) this.#longestMs = Math.max(this.#longestMs, time - this.#peakTime);
    this.#peak = level;
    this.#peakTime = time;
    this.#current = 0;
    return 0;
  }
}
