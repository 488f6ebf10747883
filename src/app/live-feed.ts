import { SYSTEM_TIMER } from '../adapters/system/system-timer.ts';
import { ConfigError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { GateChange } from '../core/operator.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import type { VenueParts } from '../data/collect/series-collector.ts';
import { PollingFeed } from '../data/live/polling-feed.ts';
import type { Timer } from '../ports/timer.ts';
import { collectTargets } from './collect-targets.ts';
import { staleAfterMsOf } from './config-terms.ts';
import type { Workspace } from './workspace.ts';

export interface LiveFeedRequest {
  readonly workspace: Pick<Workspace, 'config' | 'logger'>;
  readonly venue: VenueParts;
  /** Those that are traded and those that are only looked at. */
  readonly symbols: readonly SymbolName[];
  readonly timeframe: Timeframe;
  /** Bars that the strategies need before their first decision. */
  readonly warmUpBars: number;
  /** Close time of the last slice that an earlier session handed out; null for a fresh start. */
  readonly from: EpochMs | null;
  readonly requestValidityMs: number;
  readonly onGate: (change: GateChange) => void;
  readonly timer?: Timer;
}

/** The feed of a paper or live session, as the configuration wants it. */
export function liveFeed(request: LiveFeedRequest): PollingFeed {
  const { workspace, venue, symbols, timeframe, from, requestValidityMs, onGate } = request;
  const { config, logger } = workspace;
  const { exchange, timeframes } = venue.source;
  if (!timeframes.includes(timeframe)) {
    throw new ConfigError(
      `data.timeframe: one that ${exchange} serves (${timeframes.join(', ')}) was expected, was ` +
        `"${timeframe}"; strategies can ask for longer ones with timeframes.of`,
    );
  }
  const wanted = { symbols, timeframes: [timeframe], range: null, follow: true, restart: false };
  const { warmupBars, stragglerSeconds } = config.data;
  return new PollingFeed({
    venue,
    targets: collectTargets({ ...wanted, exchange }, config).flatMap(({ targets }) => targets),
    timer: request.timer ?? SYSTEM_TIMER,
    logger,
    settings: {
      warmUpBars: warmupBars ?? request.warmUpBars,
      from,
      staleAfterMs: staleAfterMsOf(config),
      stragglerMs: stragglerSeconds * 1000,
      requestValidityMs,
    },
    onGate,
  });
}
