import { hostname } from 'node:os';
import { ControlDirectory } from '../../adapters/files/control-directory.ts';
import { StatusFile } from '../../adapters/files/status-file.ts';
import { takeLock, type HeldLock } from '../../adapters/sqlite/instance-lock.ts';
import { newSilence } from '../../adapters/ccxt/silence.ts';
import { SYSTEM_CLOCK } from '../../adapters/system/system-clock.ts';
import { SYSTEM_TIMER } from '../../adapters/system/system-timer.ts';
import { Decimal } from '../../core/decimal.ts';
import { formatTime } from '../../core/time.ts';
import type { BarSource } from '../../ports/bar-source.ts';
import type { LastingRun } from '../../ports/lasting-run.ts';
import { openBarSource } from '../bar-sources.ts';
import type { ConfiguredStrategy } from '../configured-strategy.ts';
import { liveFeed } from '../live-feed.ts';
import { recordInstruments } from '../record-instruments.ts';
import { strategiesToRun } from '../run-strategies.ts';
import { venueParts } from '../venue-parts.ts';
import { warmupBarsOf } from '../warmup-bars.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../workspace.ts';
import { openLiveAccount } from './live-account.ts';
import { narrate, type Happening } from './narrator.ts';
import { openPaperAccount } from './paper-account.ts';
import {
  planTrading,
  tradingMarket,
  type TradingPlan,
  type TradingRequest,
} from './plan-trading.ts';
import { engineLock } from './read-status.ts';
import { runStartOf } from './run-start.ts';
import { startReport, type StartReport } from './start-report.ts';
import type { AccountRequest, TradingAccount } from './trading-account.ts';
import { TradingSession } from './trading-session.ts';

export type TradingMode = 'paper' | 'live';

export interface TradeCommand {
  readonly mode: TradingMode;
  readonly workspace: WorkspaceOptions;
  /** As in a backtest; null takes those of `portfolio.strategies`. */
  readonly strategy: string | null;
  readonly request: TradingRequest;
  /** Begin a run of its own instead of going on with the last one. */
  readonly isNew: boolean;
  /** Of `--confirm-live`; null where it was not given. */
  readonly confirmed: string | null;
  readonly signal: AbortSignal;
  readonly onStart: (report: StartReport) => void;
  readonly onHappening: (happening: Happening) => void;
}

/** The ways to trade in real time differ in whose account it is, and in nothing else. */
const ACCOUNTS: Readonly<
  Record<TradingMode, (request: AccountRequest) => Promise<TradingAccount>>
> = { paper: openPaperAccount, live: openLiveAccount };

const MEBIBYTE = 1024 * 1024;

/** Trades until the signal aborts. Throws what kept it from starting, or stopped it. */
export async function trade(command: TradeCommand): Promise<void> {
  const workspace = openWorkspace({ ...command.workspace, runsStrategies: true });
  const held: (() => Promise<void> | void)[] = [() => workspace.close()];
  try {
    const strategies = await strategiesToRun(workspace, command.strategy);
    const lock = lockDatabase(workspace, command.mode);
    held.push(() => lock.release());
    const { config, options } = workspace;
    const market = tradingMarket({ config, strategies, request: command.request });
    const { environment } = options;
    const silence = newSilence();
    const settings = { config, environment, streaming: true, silence };
    const source = await openBarSource(market.exchange, settings);
    held.push(async () => source.close());
    const { confirmed, signal } = command;
    const request = { workspace, market, confirmed, signal, silence };
    const account = await ACCOUNTS[command.mode](request);
    held.push(async () => account.close());
    await tradeWith(command, { workspace, strategies, source, account, lock });
  } finally {
    for (const release of held.toReversed()) await release();
  }
}

interface Opened {
  readonly workspace: Workspace;
  readonly strategies: readonly ConfiguredStrategy[];
  readonly source: BarSource;
  readonly account: TradingAccount;
  readonly lock: HeldLock;
}

async function tradeWith(command: TradeCommand, opened: Opened): Promise<void> {
  const { workspace, strategies, source, account, lock } = opened;
  const { config, logger, databasePath } = workspace;
  const { signal, request } = command;
  const feedParts = venueParts(workspace, source);
  await feedParts.retrier.call(() => feedParts.clock.measure(signal), signal);
  const market = tradingMarket({ config, strategies, request });
  await recordInstruments(
    [...market.symbols, ...market.informative],
    { ...feedParts, store: workspace.bars() },
    signal,
  );
  const planned = planTrading({ config, strategies, request, store: workspace.bars() });
  const { run, plan } = openRun(command, planned, opened);
  const status = new StatusFile(databasePath);
  const session: TradingSession = new TradingSession({
    plan,
    run,
    clock: SYSTEM_CLOCK,
    timer: SYSTEM_TIMER,
    logger,
    inbox: new ControlDirectory(databasePath),
    head: {
      mode: command.mode,
      run_id: run.runId,
      session: run.session.number,
      pid: process.pid,
      host: hostname(),
      account: account.owner.account,
      started_at: formatTime(run.session.startedAt),
    },
    exitPolicy: config.live.onExit,
    maxErrors: config.live.maxErrors,
    makeVenue: (links, restored) =>
      account.makeVenue({ plan, run, links, restored, engine: () => session.engine, feedParts }),
    makeFeed: (links, _engine, from) =>
      liveFeed({
        workspace,
        venue: feedParts,
        symbols: plan.keys.map(({ symbol }) => symbol),
        timeframe: plan.timeframe,
        warmUpBars: warmupBarsOf(plan.strategies),
        from,
        requestValidityMs: account.requestValidityMs,
        onGate: links.onGate,
      }),
    show: (shown) => status.write(shown),
    beat: (now) => lock.beat(now),
    memory: () => process.memoryUsage.rss() / MEBIBYTE,
    onReady: () => command.onStart(startReport({ plan, run, account, session })),
  });
  narrate(session.engine.bus, command.onHappening);
  await session.run(signal);
}

/** The run that is to go on, with the capital it began with; or a new one. */
function openRun(
  { mode, isNew }: TradeCommand,
  plan: TradingPlan,
  { workspace, account }: Opened,
): { readonly run: LastingRun; readonly plan: TradingPlan } {
  const store = workspace.lastingRuns();
  store.claim(account.owner);
  const startedAt = SYSTEM_CLOCK.now();
  const unfinished = isNew ? null : store.unfinished(mode);
  if (unfinished === null) {
    const { capital } = account;
    const run = store.begin(runStartOf(plan, { mode, capital, startedAt }));
    return { run, plan: { ...plan, initialCapital: capital } };
  }
  const began = workspace.runs().find(unfinished);
  const capital = began === null ? account.capital : Decimal.parse(began.initialCapital);
  const run = store.resume(unfinished, runStartOf(plan, { mode, capital, startedAt }));
  return { run, plan: { ...plan, initialCapital: capital } };
}

function lockDatabase({ databasePath }: Workspace, mode: TradingMode): HeldLock {
  return takeLock({
    path: engineLock(databasePath),
    purpose: `${mode} trading in ${databasePath}`,
    now: SYSTEM_CLOCK.now(),
  });
}
