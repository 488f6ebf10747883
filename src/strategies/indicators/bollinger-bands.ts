import { ConfigError } from '../../core/errors.ts';
import type { ValueIndicator } from './indicator.ts';
import { StandardDeviation } from './standard-deviation.ts';
import { zScoreOf } from './z-score.ts';

export interface BollingerBandsOptions {
  /** Bars. */
  readonly period: number;
  /** Standard deviations between the middle and each band, positive. */
  readonly deviations: number;
}

/**
 * Bollinger bands (J. Bollinger, Bollinger on Bollinger Bands, 2001): a simple average and bands
 * that many population standard deviations above and below it.
 */
export class BollingerBands implements ValueIndicator {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #deviations: number;
  readonly #deviation: StandardDeviation;
  #last = NaN;

  constructor({ period, deviations }: BollingerBandsOptions) {
    if (!(deviations > 0 && Number.isFinite(deviations))) {
      throw new ConfigError(
        `bollinger deviations: a positive number was expected, was "${deviations}"`,
      );
    }
    this.#deviations = deviations;
    this.#deviation = new StandardDeviation({ period });
    this.firstValue = period;
    this.warmup = period;
  }

  get middle(): number {
    return this.#deviation.mean;
  }

  get upper(): number {
    return this.#deviation.mean + this.#deviations * this.#deviation.value;
  }

  get lower(): number {
    return this.#deviation.mean - this.#deviations * this.#deviation.value;
  }

  /** Standard deviations of the last value above the middle; 0 in a window of equal values. */
  get zScore(): number {
    return zScoreOf(this.#last, this.#deviation.mean, this.#deviation.value);
  }

  /** 0 at the lower band, 1 at the upper; 0.5 in a window of equal values. */
  get percentB(): number {
    const { lower, upper } = this;
    return upper === lower ? 0.5 : (this.#last - lower) / (upper - lower);
  }

  /** Distance between the bands as a fraction of the middle. */
  get width(): number {
    return (this.upper - this.lower) / this.middle;
  }

  update(value: number): void {
    this.#last = value;
    this.#deviation.update(value);
  }
}
