import { DAY_MS } from '../core/time.ts';
import { Retrier } from '../data/collect/retrier.ts';
import type { VenueParts } from '../data/collect/series-collector.ts';
import { VenueClock } from '../data/collect/venue-clock.ts';
import { RETRY_WAITS } from '../data/retry-policy.ts';
import type { BarSource } from '../ports/bar-source.ts';
import type { Workspace } from './workspace.ts';

/** What the series of one venue share while they are collected. */
export function venueParts(workspace: Workspace, source: BarSource): VenueParts {
  const { config, logger, machine } = workspace;
  const { graceSeconds, historyDays } = config.data;
  return {
    source,
    store: workspace.bars(),
    clock: new VenueClock({ source, clock: machine.clock, logger }),
    retrier: retrierOf(workspace),
    graceMs: graceSeconds * 1000,
    historyMs: historyDays * DAY_MS,
  };
}

/** Asks as patiently as the configuration says. */
export function retrierOf({ config, logger, machine }: Workspace): Retrier {
  return new Retrier({
    policy: { ...RETRY_WAITS, retries: config.data.retries },
    timer: machine.timer,
    clock: machine.clock,
    random: Math.random,
    logger,
  });
}
