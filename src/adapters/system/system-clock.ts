import type { Clock } from '../../ports/clock.ts';

/** The clock of this machine. */
export const SYSTEM_CLOCK: Clock = { now: () => Date.now(), steady: () => performance.now() };
