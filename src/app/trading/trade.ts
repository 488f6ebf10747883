import { hostname } from 'node:os';
import { newSilence } from '../../adapters/ccxt/silence.ts';
import { ControlDirectory } from '../../adapters/files/control-directory.ts';
import { takeLock, type HeldLock } from '../../adapters/sqlite/instance-lock.ts';
import { isCutShort } from '../../core/errors.ts';
import { formatTime } from '../../core/time.ts';
import type { BarSource } from '../../ports/bar-source.ts';
import type { DatabaseOwner, LastingRun } from '../../ports/lasting-run.ts';
import { openBarSource } from '../bar-sources.ts';
import type { ConfiguredStrategy } from '../configured-strategy.ts';
import { liveFeed } from '../live-feed.ts';
import { recordInstruments, recordKnownInstruments } from '../record-instruments.ts';
import { strategiesToRun } from '../run-strategies.ts';
import { venueParts } from '../venue-parts.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../workspace.ts';
import { carriedSymbols } from './carried-symbols.ts';
import { openLiveAccount } from './live-account.ts';
import { FaultRelay } from './fault-relay.ts';
import { narrate, type Happening } from './narrator.ts';
import { openPaperAccount } from './paper-account.ts';
import { planTrading, tradingMarket, type TradingRequest } from './plan-trading.ts';
import { openRun } from './open-run.ts';
import { engineLock } from './read-status.ts';
import { shownOutside } from './shown-outside.ts';
import { startReport, type StartReport } from './start-report.ts';
import type { StatusHead } from './status-view.ts';
import type { AccountRequest, TradingAccount } from './trading-account.ts';
import { TradingSession } from './trading-session.ts';
import { tradingWarmUp } from './trading-warm-up.ts';

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

/** Trades until the signal aborts. Throws what kept it from starting, or stopped it. */
export async function trade(command: TradeCommand): Promise<void> {
  const { signal } = command;
  try {
    await open(command);
  } catch (error) {
    // Ended before it had begun: there is nothing to leave behind.
    if (!isCutShort(error, signal)) throw error;
  }
}

async function open(command: TradeCommand): Promise<void> {
  const workspace = openWorkspace({ ...command.workspace, runsStrategies: true });
  const held: (() => Promise<void> | void)[] = [() => workspace.close()];
  try {
    const strategies = await strategiesToRun(workspace, command.strategy);
    const lock = lockDatabase(workspace, command.mode);
    held.push(() => lock.release());
    const { config, options, machine } = workspace;
    const market = tradingMarket({ config, strategies, request: command.request });
    const { environment } = options;
    const silence = newSilence();
    const settings = { config, environment, streaming: true, machine, silence };
    const faults = new FaultRelay();
    const source = faults.watching(await openBarSource(market.exchange, settings), 'market');
    held.push(async () => source.close());
    const { confirmed, signal } = command;
    const request = { workspace, market, faults, confirmed, signal, silence };
    const account = await ACCOUNTS[command.mode](request);
    held.push(async () => account.close());
    await tradeWith(command, { workspace, strategies, source, account, lock, faults });
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
  readonly faults: FaultRelay;
}

async function tradeWith(command: TradeCommand, opened: Opened): Promise<void> {
  const { workspace, strategies, source, account, lock, faults } = opened;
  const { config, logger, databasePath, machine } = workspace;
  const { signal, request } = command;
  const feedParts = venueParts(workspace, source);
  await feedParts.retrier.call(() => feedParts.clock.measure(signal), signal);
  const market = tradingMarket({ config, strategies, request });
  const { owner, capital } = account;
  const lasting = workspace.lastingRuns();
  lasting.claim(owner);
  const carried = command.isNew
    ? []
    : carriedSymbols(owner.mode, { lasting, journals: workspace.journals() });
  const store = workspace.bars();
  const sources = { ...feedParts, store };
  await recordInstruments([...market.symbols, ...market.informative], sources, signal);
  await recordKnownInstruments(carried, { ...sources, logger }, signal);
  const planned = planTrading({ config, strategies, request, store, carried });
  const { run, plan } = openRun(
    planned,
    { owner, isNew: command.isNew, capital, startedAt: machine.clock.now() },
    { lasting, runs: workspace.runs() },
  );
  const session: TradingSession = new TradingSession({
    plan,
    run,
    clock: machine.clock,
    timer: machine.timer,
    logger,
    inbox: new ControlDirectory(databasePath),
    head: headOf(run, owner),
    redact: workspace.options.environment.redact,
    exitPolicy: config.live.onExit,
    maxErrors: config.live.maxErrors,
    makeVenue: (links, restored) => {
      faults.listen(links.onFault);
      const engine = () => session.engine;
      return account.makeVenue({ plan, run, links, restored, engine, feedParts });
    },
    makeFeed: (links, _engine, from) =>
      liveFeed({
        workspace,
        venue: feedParts,
        symbols: plan.keys.map(({ symbol }) => symbol),
        timeframe: plan.timeframe,
        warmUpBars: tradingWarmUp(plan),
        from,
        requestValidityMs: account.requestValidityMs,
        onGate: links.onGate,
        timer: machine.timer,
      }),
    ...shownOutside({ databasePath, lock, logger }),
    onReady: () => command.onStart(startReport({ plan, run, account, session })),
  });
  narrate(session, command.onHappening);
  await session.run(signal);
}

function lockDatabase({ databasePath, machine }: Workspace, mode: TradingMode): HeldLock {
  return takeLock({
    path: engineLock(databasePath),
    purpose: `${mode} trading in ${databasePath}`,
    now: machine.clock.now(),
  });
}

function headOf({ runId, session }: LastingRun, { mode, account }: DatabaseOwner): StatusHead {
  return {
    mode,
    run_id: runId,
    session: session.number,
    pid: process.pid,
    host: hostname(),
    account,
    started_at: formatTime(session.startedAt),
  };
}
