import { readFileSync } from 'node:fs';
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
  /** Whether its memory, keys and all, is written to disk when the program crashes. */
  readonly dumpsCore: () => boolean;
}

export const THIS_MACHINE: Machine = {
  clock: SYSTEM_CLOCK,
  timer: SYSTEM_TIMER,
  network: null,
  dumpsCore: () => coreLimit() !== '0',
};

/** Most bytes of a core dump as Linux says; elsewhere nobody says, and that is taken for none. */
function coreLimit(): string {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return /^Max core file size +(\S+)/m.exec(limits)?.[1] ?? '0';
  } catch {
    return '0';
  }
}
