/**
 * The last `size` values, oldest first, summed anew on every reading: nothing that has left the
 * window can leave a trace, and the result does not depend on where the stream began.
 *
 * Sums are taken of the distances to the oldest value. Equal values therefore have exactly their
 * own value as mean and exactly zero as variance, and the one-pass variance is safe: no value is
 * further than √(size) standard deviations from the mean, so at most a factor `size` of the
 * sixteen digits cancels.
 */
export class RollingWindow {
  readonly #size: number;
  /** Every value is stored twice, `size` apart, so that the window is always one stretch. */
  readonly #values: Float64Array;
  #next = 0;
  #count = 0;
  #mean = NaN;
  #variance = NaN;

  constructor(size: number) {
    this.#size = size;
    this.#values = new Float64Array(2 * size);
  }

  get isFull(): boolean {
    return this.#count === this.#size;
  }

  /** Mean as of the last `measureMean` or `measure`. */
  get mean(): number {
    return this.#mean;
  }

  /** Population variance as of the last `measure`. */
  get variance(): number {
    return this.#variance;
  }

  push(value: number): void {
    this.#values[this.#next] = value;
    this.#values[this.#next + this.#size] = value;
    this.#next = this.#next + 1 === this.#size ? 0 : this.#next + 1;
    if (this.#count < this.#size) this.#count++;
  }

  /** Takes the mean of a full window. */
  measureMean(): void {
    const values = this.#values;
    const end = this.#next + this.#size;
    const oldest = values[this.#next] ?? NaN;
    let sum = 0;
    for (let i = this.#next + 1; i < end; i++) sum += (values[i] ?? NaN) - oldest;
    this.#mean = oldest + sum / this.#size;
  }

  /** Takes mean and variance of a full window. */
  measure(): void {
    const values = this.#values;
    const end = this.#next + this.#size;
    const oldest = values[this.#next] ?? NaN;
    let sum = 0;
    let squares = 0;
    for (let i = this.#next + 1; i < end; i++) {
      const distance = (values[i] ?? NaN) - oldest;
      sum += distance;
      squares += distance * distance;
    }
    this.#mean = oldest + sum / this.#size;
    this.#variance = (squares - (sum * sum) / this.#size) / this.#size;
  }
}
