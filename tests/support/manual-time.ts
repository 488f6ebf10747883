import type { EpochMs } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Timer } from '../../src/ports/timer.ts';

/** A clock that a test sets. */
export class ManualClock implements Clock {
  time: EpochMs;

  constructor(time: EpochMs) {
    this.time = time;
  }

  now(): EpochMs {
    return this.time;
  }
}

/**
 * A timer whose waits take no time: the clock jumps to their end. What happens meanwhile in the
 * world, a test says in `meanwhile`; a wait that it interrupts by aborting the signal ends there.
 */
export class ManualTimer implements Timer {
  readonly waits: number[] = [];
  meanwhile: (wait: number) => void | Promise<void> = () => undefined;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    this.waits.push(ms);
    const end = this.#clock.time + ms;
    await this.meanwhile(this.waits.length);
    if (!signal.aborted) this.#clock.time = Math.max(this.#clock.time, end);
  }
}
