import type { ValueIndicator } from './indicator.ts';
import { StandardDeviation } from './standard-deviation.ts';

export interface ZScoreOptions {
  /** Bars. */
  readonly period: number;
}

/** Standard deviations (population) of the last value above the mean of the last `period`. */
export class ZScore implements ValueIndicator {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #deviation: StandardDeviation;
  #value = NaN;

  constructor({ period }: ZScoreOptions) {
    this.#deviation = new StandardDeviation({ period });
    this.firstValue = period;
    this.warmup = period;
  }

  get value(): number {
    return this.#value;
  }

  update(value: number): void {
    this.#deviation.update(value);
    this.#value = zScoreOf(value, this.#deviation.mean, this.#deviation.value);
  }
}

/** In a window of equal values the last one is at its mean, so zero away from it, not 0/0. */
export function zScoreOf(value: number, mean: number, deviation: number): number {
  return deviation === 0 ? 0 : (value - mean) / deviation;
}
