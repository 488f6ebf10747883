import { checkedPeriod } from './indicator.ts';
import type { ValueIndicator } from './indicator.ts';
import { RollingWindow } from './rolling-window.ts';

export interface SmaOptions {
  /** Bars. */
  readonly period: number;
}

/** Simple moving average: the mean of the last `period` values. */
export class Sma implements ValueIndicator {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #window: RollingWindow;

  constructor({ period }: SmaOptions) {
    this.#window = new RollingWindow(checkedPeriod(period, 'sma period'));
    this.firstValue = period;
    this.warmup = period;
  }

  get value(): number {
    return this.#window.mean;
  }

  update(value: number): void {
    this.#window.push(value);
    if (this.#window.isFull) this.#window.measureMean();
  }
}
