/**
 * Halvings after which the seed of a recursive average is forgotten to the last bit: 53 take it
 * below the precision of a double, and the rest lets the last bits of two streams fall together,
 * which is a matter of luck on every bar. Measured over real series of 1m to 1d and random walks:
 * the median start needs 45 (EMA) to 51 (RSI). An outlier of 2^n times the usual size just before
 * the start costs n more.
 */
const HALVINGS = 64;

/**
 * Bars on top, for stretches in which an average only shrinks (a run without any gain, a halted
 * market) and two streams come no nearer to each other, measured against what is left of them.
 */
const IDLE_BARS = 32;

/** Bars until an average with this smoothing factor no longer depends on its seed, to the bit. */
export function barsToForget(alpha: number): number {
  const threshold = 2 ** -HALVINGS;
  let weight = 1;
  let bars = IDLE_BARS;
  while (weight > threshold) {
    weight *= 1 - alpha;
    bars++;
  }
  return bars;
}

/**
 * An exponential average seeded with the mean of its first `period` values:
 * `value += alpha × (input − value)`. Alpha 2/(n+1) makes an EMA, 1/n Wilder's average.
 */
export class SeededAverage {
  readonly #period: number;
  readonly #alpha: number;
  #count = 0;
  #sum = 0;
  #value = NaN;

  constructor(period: number, alpha: number) {
    this.#period = period;
    this.#alpha = alpha;
  }

  /** NaN until `period` values came. */
  get value(): number {
    return this.#value;
  }

  update(input: number): void {
    if (this.#count === this.#period) {
      this.#value += this.#alpha * (input - this.#value);
      return;
    }
    this.#count++;
    this.#sum += input;
    if (this.#count === this.#period) this.#value = this.#sum / this.#period;
  }
}
