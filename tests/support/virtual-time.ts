import { setImmediate } from 'node:timers/promises';
import type { EpochMs } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Timer } from '../../src/ports/timer.ts';

interface Waiter {
  readonly due: EpochMs;
  readonly wake: () => void;
}

/** Time that many may wait in at once: it goes on when nobody has anything left to do. */
export class VirtualTime implements Clock, Timer {
  time: EpochMs;
  /** By how much the clock was set wrong; waits do not notice. */
  clockErrorMs = 0;
  /** Waits that were begun. */
  waits = 0;
  readonly #waiters = new Set<Waiter>();

  constructor(time: EpochMs) {
    this.time = time;
  }

  now(): EpochMs {
    return this.time + this.clockErrorMs;
  }

  /** Milliseconds that nobody can set. */
  steady(): number {
    return this.time;
  }

  /** Waits that have not ended. */
  get pending(): number {
    return this.#waiters.size;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    this.waits += 1;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const waiter = { due: this.time + Math.max(0, ms), wake: end };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', end);
    });
  }

  /** Does something when its time has come. */
  at(time: EpochMs, act: () => void): void {
    const waiter = {
      due: time,
      wake: () => {
        this.#waiters.delete(waiter);
        act();
      },
    };
    this.#waiters.add(waiter);
  }

  /** Lets time pass until then, or until the work is over; throws what the work throws. */
  async pass(until: EpochMs, work: Promise<unknown> = new Promise(() => undefined)): Promise<void> {
    let isOver = false;
    const watched = work.finally(() => {
      isOver = true;
    });
    // It is awaited below; until then nobody else may be told that it failed.
    watched.catch(() => undefined);
    for (;;) {
      await setImmediate();
      if (isOver) break;
      const next = this.#next();
      if (next === null || next.due > until) break;
      this.time = Math.max(this.time, next.due);
      next.wake();
    }
    if (isOver) await watched;
    this.time = Math.max(this.time, until);
  }

  /** The earliest, of equals the one that began first. */
  #next(): Waiter | null {
    let next: Waiter | null = null;
    for (const waiter of this.#waiters) if (next === null || waiter.due < next.due) next = waiter;
    return next;
  }
}
