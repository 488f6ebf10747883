import type { EpochMs } from '../../core/time.ts';

/** Until when an exchange is to be left alone: one for all that ask it from this process. */
export interface Silence {
  until: EpochMs;
}

export function newSilence(): Silence {
  return { until: 0 };
}
