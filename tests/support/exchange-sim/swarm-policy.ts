import type { EpochMs } from '../../../src/core/time.ts';
import type { FatePolicy } from './exchange-core.ts';
import { CALLS, FATE_KINDS, type Call, type Fate, type FateKind } from './fates.ts';
import { SeededChance } from './seeded-chance.ts';

/** Shares of requests that go wrong; a seed has one of them. */
const RATES = [0, 0.01, 0.05, 0.2] as const;

const READS = CALLS.filter((call) => call !== 'place' && call !== 'cancel');
const LISTS: readonly Call[] = ['order', 'open', 'closed', 'trades', 'balances'];

/** What can strike which request, and how it is drawn. */
interface Strike {
  readonly on: readonly Call[];
  readonly draw: (chance: SeededChance) => Fate;
  /** Not more than once: a market that is gone cannot go again. */
  readonly isOnce?: boolean;
  /** How much likelier than others, where it finds something to strike in few requests; 1 by default. */
  readonly weight?: number;
}

const accepted = (chance: SeededChance): boolean => chance.hits(0.5);

const STRIKES: Readonly<Partial<Record<FateKind, Strike>>> = {
  delay: { on: CALLS, draw: (chance) => ({ kind: 'delay', ms: chance.between(500, 15_000) }) },
  drop: { on: CALLS, draw: (chance) => ({ kind: 'drop', accepted: accepted(chance) }) },
  hang: { on: CALLS, draw: (chance) => ({ kind: 'hang', accepted: accepted(chance) }) },
  'slow-loris': {
    on: CALLS,
    draw: (chance) => ({ kind: 'slow-loris', accepted: accepted(chance), everyMs: 2_000 }),
  },
  'server-error': {
    on: CALLS,
    draw: (chance) => {
      const status = chance.pick([500, 502, 503, 504]);
      return { kind: 'server-error', status, accepted: accepted(chance) };
    },
  },
  'rate-limit': {
    on: CALLS,
    draw: (chance) => {
      const retryAfterS = chance.between(1, 30);
      return { kind: 'rate-limit', retryAfterS, accepted: chance.hits(0.1) };
    },
  },
  ban: { on: READS, draw: (chance) => ({ kind: 'ban', seconds: chance.between(10, 120) }) },
  malformed: { on: CALLS, draw: (chance) => ({ kind: 'malformed', accepted: accepted(chance) }) },
  html: { on: CALLS, draw: (chance) => ({ kind: 'html', accepted: accepted(chance) }) },
  empty: { on: CALLS, draw: (chance) => ({ kind: 'empty', accepted: accepted(chance) }) },
  redirect: {
    on: CALLS,
    draw: (chance) => ({ kind: 'redirect', to: 'http://elsewhere/', accepted: accepted(chance) }),
  },
  late: {
    weight: 3,
    on: ['place', 'cancel'],
    draw: (chance) => ({ kind: 'late', ms: chance.between(1_000, 50_000) }),
  },
  'no-id': { weight: 4, on: ['place'], draw: () => ({ kind: 'no-id' }) },
  'not-found': {
    weight: 4,
    on: ['place'],
    draw: (chance) => ({ kind: 'not-found', reads: chance.between(1, 5) }),
  },
  'fill-before-ack': {
    weight: 10,
    on: ['place'],
    draw: (chance) => ({ kind: 'fill-before-ack', delayMs: chance.between(0, 5_000) }),
  },
  'cancel-race': {
    weight: 10,
    on: ['cancel'],
    draw: (chance) => ({ kind: 'cancel-race', percent: chance.pick([30, 70, 100, 100]) }),
  },
  'stuck-cancel': {
    weight: 6,
    on: ['cancel'],
    draw: (chance) => ({ kind: 'stuck-cancel', ms: chance.between(5_000, 120_000) }),
  },
  'partial-list': { on: LISTS, draw: () => ({ kind: 'partial-list' }) },
  stale: { on: LISTS, draw: (chance) => ({ kind: 'stale', steps: chance.between(1, 12) }) },
  'duplicate-trade': { weight: 6, on: ['trades'], draw: () => ({ kind: 'duplicate-trade' }) },
  reordered: { weight: 4, on: LISTS, draw: () => ({ kind: 'reordered' }) },
  'status-word': {
    weight: 2,
    on: ['order', 'open', 'closed'],
    draw: (chance) => ({ kind: 'status-word', word: chance.pick(['IN_REVIEW', 'SUSPENDED', '7']) }),
  },
  'fee-form': {
    weight: 8,
    on: ['trades'],
    draw: (chance) => ({ kind: 'fee-form', form: chance.pick(['null', 'no-currency']) }),
  },
  // That more is filled than was asked for halts whoever reads it: too much for chance.
  'filled-form': {
    weight: 2,
    on: ['order', 'open', 'closed'],
    draw: () => ({ kind: 'filled-form', form: 'missing' }),
  },
  'no-balances': { on: ['balances'], draw: () => ({ kind: 'no-balances' }) },
  'fee-in': {
    weight: 10,
    on: ['place'],
    draw: (chance) => ({ kind: 'fee-in', taking: chance.pick(['quote', 'received', 'third']) }),
  },
  'fee-late': {
    weight: 3,
    on: ['place'],
    draw: (chance) => ({ kind: 'fee-late', ms: chance.between(1_000, 90_000) }),
  },
  'precision-change': {
    on: ['place', 'quote'],
    draw: () => ({ kind: 'precision-change', symbol: null }),
    isOnce: true,
  },
  delist: { on: ['place', 'quote'], draw: () => ({ kind: 'delist', symbol: null }), isOnce: true },
  'outside-edit': {
    on: ['balances', 'open'],
    draw: (chance) => ({ kind: 'outside-edit', asset: null, percent: chance.pick([-20, -5, 5]) }),
  },
  'odd-status': {
    weight: 5,
    on: ['open', 'order'],
    draw: (chance) => ({
      kind: 'odd-status',
      word: chance.pick(['IN_REVIEW', 'SUSPENDED', '7']),
      ms: chance.between(1, 180) * MINUTE,
    }),
  },
  'foreign-order': { on: ['open'], draw: () => ({ kind: 'foreign-order' }) },
  'manual-cancel': { on: ['open', 'cancel'], draw: () => ({ kind: 'manual-cancel' }) },
  'clock-offset': {
    on: READS,
    draw: (chance) => ({
      kind: 'clock-offset',
      ms: chance.pick([-40_000, -2_000, -300, 0, 300, 2_000, 40_000]),
    }),
  },
  'silent-stream': { on: READS, draw: () => ({ kind: 'silent-stream' }) },
};

