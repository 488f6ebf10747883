import { SeededChance } from '../../support/exchange-sim/seeded-chance.ts';
import type { Boundary } from './lifeline.ts';

/** Decides at which boundaries processes are cut off, counted over the whole life of a world. */
export interface CrashPlan {
  /** Boundaries passed so far. */
  readonly passed: number;
  endsAt(boundary: Boundary): boolean;
}

/** At the boundaries of these numbers, from 1. */
export class ListedCrashes implements CrashPlan {
  readonly #at: ReadonlySet<number>;
  #passed = 0;

  constructor(at: readonly number[]) {
    this.#at = new Set(at);
  }

  get passed(): number {
    return this.#passed;
  }

  endsAt(): boolean {
    this.#passed += 1;
    return this.#at.has(this.#passed);
  }
}

/** Commits are many, and requests are few: each is to be met as often. */
const REQUESTS_TIMES = 10;
/** Boundaries within which the process that follows a crash is cut off as well. */
const SOON = 8;

/** Now and then, and often again while the process that follows is still recovering. */
export class ChanceCrashes implements CrashPlan {
  readonly #chance: SeededChance;
  readonly #share: number;
  readonly #most: number;
  #passed = 0;
  #crashes = 0;
  #next: number | null = null;

  constructor(seed: number, { share, most }: { readonly share: number; readonly most: number }) {
    this.#chance = new SeededChance(seed);
    this.#share = share;
    this.#most = most;
  }

  get passed(): number {
    return this.#passed;
  }

  endsAt(boundary: Boundary): boolean {
    this.#passed += 1;
    if (this.#crashes >= this.#most) return false;
    const isCommit = boundary === 'before-commit' || boundary === 'after-commit';
    const share = isCommit ? this.#share : this.#share * REQUESTS_TIMES;
    const isDue = this.#next === this.#passed || this.#chance.hits(share);
    if (!isDue) return false;
    this.#crashes += 1;
    this.#next = this.#chance.hits(0.4) ? this.#passed + this.#chance.between(1, SOON) : null;
    return true;
  }
}
