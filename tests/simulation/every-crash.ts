import { ListedCrashes, type CrashPlan } from './world/crash-plan.ts';
import type { Breach } from './world/history.ts';
import type { Scenario } from './world/scenario.ts';
import { World, type WorldFiles } from './world/world.ts';

const HOUR = 3_600_000;

/** A day on which all is well, but for what is done to it. */
export function referenceScenario(crashes: CrashPlan): Scenario {
  return {
    seed: 20,
    venue: 'binance',
    symbols: ['BTC/USDT'],
    spanMs: 24 * HOUR,
    policy: null,
    crashes,
    downtimeMs: 100,
    maxErrors: 20,
    activity: 0.8,
    market: { everyMs: 10 * 60_000, stepBps: 40, jumps: 0, partial: 0 },
    commands: 0,
    streamFaults: 0,
    intrusionAt: null,
  };
}

/** What a world came to. */
export interface Ending {
  /** Client ids that the exchange took, with what became of each. */
  readonly orders: readonly string[];
  readonly trades: readonly string[];
  readonly cash: string;
  readonly boundaries: number;
  readonly crashes: number;
  readonly breach: Breach | null;
}

export async function endingOf(scenario: Scenario, files: WorldFiles): Promise<Ending> {
  const world = new World(scenario, files);
  try {
    await world.run();
    const { core } = world.exchange;
    return {
      orders: core.orders().map(({ clientId, state }) => `${clientId} ${state}`),
      trades: core
        .trades()
        .map(({ clientId, quantity, price, fee }) =>
          [clientId, quantity, price, fee.amount].join(' '),
        ),
      cash: world.session?.engine.portfolio.cash.toString() ?? 'none',
      boundaries: scenario.crashes.passed,
      crashes: [...world.crashes.values()].reduce((sum, count) => sum + count, 0),
      breach: world.history.breach,
    };
  } finally {
    world.remove();
  }
}

/** How a world with crashes ended, beside one without. */
export type Comparison =
  | { readonly kind: 'same' }
  /** An order of the one never got to the exchange in the other: what follows is another story. */
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'broken'; readonly breach: Breach }
  | { readonly kind: 'different'; readonly message: string };

export async function crashedAt(
  at: readonly number[],
  undisturbed: Ending,
  files: WorldFiles,
): Promise<Comparison> {
  const ending = await endingOf(referenceScenario(new ListedCrashes(at)), files);
  const { breach } = ending;
  if (breach !== null) return { kind: 'broken', breach };
  const sent = new Set(ending.orders.map(clientIdOf));
  const isSameSet =
    sent.size === undisturbed.orders.length &&
    undisturbed.orders.every((order) => sent.has(clientIdOf(order)));
  if (!isSameSet) return { kind: 'not-sent' };
  for (const key of ['orders', 'trades', 'cash'] as const) {
    const [was, is] = [String(undisturbed[key]), String(ending[key])];
    if (was !== is) return { kind: 'different', message: `${key}: ${was} became ${is}` };
  }
  return { kind: 'same' };
}

function clientIdOf(order: string): string {
  return order.split(' ')[0] ?? '';
}
