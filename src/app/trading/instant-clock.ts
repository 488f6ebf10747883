import type { EpochMs } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';

/**
 * A clock that stands still while an input is handled: all that follows from one input happens at one
 * instant, so that a replay of the journal meets the times it met.
 */
export class InstantClock implements Clock {
  readonly #clock: Clock;
  #instant: EpochMs | null = null;
  #latest: EpochMs;

  /** Never gives a time before `from`: the last instant on record, whatever the machine's clock says. */
  constructor(clock: Clock, from: EpochMs) {
    this.#clock = clock;
    this.#latest = from;
  }

  now(): EpochMs {
    return this.#instant ?? this.#clock.now();
  }

  /** Runs an input at one instant; time never goes back from one input to the next. */
  during(input: () => void): void {
    this.#instant = Math.max(this.#clock.now(), this.#latest);
    this.#latest = this.#instant;
    try {
      input();
    } finally {
      this.#instant = null;
    }
  }
}