/** Every fault that chance can bring about. */
export const SWARM_KINDS = FATE_KINDS.filter((kind) => STRIKES[kind] !== undefined);

export interface SwarmOptions {
  readonly seed: number;
  /** When storms may begin, and within how long. */
  readonly start: EpochMs;
  readonly spanMs: number;
  /** Drawn by the seed where nothing is said. */
  readonly rate?: number;
  /** A subset that the seed draws where nothing is said. */
  readonly kinds?: readonly FateKind[];
  readonly storms?: number;
}

interface Storm {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Prices go on all the same: only what concerns the account fails. */
  readonly isOfAccount: boolean;
  readonly as: 'drop' | 'hang' | 'unavailable';
}

const MINUTE = 60_000;

const OF_ACCOUNT: ReadonlySet<Call> = new Set(['place', 'cancel', ...LISTS]);

/**
 * What goes wrong by chance: each seed has a rate and a set of faults of its own, so that together they
 * also try what a single mixture would drown; and outages, of one to sixty minutes, of the account
 * alone up to three hours: decisions go on meanwhile, on orders of which nobody knows.
 */
export class SwarmPolicy implements FatePolicy {
  readonly rate: number;
  readonly kinds: ReadonlySet<FateKind>;
  readonly storms: readonly Storm[];
  readonly #chance: SeededChance;
  readonly #spent = new Set<FateKind>();

  constructor({ seed, start, spanMs, rate, kinds, storms }: SwarmOptions) {
    const setup = new SeededChance(seed);
    this.#chance = setup.fork();
    const drawn = setup.pick(RATES);
    this.rate = rate ?? drawn;
    this.kinds = new Set(kinds ?? SWARM_KINDS.filter(() => setup.hits(0.5)));
    const count = storms ?? (this.rate === 0 ? 0 : setup.between(0, 2));
    this.storms = Array.from({ length: count }, () => {
      const from = start + Math.floor(setup.next() * spanMs);
      const isOfAccount = setup.hits(0.5);
      const to = from + setup.between(1, isOfAccount ? 180 : 60) * MINUTE;
      const as = setup.pick(['drop', 'hang', 'unavailable'] as const);
      return { from, to, isOfAccount, as };
    });
  }

  draw(call: Call, now: EpochMs): Fate {
    const storm = this.storms.find(
      ({ from, to, isOfAccount }) =>
        now >= from && now < to && (!isOfAccount || OF_ACCOUNT.has(call)),
    );
    if (storm !== undefined) return { kind: 'storm', as: storm.as };
    if (!this.#chance.hits(this.rate)) return { kind: 'ok' };
    const able = [...this.kinds].filter((kind) => this.#canStrike(kind, call));
    if (able.length === 0) return { kind: 'ok' };
    const kind = this.#chance.pick(
      able.flatMap((each) => Array<FateKind>(weightOf(each)).fill(each)),
    );
    const strike = STRIKES[kind];
    if (strike === undefined) return { kind: 'ok' };
    if (strike.isOnce === true) this.#spent.add(kind);
    return strike.draw(this.#chance);
  }

  #canStrike(kind: FateKind, call: Call): boolean {
    return !this.#spent.has(kind) && (STRIKES[kind]?.on.includes(call) ?? false);
  }
}

function weightOf(kind: FateKind): number {
  return STRIKES[kind]?.weight ?? 1;
}
