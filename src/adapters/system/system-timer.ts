import { setTimeout as wait } from 'node:timers/promises';
import type { Timer } from '../../ports/timer.ts';

/** Longest delay a Node timer takes; beyond it fires at once. */
const DELAY_MAX_MS = 2 ** 31 - 1;

/** Waits in real time. */
export const SYSTEM_TIMER: Timer = {
  async wait(ms, signal) {
    try {
      await wait(Math.min(Math.max(ms, 0), DELAY_MAX_MS), undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
