import { checkedPeriod } from './indicator.ts';
import type { ValueIndicator } from './indicator.ts';
import { barsToForget, SeededAverage } from './seeded-average.ts';

export interface EmaOptions {
  /** Bars; the smoothing factor is 2 / (period + 1). */
  readonly period: number;
}

/** Exponential moving average, seeded with the simple average of the first `period` values. */
export class Ema implements ValueIndicator {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #average: SeededAverage;
  #previous = NaN;

  constructor({ period }: EmaOptions) {
    const alpha = 2 / (checkedPeriod(period, 'ema period') + 1);
    this.#average = new SeededAverage(period, alpha);
    this.firstValue = period;
    // One bar more than the value needs: the reading of the bar before must be settled too.
    this.warmup = period + barsToForget(alpha) + 1;
  }

  get value(): number {
    return this.#average.value;
  }

  /** The value one bar ago: crossings are told from it, also on the first bar after a restart. */
  get previous(): number {
    return this.#previous;
  }

  update(value: number): void {
    this.#previous = this.#average.value;
    this.#average.update(value);
  }
}
