import type { Timer } from '../../ports/timer.ts';

/** A wait that ends early when there is something to do. */
export class Wake {
  readonly #timer: Timer;
  #waiting: AbortController | null = null;
  #isCalled = false;

  constructor(timer: Timer) {
    this.#timer = timer;
  }

  /** Ends the wait that is on, or the next one before it begins. */
  call(): void {
    this.#isCalled = true;
    this.#waiting?.abort();
  }

  /** Resolves after that many milliseconds, once called, or when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isCalled && !signal.aborted) {
      const waiting = new AbortController();
      const end = (): void => waiting.abort();
      signal.addEventListener('abort', end, { once: true });
      this.#waiting = waiting;
      await this.#timer.wait(ms, waiting.signal);
      this.#waiting = null;
      signal.removeEventListener('abort', end);
    }
    this.#isCalled = false;
  }
}
