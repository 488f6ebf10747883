import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../../src/core/time.ts';
import type { Stretch } from './lifeline.ts';

/** How a world is at present. */
export interface Pace {
  readonly now: EpochMs;
  /** Nothing is expected: hours pass in few steps. */
  readonly isCalm: boolean;
  readonly isEnding: boolean;
}

/** What a process waits for: each of its parts waits for other things. */
export interface WorldWaits {
  readonly session: Stretch;
  readonly venue: Stretch;
  readonly feed: Stretch;
}

/** As the session looks for commands, and shows that it lives. */
const LOOKS: ReadonlySet<number> = new Set([200, 2_000]);

/** How much longer than asked for the parts of a process wait, so that days pass in few steps. */
export function worldWaits(pace: () => Pace): WorldWaits {
  return {
    // Commands are looked at when there is one: whoever gives it ends the wait.
    session: (ms) => (LOOKS.has(ms) ? 2 * HOUR_MS : ms),
    // An account is read seldom; whoever settles what is left does so at leisure.
    venue: (ms) => {
      const { isCalm, isEnding } = pace();
      if (isEnding) return ms;
      if (ms >= 5_000 && ms <= 10_000) return isCalm ? 30 * MINUTE_MS : 20_000;
      return ms === MINUTE_MS && isCalm ? 2 * HOUR_MS : ms;
    },
    // A look at the clock waits until the next bar closes.
    feed: (ms) => {
      const { isCalm, now } = pace();
      if (!isCalm || ms < MINUTE_MS || ms > 10 * MINUTE_MS) return ms;
      return Math.max(ms, HOUR_MS + 5_500 - (now % HOUR_MS));
    },
  };
}
