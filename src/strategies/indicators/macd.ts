import { ConfigError } from '../../core/errors.ts';
import { Ema } from './ema.ts';
import { checkedPeriod } from './indicator.ts';
import type { ValueIndicator } from './indicator.ts';
import { barsToForget } from './seeded-average.ts';

export interface MacdOptions {
  /** Bars; below `slow`. */
  readonly fast: number;
  /** Bars. */
  readonly slow: number;
  /** Bars. */
  readonly signal: number;
}

/**
 * Moving average convergence divergence (G. Appel): fast EMA − slow EMA, its EMA as signal line
 * (seeded with the mean of the first `signal` differences), and their difference as histogram.
 */
export class Macd implements ValueIndicator {
  readonly firstValue: number;
  readonly warmup: number;
  readonly #fast: Ema;
  readonly #slow: Ema;
  readonly #signal: Ema;

  constructor({ fast, slow, signal }: MacdOptions) {
    if (!(fast < slow)) {
      throw new ConfigError(
        `macd: a fast period below the slow one was expected, was "${fast}" with slow "${slow}"`,
      );
    }
    this.#fast = new Ema({ period: fast });
    this.#slow = new Ema({ period: slow });
    this.#signal = new Ema({ period: checkedPeriod(signal, 'macd signal period') });
    this.firstValue = slow + signal - 1;
    // The signal line begins to forget once what it is fed has settled.
    this.warmup = Math.max(this.#fast.warmup, this.#slow.warmup) + barsToForget(2 / (signal + 1));
  }

  get macd(): number {
    return this.#fast.value - this.#slow.value;
  }

  get signal(): number {
    return this.#signal.value;
  }

  get histogram(): number {
    return this.macd - this.#signal.value;
  }

  update(value: number): void {
    this.#fast.update(value);
    this.#slow.update(value);
    const difference = this.macd;
    if (!Number.isNaN(difference)) this.#signal.update(difference);
  }
}
