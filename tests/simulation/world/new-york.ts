import { DAY_MS, HOUR_MS, type EpochMs } from '../../../src/core/time.ts';

/** As far as New York is behind in the days that worlds are in. */
const BEHIND_MS = 5 * HOUR_MS;

/** When the day that goes on in New York began. */
export function lastMidnightInNewYork(now: EpochMs): EpochMs {
  return Math.floor((now - BEHIND_MS) / DAY_MS) * DAY_MS + BEHIND_MS;
}
