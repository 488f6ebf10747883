import type { Network } from '../../../src/adapters/http/network.ts';
import type { Timer } from '../../../src/ports/timer.ts';
import type { InProcessFetch } from '../../support/exchange-sim/in-process-fetch.ts';
import type { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';

/** Where a process can be cut off: about a commit, and about an order's or a cancel's request. */
export const BOUNDARIES = [
  'before-commit',
  'after-commit',
  'before-send',
  'after-send',
  'before-answer',
] as const;
export type Boundary = (typeof BOUNDARIES)[number];

/** What a process throws in its last moment: nobody outlives it to look. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash';
}

export interface LifelineParts {
  readonly time: VirtualTime;
  readonly fetch: InProcessFetch;
  /** Whether the process ends here. */
  readonly endsAt: (boundary: Boundary) => boolean;
  /** Told once, at the end. */
  readonly onEnd: (boundary: Boundary | null) => void;
  /** Whether a request is about an order. Told before it leaves. */
  readonly onRequest: (url: string, init: RequestInit) => boolean;
}

/** What a calm wait takes instead of so many milliseconds. */
export type Stretch = (ms: number) => number;

/**
 * What ties one process to the world. Once it is cut, nothing reaches the process any more and nothing
 * leaves it; what had left goes on without it.
 */
export class Lifeline {
  readonly network: Network;
  readonly #parts: LifelineParts;
  readonly #calm = new Set<() => void>();
  #isAlive = true;

  constructor(parts: LifelineParts) {
    this.#parts = parts;
    const { time } = parts;
    this.network = {
      fetch: (url, init) => this.#fetch(url, init),
      now: () => time.now(),
      after: (ms, run) => time.after(ms, () => void (this.#isAlive && run())),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  cut(boundary: Boundary | null): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#calm.clear();
    this.#parts.onEnd(boundary);
  }

  /** Runs a commit, unless the process ends before it; it may end after it. */
  commit(work: () => void, onDone: () => void): void {
    if (!this.#isAlive) throw new SimulatedCrash();
    this.#passOrDie('before-commit');
    work();
    onDone();
    this.#passOrDie('after-commit');
  }

  /** Whatever is done with what the process holds open: nothing once it is gone. */
  whileAlive(work: () => void): void {
    if (this.#isAlive) work();
  }

  /** The same, until the process is gone. */
  ifAlive<Args extends readonly unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      if (this.#isAlive) run(...args);
    };
  }

  /**
   * A timer of the process. Waits in which nothing is expected may take longer than they would, so that
   * days pass in few steps: `hurry` ends them.
   */
  timer(stretch: Stretch = (ms) => ms): Timer {
    return {
      wait: (ms, signal) =>
        new Promise((resolve) => {
          if (!this.#isAlive) return;
          this.#wait({ ms, stretched: stretch(ms), signal }, () => {
            if (this.#isAlive) resolve();
          });
        }),
    };
  }

  /** Something is expected after all: whoever waits calmly looks at once. */
  hurry(): void {
    // Each takes itself away.
    for (const end of this.#calm) end();
  }

  #wait(
    wait: { readonly ms: number; readonly stretched: number; readonly signal: AbortSignal },
    resolve: () => void,
  ): void {
    const { ms, stretched, signal } = wait;
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      callOff();
      this.#calm.delete(end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const callOff = Number.isFinite(stretched)
      ? this.#parts.time.after(stretched, end)
      : (): void => undefined;
    if (stretched !== ms) this.#calm.add(end);
    signal.addEventListener('abort', end, { once: true });
  }

  #passOrDie(boundary: Boundary): void {
    if (!this.#parts.endsAt(boundary)) return;
    this.cut(boundary);
    throw new SimulatedCrash(boundary);
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    const { fetch, endsAt, onRequest } = this.#parts;
    if (!this.#isAlive) return never();
    const isOrder = onRequest(url, init);
    if (isOrder && endsAt('before-send')) {
      this.cut('before-send');
      return never();
    }
    const answer = fetch(url, init);
    if (isOrder && endsAt('after-send')) this.cut('after-send');
    return new Promise((resolve, reject) => {
      answer.then(
        (response) => {
          if (this.#isAlive && isOrder && endsAt('before-answer')) this.cut('before-answer');
          if (this.#isAlive) resolve(response);
        },
        (error: unknown) => {
          if (this.#isAlive) reject(error);
        },
      );
    });
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
