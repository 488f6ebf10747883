import type { EpochMs } from '../../core/time.ts';

/**
 * What requests go out by, and what measures how long they take. The one of this machine in all that
 * is shipped; a simulation puts in one of its own, in which time is virtual.
 */
export interface Network {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => EpochMs;
  /** Runs something after so many milliseconds; what it gives back calls that off. */
  readonly after: (ms: number, run: () => void) => () => void;
}

export const SYSTEM_NETWORK: Network = {
  // Looked up with every request, as whoever forbids it to the whole process replaces the global one.
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
