import { checkedPeriod } from './indicator.ts';
import type { ValueIndicator } from './indicator.ts';
import { barsToForget, SeededAverage } from './seeded-average.ts';

export interface RsiOptions {
  /** Changes from bar to bar that seed the averages; their smoothing factor is 1 / period. */
  readonly period: number;
}

/**
 * Relative strength index (J. W. Wilder, New Concepts in Technical Trading Systems, 1978), 0 to
 * 100: `100 × G / (G + L)` with Wilder's averages of gains and losses, seeded with the means of
 * the first `period` changes.
 *
 * Without any gain or loss it is 50, not 100 as the usual code gives: a market that stands still
 * is neither overbought nor oversold, and must not trigger a sale.
 */
export class Rsi implements ValueIndicator {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #gains: SeededAverage;
  readonly #losses: SeededAverage;
  #last = NaN;
  #value = NaN;

  constructor({ period }: RsiOptions) {
    const alpha = 1 / checkedPeriod(period, 'rsi period');
    this.#gains = new SeededAverage(period, alpha);
    this.#losses = new SeededAverage(period, alpha);
    this.firstValue = period + 1;
    this.warmup = this.firstValue + barsToForget(alpha);
  }

  get value(): number {
    return this.#value;
  }

  update(value: number): void {
    const change = value - this.#last;
    const isFirst = Number.isNaN(this.#last);
    this.#last = value;
    if (isFirst) return;
    this.#gains.update(change > 0 ? change : 0);
    this.#losses.update(change < 0 ? -change : 0);
    const gain = this.#gains.value;
    const total = gain + this.#losses.value;
    this.#value = total === 0 ? 50 : (100 * gain) / total;
  }
}
