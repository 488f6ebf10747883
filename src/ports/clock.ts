import type { EpochMs } from '../core/time.ts';

/** The engine's only source of time. */
export interface Clock {
  now(): EpochMs;
  /**
   * Milliseconds since some moment, which nobody can set: two readings tell how long something took,
   * whatever became of `now` meanwhile. Absent where time is made up anyway.
   */
  steady?(): number;
}
