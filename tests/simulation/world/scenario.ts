import type { EpochMs } from '../../../src/core/time.ts';
import type { FatePolicy } from '../../support/exchange-sim/exchange-core.ts';
import type { Call, Fate, FateKind } from '../../support/exchange-sim/fates.ts';
import { SeededChance } from '../../support/exchange-sim/seeded-chance.ts';
import { SwarmPolicy, type SwarmOptions } from '../../support/exchange-sim/swarm-policy.ts';
import { symbolsAt, type WorldVenue } from './world-exchange.ts';
import { ChanceCrashes, ListedCrashes, type CrashPlan } from './crash-plan.ts';

/** Midnight UTC, a Monday. */
export const START: EpochMs = Date.UTC(2026, 2, 2);
const HOUR = 3_600_000;

/** What a seed decides: a world, and all that befalls it. */
export interface Scenario {
  readonly seed: number;
  readonly venue: WorldVenue;
  readonly symbols: readonly string[];
  /** How long faults and crashes go on. */
  readonly spanMs: number;
  /** Null where all is well. */
  readonly policy: FatePolicy | null;
  readonly crashes: CrashPlan;
  /** How long nothing runs after a process ended. */
  readonly downtimeMs: number;
  /** Faults borne within ten minutes before trading halts. */
  readonly maxErrors: number;
  /** Share of bars on which the strategy wishes something. */
  readonly activity: number;
  readonly market: {
    readonly everyMs: number;
    readonly stepBps: number;
    readonly jumps: number;
    readonly partial: number;
  };
  /** When somebody starts the program a second time, from the start; null for never. */
  readonly intrusionAt: number | null;
  /** Share of updates of a stream that go wrong, where the venue has one. */
  readonly streamFaults: number;
  /** Commands of an operator in an hour, on average. */
  readonly commands: number;
}

/** Coinbase wants every request signed by elliptic curves: its worlds take twice as long. */
const DRAWN_FROM: readonly WorldVenue[] = [
  'binance',
  'kraken',
  'alpaca',
  'binance',
  'kraken',
  'coinbase',
];

export interface ScenarioChoice {
  readonly seed: number;
  /** Null lets the seed choose. */
  readonly venue: WorldVenue | null;
}

export function scenarioOf({ seed, venue }: ScenarioChoice): Scenario {
  const chance = new SeededChance(seed);
  const drawn = chance.pick(DRAWN_FROM);
  const id = venue ?? drawn;
  const spanMs = chance.pick([12, 12, 24, 48]) * HOUR;
  const swarm = chance.between(0, 0x7fffffff);
  const crashes = chance.between(0, 0x7fffffff);
  const mayCrash = chance.hits(0.6);
  return {
    seed,
    venue: id,
    symbols: symbolsAt(id).slice(0, chance.pick([1, 1, 2, 3])),
    spanMs,
    policy: policyOf(id, { seed: swarm, start: START, spanMs }),
    crashes: mayCrash
      ? new ChanceCrashes(crashes, { share: 0.003, most: chance.between(1, 6) })
      : new ListedCrashes([]),
    downtimeMs: chance.pick([100, 2_000, 60_000, 20 * 60_000]),
    maxErrors: chance.pick([20, 10_000]),
    activity: chance.pick([0.15, 0.3, 0.6]),
    market: {
      everyMs: 10 * 60_000,
      stepBps: chance.pick([10, 30, 60]),
      jumps: chance.pick([0, 0.02]),
      partial: chance.pick([0, 0.3, 0.7]),
    },
    commands: chance.pick([0, 0, 0.1]),
    streamFaults: chance.pick([0, 0.05, 0.2]),
    intrusionAt: chance.hits(0.1) ? chance.between(0, spanMs) : null,
  };
}

/** Requests about orders are few: each is struck as if it were that many. */
const ORDERS_TIMES = 4;

/** Strikes orders more often than reads. */
class OrderedSwarm implements FatePolicy {
  readonly #swarm: SwarmPolicy;

  constructor(swarm: SwarmPolicy) {
    this.#swarm = swarm;
  }

  draw(call: Call, now: EpochMs): Fate {
    const tries = call === 'place' || call === 'cancel' ? ORDERS_TIMES : 1;
    let fate: Fate = { kind: 'ok' };
    for (let n = 0; n < tries && fate.kind === 'ok'; n += 1) fate = this.#swarm.draw(call, now);
    return fate;
  }
}

/**
 * What cannot befall a venue: those that ccxt asks are followed by no stream, and only Binance says of a
 * fee what it was taken in.
 */
const NOT_AT: Readonly<Record<WorldVenue, readonly FateKind[]>> = {
  binance: ['silent-stream'],
  kraken: ['silent-stream', 'fee-in'],
  coinbase: ['silent-stream', 'fee-in'],
  alpaca: ['fee-in'],
};

function policyOf(venue: WorldVenue, options: SwarmOptions): FatePolicy {
  const { kinds: drawn } = new SwarmPolicy(options);
  const kinds = [...drawn].filter((kind) => !NOT_AT[venue].includes(kind));
  return new OrderedSwarm(new SwarmPolicy({ ...options, kinds }));
}
