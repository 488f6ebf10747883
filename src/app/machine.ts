import type { Network } from '../adapters/http/network.ts';
import { SYSTEM_CLOCK } from '../adapters/system/system-clock.ts';
import { SYSTEM_TIMER } from '../adapters/system/system-timer.ts';
import type { Clock } from '../ports/clock.ts';
import type { Timer } from '../ports/timer.ts';

/** What a command has of the machine it runs on: its time, and its way out. */
export interface Machine {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Null for that of the machine itself; one put in its place carries requests alone, no streams. */
  readonly network: Network | null;
}

export const THIS_MACHINE: Machine = {
  clock: SYSTEM_CLOCK,
  timer: SYSTEM_TIMER,
  network: null,
};
