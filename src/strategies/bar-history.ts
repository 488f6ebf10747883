import type { Bar } from '../core/bar.ts';
import { StrategyError } from '../core/errors.ts';

/** Bars a strategy may ask to be kept: memory stays bounded whatever it declares. */
const HISTORY_MAX = 100_000;

/** The last bars of one symbol, up to a fixed number. */
export class BarHistory {
  readonly #size: number;
  readonly #declaration: string;
  readonly #bars: Bar[] = [];
  #next = 0;

  /**
   * Throws a `StrategyError` unless `size` is a whole number from 0 to 100,000. The declaration is
   * where a strategy says how many bars it needs.
   */
  constructor(size: number, declaration = 'beside onBar') {
    if (!Number.isSafeInteger(size) || size < 0 || size > HISTORY_MAX) {
      throw new StrategyError(
        `history: a whole number of bars from 0 to ${HISTORY_MAX} was expected, was "${size}"`,
      );
    }
    this.#size = size;
    this.#declaration = declaration;
  }

  push(bar: Bar): void {
    if (this.#size === 0) return;
    this.#bars[this.#next] = bar;
    this.#next = this.#next + 1 === this.#size ? 0 : this.#next + 1;
  }

  /** The last `count` bars, oldest first. Throws a `StrategyError` when they are not kept. */
  last(count: number): readonly Bar[] {
    if (!Number.isSafeInteger(count) || count < 0 || count > this.#bars.length) {
      throw new StrategyError(
        `history(${count}): at most the ${this.#bars.length} bars kept were expected, ` +
          `was "${count}"; declare "history: ${count}" ${this.#declaration}`,
      );
    }
    const start = this.#next - count;
    if (start >= 0) return this.#bars.slice(start, this.#next);
    return [...this.#bars.slice(start), ...this.#bars.slice(0, this.#next)];
  }
}
