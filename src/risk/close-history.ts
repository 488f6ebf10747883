import type { EpochMs } from '../core/time.ts';

/** Closes that two symbols share, newest first. */
export interface CommonCloses {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** The latest closes of one symbol with their times, in a ring of fixed size. */
export class CloseHistory {
  readonly #times: Float64Array;
  readonly #closes: Float64Array;
  #next = 0;
  #length = 0;
  #lastTime: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#closes = new Float64Array(capacity);
  }

  /** Takes a close; one that is not later than the last (another timeframe's bar) adds nothing. */
  add(time: EpochMs, close: number): void {
    if (time <= this.#lastTime) return;
    this.#lastTime = time;
    this.#times[this.#next] = time;
    this.#closes[this.#next] = close;
    this.#next = this.#next + 1 === this.#times.length ? 0 : this.#next + 1;
    if (this.#length < this.#times.length) this.#length++;
  }

  /** At most `count` closes at times that both histories hold, the latest ones. */
  commonWith(other: CloseHistory, count: number): CommonCloses {
    const first: number[] = [];
    const second: number[] = [];
    let mine = 0;
    let theirs = 0;
    while (first.length < count && mine < this.#length && theirs < other.#length) {
      const difference = this.#timeAt(mine) - other.#timeAt(theirs);
      if (difference === 0) {
        first.push(this.#closeAt(mine));
        second.push(other.#closeAt(theirs));
      }
      if (difference >= 0) mine++;
      if (difference <= 0) theirs++;
    }
    return { first, second };
  }

  #timeAt(age: number): EpochMs {
    return this.#times[this.#index(age)] ?? Number.NaN;
  }

  #closeAt(age: number): number {
    return this.#closes[this.#index(age)] ?? Number.NaN;
  }

  /** Slot of the close `age` closes before the newest. */
  #index(age: number): number {
    const index = this.#next - 1 - age;
    return index >= 0 ? index : index + this.#times.length;
  }
}
