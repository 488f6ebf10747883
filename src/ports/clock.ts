import type { EpochMs } from '../core/time.ts';

/** The engine's only source of time. */
export interface Clock {
  now(): EpochMs;
}
