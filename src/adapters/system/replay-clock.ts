import { InvariantError } from '../../core/errors.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';

/** A clock that stands still until somebody moves it forward: the time of a replay. */
export class ReplayClock implements Clock {
  #now: EpochMs;

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  /** Throws an `InvariantError` on a step back. */
  advance(time: EpochMs): void {
    if (time < this.#now) {
      throw new InvariantError(`a time from ${this.#now} on was expected, was ${time}`);
    }
    this.#now = time;
  }
}
