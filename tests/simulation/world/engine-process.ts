import {
  createCcxtQuoteSource,
  createCcxtVenue,
} from '../../../src/adapters/ccxt/account/create-ccxt-venue.ts';
import { createAlpacaBarSource } from '../../../src/adapters/alpaca/alpaca-bar-source.ts';
import { createAlpacaVenue } from '../../../src/adapters/alpaca/create-alpaca-venue.ts';
import { createCcxtBarSource } from '../../../src/adapters/ccxt/create-ccxt-bar-source.ts';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { takeLock } from '../../../src/adapters/sqlite/instance-lock.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { SqliteLastingRuns } from '../../../src/adapters/sqlite/sqlite-lasting-runs.ts';
import { SqliteJournalArchive } from '../../../src/adapters/sqlite/sqlite-journal-archive.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import type { ConfiguredStrategy } from '../../../src/app/configured-strategy.ts';
import { liveFeed } from '../../../src/app/live-feed.ts';
import { recordInstruments } from '../../../src/app/record-instruments.ts';
import { exchangeVenue } from '../../../src/app/trading/exchange-venue.ts';
import { openRun } from '../../../src/app/trading/open-run.ts';
import { carriedSymbols } from '../../../src/app/trading/carried-symbols.ts';
import { engineLock } from '../../../src/app/trading/read-status.ts';
import { planTrading } from '../../../src/app/trading/plan-trading.ts';
import { TradingSession } from '../../../src/app/trading/trading-session.ts';
import { warmupBarsOf } from '../../../src/app/warmup-bars.ts';
import type { Config } from '../../../src/config/config-schema.ts';
import type { Decimal } from '../../../src/core/decimal.ts';
import { formatTime } from '../../../src/core/time.ts';
import { Retrier } from '../../../src/data/collect/retrier.ts';
import type { VenueParts } from '../../../src/data/collect/series-collector.ts';
import { VenueClock } from '../../../src/data/collect/venue-clock.ts';
import { RETRY_WAITS } from '../../../src/data/retry-policy.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import type { ExchangeAccount } from '../../../src/ports/exchange-account.ts';
import type { LastingRun } from '../../../src/ports/lasting-run.ts';
import type { Logger } from '../../../src/ports/logger.ts';
import type { OperatorInbox } from '../../../src/ports/operator-inbox.ts';
import type { QuoteSource } from '../../../src/ports/quote-source.ts';
import type { Credentials } from '../../support/exchange-sim/make-exchange.ts';
import type { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';
import type { Lifeline } from './lifeline.ts';
import type { WorldWaits } from './world-waits.ts';
import type { WorldVenue } from './world-exchange.ts';

export interface ProcessParts {
  readonly venue: WorldVenue;
  readonly symbols: readonly string[];
  readonly credentials: Credentials;
  readonly config: Config;
  readonly strategies: readonly ConfiguredStrategy[];
  readonly databasePath: string;
  readonly time: VirtualTime;
  readonly lifeline: Lifeline;
  readonly inbox: OperatorInbox;
  readonly logger: Logger;
  readonly random: () => number;
  readonly nonce: string;
  readonly waits: WorldWaits;
  readonly capital: Decimal;
  /** In the place of the venue's own stream, which needs a network; null for none. */
  readonly watch: ExchangeAccount['watch'];
  /** Puts an observer between the session and its record. */
  readonly observed: (run: LastingRun) => LastingRun;
  /** The session stands, and nothing of it has begun. */
  readonly onSession: (session: TradingSession) => void;
  /** The account is settled: decisions begin. */
  readonly onReady: () => void;
}

interface Clients {
  readonly account: ExchangeAccount;
  readonly quotes: QuoteSource;
  readonly source: BarSource;
}

const TIMEFRAME = '1h';
const ACCOUNT = 'account of the simulation';

/** One process of the program: what the command does after it has read its arguments, until it ends. */
export async function runProcess(parts: ProcessParts, signal: AbortSignal): Promise<void> {
  const { lifeline, config, databasePath, venue, symbols } = parts;
  const lock = takeLock({
    path: engineLock(databasePath),
    purpose: 'a simulation',
    now: parts.time.now(),
  });
  // The system gives a lock back when its process is gone, however it went.
  const connections: Database[] = [];
  const closeAll = (): void => {
    for (const connection of connections) if (connection.open) connection.close();
    lock.release();
  };
  releases.set(lifeline, closeAll);
  try {
    const clients = await parts.time.standingStill(openClients(parts));
    if (!lifeline.isAlive) return;
    const [first, second] = [openDatabase(databasePath), openDatabase(databasePath)];
    connections.push(first, second);
    const store = new SqliteBarStore(first);
    const feedParts = feedPartsOf(parts, clients.source, store);
    await feedParts.retrier.call(() => feedParts.clock.measure(signal), signal);
    await recordInstruments(symbols, { ...feedParts, store }, signal);
    const request = { symbols, timeframe: TIMEFRAME, exchange: venue } as const;
    const lasting = new SqliteLastingRuns(second, { makeNonce: () => parts.nonce });
    const owner = { mode: 'live', exchange: venue, account: ACCOUNT };
    lasting.claim(owner);
    const journals = new SqliteJournalArchive(first);
    const carried = carriedSymbols(owner.mode, { lasting, journals });
    const { strategies } = parts;
    const planned = planTrading({ config, strategies, request, store, carried });
    const { run, plan } = openRun(
      planned,
      { owner, isNew: false, capital: () => parts.capital, startedAt: parts.time.now() },
      { lasting, runs: new SqliteRunStore(first) },
    );
    const observed = parts.observed(run);
    const session: TradingSession = newSession(parts, { plan, run: observed, clients, feedParts });
    parts.onSession(session);
    await session.run(signal);
  } finally {
    lifeline.whileAlive(closeAll);
  }
}

/** Connections of a process, which its end closes whatever it was doing. */
const releases = new WeakMap<Lifeline, () => void>();

export function releaseFiles(lifeline: Lifeline): void {
  releases.get(lifeline)?.();
}

interface SessionContext {
  readonly plan: ReturnType<typeof planTrading>;
  readonly run: LastingRun;
  readonly clients: Clients;
  readonly feedParts: VenueParts;
}

function newSession(parts: ProcessParts, context: SessionContext): TradingSession {
  const { lifeline, config, time, logger } = parts;
  const { plan, run, clients, feedParts } = context;
  const session: TradingSession = new TradingSession({
    plan,
    run,
    clock: time,
    timer: lifeline.timer(parts.waits.session),
    logger,
    inbox: parts.inbox,
    head: {
      mode: 'live',
      run_id: run.runId,
      session: run.session.number,
      pid: 1,
      host: 'simulation',
      account: ACCOUNT,
      started_at: formatTime(run.session.startedAt),
    },
    exitPolicy: config.live.onExit,
    maxErrors: config.live.maxErrors,
    makeVenue: (links, restored) =>
      exchangeVenue({
        plan,
        run,
        links,
        restored,
        engine: () => session.engine,
        feedParts,
        account: clients.account,
        quotes: clients.quotes,
        config,
        logger,
        timer: lifeline.timer(parts.waits.venue),
      }),
    makeFeed: (links, _engine, from) =>
      liveFeed({
        workspace: { config, logger },
        venue: feedParts,
        symbols: plan.keys.map(({ symbol }) => symbol),
        timeframe: plan.timeframe,
        warmUpBars: warmupBarsOf(plan.strategies),
        from,
        requestValidityMs: clients.account.capabilities.requestValidityMs,
        onGate: links.onGate,
        timer: lifeline.timer(parts.waits.feed),
      }),
    show: () => undefined,
    beat: () => undefined,
    memory: () => 0,
    onReady: parts.onReady,
  });
  return session;
}

async function openClients(parts: ProcessParts): Promise<Clients> {
  return parts.venue === 'alpaca' ? alpacaClients(parts) : ccxtClients(parts);
}

async function ccxtClients({
  venue,
  config,
  credentials,
  lifeline,
  time,
}: ProcessParts): Promise<Clients> {
  const options = {
    exchange: venue,
    timeoutMs: config.data.timeoutSeconds * 1000,
    endpoint: null,
    clock: time,
    nearest: () => null,
    network: lifeline.network,
  };
  const secret = (name: string): string =>
    name.endsWith('_KEY') ? credentials.apiKey : credentials.secret;
  const account = await createCcxtVenue({ ...options, secret });
  const quotes = await createCcxtQuoteSource(options);
  const source = await createCcxtBarSource({ ...options, streaming: false });
  return { account, quotes, source };
}

function alpacaClients({ config, credentials, lifeline, time, watch }: ProcessParts): Clients {
  const shared = {
    keyId: credentials.apiKey,
    secret: credentials.secret,
    feed: config.data.alpacaFeed,
    endpoint: null,
    timeoutMs: config.data.timeoutSeconds * 1000,
    network: lifeline.network,
  };
  const venue = { ...shared, assetClasses: ['crypto'], clock: time } as const;
  const open = () => createAlpacaVenue({ ...venue, timer: lifeline.timer() });
  const { adjustment } = config.data;
  return {
    account: Object.assign(open(), { watch }),
    quotes: open(),
    source: createAlpacaBarSource({ ...shared, adjustment }),
  };
}

function feedPartsOf(
  { config, logger, time, lifeline, random }: ProcessParts,
  source: BarSource,
  store: SqliteBarStore,
): VenueParts {
  return {
    source,
    store,
    clock: new VenueClock({ source, clock: time, logger }),
    retrier: new Retrier({
      policy: { ...RETRY_WAITS, retries: config.data.retries },
      timer: lifeline.timer(),
      clock: time,
      random,
      logger,
    }),
    graceMs: config.data.graceSeconds * 1000,
    historyMs: 6 * 3_600_000,
  };
}
