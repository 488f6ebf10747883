import type { Breach } from './world/history.ts';
import { scenarioOf, type Scenario, type ScenarioChoice } from './world/scenario.ts';
import { textOf } from './world/error-text.ts';
import { World, type WorldFiles } from './world/world.ts';

/** What came of a seed; plain data, to cross from one process to another. */
export interface SeedOutcome {
  readonly seed: number;
  readonly venue: string;
  readonly sha256: string;
  readonly events: number;
  readonly requests: number;
  readonly orders: number;
  readonly trades: number;
  readonly processes: number;
  readonly virtualMs: number;
  readonly realMs: number;
  /** By boundary. */
  readonly crashes: Readonly<Record<string, number>>;
  readonly boundaries: number;
  /** By fault. */
  readonly reached: Readonly<Record<string, number>>;
  readonly breach: Breach | null;
}

/** A seed that takes longer than that has come to no end. Milliseconds of this machine. */
const HANGS_AFTER_MS = 120_000;

export function runSeed(choice: ScenarioChoice, files: WorldFiles): Promise<SeedOutcome> {
  return runScenario(scenarioOf(choice), files);
}

export async function runScenario(scenario: Scenario, files: WorldFiles): Promise<SeedOutcome> {
  const began = performance.now();
  const world = new World(scenario, files);
  const unhandled = (error: unknown): void => world.history.broken('I31', textOf(error));
  process.on('unhandledRejection', unhandled);
  const watchdog = setTimeout(() => {
    world.history.broken('hang', `no end after ${HANGS_AFTER_MS / 1000} s of real time`);
  }, HANGS_AFTER_MS);
  try {
    await world.run();
  } catch (error) {
    world.history.broken('simulator', textOf(error));
  } finally {
    clearTimeout(watchdog);
    process.off('unhandledRejection', unhandled);
    world.remove();
  }
  return outcomeOf(world, performance.now() - began);
}

function outcomeOf(world: World, realMs: number): SeedOutcome {
  const { scenario, exchange, history } = world;
  const { core } = exchange;
  return {
    seed: scenario.seed,
    venue: scenario.venue,
    sha256: history.sha256,
    events: history.count,
    requests: core.requests.length,
    orders: world.watch.posted,
    trades: core.trades().length,
    processes: world.processes,
    virtualMs: world.virtualMs,
    realMs,
    crashes: Object.fromEntries(world.crashes),
    boundaries: scenario.crashes.passed,
    reached: Object.fromEntries(core.reached),
    breach: history.breach,
  };
}
