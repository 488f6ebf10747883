import { setTimeout as moment } from 'node:timers/promises';
import type { EpochMs } from '../../../src/core/time.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Timer } from '../../../src/ports/timer.ts';

interface Due {
  readonly at: EpochMs;
  /** Among events of the same time, those that were asked for first come first. */
  readonly nth: number;
  readonly run: () => void;
  isOff: boolean;
}

/** Rounds of the event loop without which a chain of promises may not have come to rest. */
const QUIET_ROUNDS = 3;

/**
 * Time that passes only when nothing else is left to do: the clock and the timer of a simulation in one
 * process. It jumps from one due event to the next, and before each lets every promise run that can.
 * What happens, and in which order, is therefore a function of what was asked for alone.
 */
export class VirtualTime implements Clock, Timer {
  #now: EpochMs;
  #nth = 0;
  readonly #real = new Set<Promise<unknown>>();
  /** A heap: the next event is the first. */
  readonly #heap: Due[] = [];

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  /** Events that are still to come. */
  get pending(): number {
    return this.#heap.filter(({ isOff }) => !isOff).length;
  }

  /** Runs something after so many milliseconds; what it gives back calls that off. */
  after(ms: number, run: () => void): () => void {
    this.#nth += 1;
    const due: Due = { at: this.#now + Math.max(0, ms), nth: this.#nth, run, isOff: false };
    push(this.#heap, due);
    return () => {
      due.isOff = true;
    };
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const onAbort = (): void => {
        callOff();
        resolve();
      };
      const callOff = this.after(ms, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Work of this machine, a module being loaded: virtual time stands still until it is done. */
  async standingStill<T>(work: Promise<T>): Promise<T> {
    this.#real.add(work);
    try {
      return await work;
    } finally {
      this.#real.delete(work);
    }
  }

  /** Lets time pass up to a moment, its events included. */
  async runUntil(end: EpochMs): Promise<void> {
    await this.#quiet();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = next.at;
      next.run();
      await this.#quiet();
    }
    this.#now = Math.max(this.#now, end);
  }

  /**
   * Lets time pass until something is settled. Where no event is left that could do it, it may be work
   * of this machine, a module being loaded: that is waited for while virtual time stands still. Throws
   * when that does not help either.
   */
  async settle<T>(work: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const done = (): void => {
      state.isSettled = true;
    };
    work.then(done, done);
    await quiet();
    let idle = 0;
    while (!state.isSettled) {
      const next = this.#next(Infinity);
      if (next === undefined) {
        idle += 1;
        if (idle > PATIENCE) throw new Error(STUCK);
        await moment(1);
      } else {
        idle = 0;
        this.#now = next.at;
        next.run();
      }
      await quiet();
    }
    return work;
  }

  async #quiet(): Promise<void> {
    await quiet();
    while (this.#real.size > 0) {
      await Promise.allSettled(this.#real);
      await quiet();
    }
  }

  #next(end: EpochMs): Due | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || first.at > end) return undefined;
      pop(this.#heap);
      if (!first.isOff) return first;
    }
  }
}

/** Milliseconds of this machine; what a simulation waits for is done in far less. */
const PATIENCE = 1_000;
const STUCK = 'something was expected to settle, but no event is left that could do it';

/** Until all promises that can run have run. */
async function quiet(): Promise<void> {
  for (let round = 0; round < QUIET_ROUNDS; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at === other.at ? one.nth < other.nth : one.at < other.at;
}

function push(heap: Due[], due: Due): void {
  let at = heap.length;
  heap.push(due);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, due)) return;
    heap[at] = above;
    heap[parent] = due;
    at = parent;
  }
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
    const isRight = left !== undefined && right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (child === undefined || isBefore(last, child)) break;
    heap[at] = child;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = last;
}
