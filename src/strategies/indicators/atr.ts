import type { Bar } from '../../core/bar.ts';
import { checkedPeriod } from './indicator.ts';
import type { BarIndicator } from './indicator.ts';
import { barsToForget, SeededAverage } from './seeded-average.ts';

export interface AtrOptions {
  /** True ranges that seed the average; its smoothing factor is 1 / period. */
  readonly period: number;
}

/**
 * Average true range (J. W. Wilder, New Concepts in Technical Trading Systems, 1978), in quote
 * currency. The true range needs the close before, so the first bar has none and the seed is the
 * mean of the `period` true ranges after it.
 */
export class Atr implements BarIndicator {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #average: SeededAverage;
  #lastClose = NaN;
  #trueRange = NaN;

  constructor({ period }: AtrOptions) {
    const alpha = 1 / checkedPeriod(period, 'atr period');
    this.#average = new SeededAverage(period, alpha);
    this.firstValue = period + 1;
    this.warmup = this.firstValue + barsToForget(alpha);
  }

  get value(): number {
    return this.#average.value;
  }

  /** Of the last bar: the widest of high − low, |high − close before|, |low − close before|. */
  get trueRange(): number {
    return this.#trueRange;
  }

  update(bar: Bar): void {
    const before = this.#lastClose;
    this.#lastClose = bar.close;
    if (Number.isNaN(before)) return;
    this.#trueRange = Math.max(bar.high, before) - Math.min(bar.low, before);
    this.#average.update(this.#trueRange);
  }
}
