import { checkedPeriod } from './indicator.ts';
import type { ValueIndicator } from './indicator.ts';
import { RollingWindow } from './rolling-window.ts';

export interface StandardDeviationOptions {
  /** Bars. */
  readonly period: number;
}

/** Population standard deviation (divisor n) of the last `period` values, and their mean. */
export class StandardDeviation implements ValueIndicator {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #window: RollingWindow;
  #value = NaN;

  constructor({ period }: StandardDeviationOptions) {
    this.#window = new RollingWindow(checkedPeriod(period, 'standard deviation period'));
    this.firstValue = period;
    this.warmup = period;
  }

  get value(): number {
    return this.#value;
  }

  get mean(): number {
    return this.#window.mean;
  }

  update(value: number): void {
    this.#window.push(value);
    if (!this.#window.isFull) return;
    this.#window.measure();
    this.#value = Math.sqrt(this.#window.variance);
  }
}
