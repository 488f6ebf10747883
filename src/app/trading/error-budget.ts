import type { EpochMs } from '../../core/time.ts';

const WINDOW_MS = 600_000;

/** Counts faults of the surroundings: a few are daily business, many at a time are a reason to halt. */
export class ErrorBudget {
  readonly #most: number;
  #times: readonly EpochMs[] = [];
  #count = 0;

  /** `most` faults within any ten minutes are borne. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Of this process, however long ago. */
  get count(): number {
    return this.#count;
  }

  /** Takes a fault down; true when it is one too many, and the counting begins anew. */
  spend(now: EpochMs): boolean {
    this.#count++;
    this.#times = [...this.#times.filter((time) => time > now - WINDOW_MS), now];
    if (this.#times.length <= this.#most) return false;
    this.#times = [];
    return true;
  }
}
