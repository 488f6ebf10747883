import { CHECKED } from './invariants.ts';
import type { SeedOutcome } from './seed-outcome.ts';
import { EXPECTED_FAULTS, timesReached } from './expected-faults.ts';

interface TallyOptions {
  readonly seeds: number;
  readonly venue: string | null;
  /** Takes what is said while it runs. */
  readonly toErr: (line: string) => void;
}

/** How often a fault has to be reached over this many seeds to count as tried. */
const ENOUGH = { times: 50, seeds: 2_000 } as const;
const HOUR = 3_600_000;

/** Sums up what came of many seeds. */
export class Tally {
  readonly #options: TallyOptions;
  readonly #hashes = new Map<number, string>();
  readonly #broken: SeedOutcome[] = [];
  readonly #differing: number[] = [];
  readonly #crashes = new Map<string, number>();
  readonly #reached = new Map<string, number>();
  readonly #sums = { virtualMs: 0, requests: 0, events: 0, orders: 0, trades: 0, processes: 0 };
  #compared = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  get isClean(): boolean {
    return this.#broken.length === 0 && this.#differing.length === 0;
  }

  /** A seed that comes a second time is compared with itself, and counts once. */
  add(outcome: SeedOutcome): void {
    const { seed, sha256, breach } = outcome;
    const before = this.#hashes.get(seed);
    if (before !== undefined) {
      this.#compared += 1;
      if (before !== sha256) this.#differ(seed);
      return;
    }
    this.#hashes.set(seed, sha256);
    for (const key of [
      'virtualMs',
      'requests',
      'events',
      'orders',
      'trades',
      'processes',
    ] as const) {
      this.#sums[key] += outcome[key];
    }
    addTo(this.#crashes, outcome.crashes);
    addTo(this.#reached, outcome.reached);
    if (breach !== null) this.#breached(outcome);
    if (this.#hashes.size % 100 === 0) {
      this.#options.toErr(`${this.#hashes.size} of ${this.#options.seeds} seeds`);
    }
  }

  report(realMs: number): string {
    const { virtualMs, requests, events, orders, trades, processes } = this.#sums;
    const crashes = sum(this.#crashes);
    const lines = [
      `seeds               ${this.#hashes.size}, ${this.#broken.length} broken`,
      `same seed again     ${this.#compared}, ${this.#differing.length} differ`,
      `virtual time        ${Math.round(virtualMs / HOUR / 24)} days, ${Math.round(virtualMs / realMs)} times as fast`,
      `venue calls         ${requests}`,
      `orders sent         ${orders}, ${trades} trades`,
      `events              ${events}`,
      `processes           ${processes}, ${crashes} cut off: ${listed(this.#crashes)}`,
      `invariants          ${CHECKED.map(({ id }) => id).join(' ')}`,
      `real time           ${(realMs / 1000).toFixed(1)} s, ${Math.round(realMs / this.#hashes.size)} ms a seed`,
      'faults reached',
      ...[...this.#reached]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, count]) => `  ${name.padEnd(32)} ${count}`),
      ...this.#seldom(),
    ];
    return `${lines.join('\n')}\n`;
  }

  /** Only of a run that is long enough to say so. */
  #seldom(): readonly string[] {
    if (this.#hashes.size < ENOUGH.seeds) return [];
    const seldom = EXPECTED_FAULTS.filter(
      (kind) => timesReached(kind, this.#reached) < ENOUGH.times,
    );
    if (seldom.length === 0) return [`all of them at least ${ENOUGH.times} times`];
    return [`fewer than ${ENOUGH.times} times: ${seldom.join('; ')}`];
  }

  #breached(outcome: SeedOutcome): void {
    const { seed, venue, breach } = outcome;
    this.#broken.push(outcome);
    if (breach === null) return;
    const { toErr } = this.#options;
    toErr(`seed ${seed} (${venue}) breaks ${breach.invariant} at event ${breach.event}:`);
    toErr(`  ${breach.message}`);
    for (const line of breach.last) toErr(`  | ${line}`);
    toErr(`  again: npm run simulate -- --seed ${seed}${this.#venueFlag}`);
  }

  #differ(seed: number): void {
    this.#differing.push(seed);
    const { toErr } = this.#options;
    toErr(`seed ${seed} breaks I28: twice the same seed, and not the same events`);
    toErr(`  again: npm run simulate -- --seed ${seed}${this.#venueFlag}`);
  }

  get #venueFlag(): string {
    const { venue } = this.#options;
    return venue === null ? '' : ` --venue ${venue}`;
  }
}

function addTo(sums: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}
