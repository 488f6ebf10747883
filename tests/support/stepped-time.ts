import type { EpochMs } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Timer } from '../../src/ports/timer.ts';

interface Waiting {
  readonly due: EpochMs;
  readonly order: number;
  readonly end: () => void;
}

/**
 * Time that only goes on when a test says so. Waits end in the order in which they are due, one at a
 * time, and everything that follows from one happens before the next.
 */
export class SteppedTime implements Clock, Timer {
  #now: EpochMs;
  #count = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  get pending(): number {
    return this.#waiting.size;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiting.delete(waiting);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const waiting = { due: this.#now + Math.max(ms, 0), order: this.#count++, end };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  /** Lets so much time go by. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.quiet();
    for (let next = this.#next(end); next !== null; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.due);
      next.end();
      await this.quiet();
    }
    this.#now = end;
  }

  /** Until nothing happens any more without time going by. */
  async quiet(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }

  #next(end: EpochMs): Waiting | null {
    let next: Waiting | null = null;
    for (const each of this.#waiting) {
      if (each.due > end) continue;
      const isEarlier =
        next === null || each.due < next.due || (each.due === next.due && each.order < next.order);
      if (isEarlier) next = each;
    }
    return next;
  }
}
