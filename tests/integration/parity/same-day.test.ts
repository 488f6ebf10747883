import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { backtest } from '../../../src/app/backtest.ts';
import { liveFeed } from '../../../src/app/live-feed.ts';
import { parityOfRun } from '../../../src/app/parity/parity-of-run.ts';
import { replayRecordedRun } from '../../../src/app/replay/replay-recorded-run.ts';
import type { TradingPlan } from '../../../src/app/trading/plan-trading.ts';
import type { SessionLinks } from '../../../src/app/trading/trading-session.ts';
import type { Engine } from '../../../src/app/wire-engine.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { present } from '../../../src/core/assert.ts';
import { DAY_MS, timeframeMs, type EpochMs } from '../../../src/core/time.ts';
import { Retrier } from '../../../src/data/collect/retrier.ts';
import { VenueClock } from '../../../src/data/collect/venue-clock.ts';
import { RETRY_WAITS } from '../../../src/data/retry-policy.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import type { Feed } from '../../../src/ports/feed.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { KeptLog } from '../../support/kept-log.ts';
import { ManualClock, ManualTimer } from '../../support/manual-time.ts';
import { PerfectVenue } from '../../support/trading/perfect-venue.ts';
import { TradingStage, type Stagehand } from '../../support/trading/trading-stage.ts';
import { openSource } from '../ccxt/open-source.ts';
import { temporaryFolder } from '../sqlite/fixtures.ts';

const SYMBOL = 'BTC/USD';
const TIMEFRAME = '15m';
const STEP = timeframeMs(TIMEFRAME);
/** The day that is traded. */
const DAY = Date.UTC(2024, 5, 1);
const SETTINGS = [
  'risk_limits.position.stop_loss.crypto=null',
  'execution.close_at_end=false',
  'params.jump=30',
];

const open: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** What goes over the wire takes time of this machine, while the day's own time stands still. */
class BusySource {
  pending = 0;

  watched(source: BarSource, before: () => void): BarSource {
    const busy = async <T>(call: () => Promise<T>): Promise<T> => {
      before();
      this.pending++;
      try {
        return await call();
      } finally {
        this.pending--;
      }
    };
    return {
      exchange: source.exchange,
      timeframes: source.timeframes,
      pageBars: source.pageBars,
      serverTime: (signal) => busy(() => source.serverTime(signal)),
      instrument: (symbol, signal) => busy(() => source.instrument(symbol, signal)),
      page: (series, span, signal) => busy(() => source.page(series, span, signal)),
      watch: null,
      close: () => source.close(),
    };
  }
}

interface LivedDay {
  readonly links: SessionLinks;
  readonly hand: Stagehand;
  readonly store: SqliteBarStore;
  readonly server: LoopbackServer;
  readonly source: BarSource;
  /** Called when a slice is decided on, but for the last. */
  readonly onTraded: (time: EpochMs) => void;
}

/** The feed of a live session, from its start a few seconds after midnight until the day is over. */
function dayFeed({ links, hand, store, server, source, onTraded }: LivedDay): Feed {
  const clock = new ManualClock(DAY + 6_000);
  const timer = new ManualTimer(clock);
  const busy = new BusySource();
  const watched = busy.watched(source, () => server.market.setNow(clock.time));
  timer.meanwhile = async () => {
    do await setImmediate();
    while (busy.pending > 0);
  };
  const logger = new KeptLog();
  const { config } = loadConfig({
    directory: 'config',
    overlays: [],
    environment: {},
    settings: [],
  });
  const policy = { ...RETRY_WAITS, retries: 2 };
  const polling = liveFeed({
    workspace: { config, logger },
    venue: {
      source: watched,
      store,
      clock: new VenueClock({ source: watched, clock, logger }),
      retrier: new Retrier({ policy, timer, clock, random: () => 0.5, logger }),
      graceMs: 5_000,
      historyMs: DAY_MS,
    },
    symbols: [SYMBOL],
    timeframe: TIMEFRAME,
    warmUpBars: 20,
    from: null,
    requestValidityMs: 60_000,
    onGate: links.onGate,
    timer,
  });
  return {
    run: async (sink) => {
      const stop = new AbortController();
      await polling.run(
        {
          warmUp: (slice) => sink.warmUp(slice),
          catchUp: (slice) => sink.catchUp(slice),
          trade: (slice) => {
            hand.at(clock.time);
            sink.trade(slice);
            if (slice.closeTime < DAY + DAY_MS) onTraded(clock.time);
            else stop.abort();
          },
        },
        stop.signal,
      );
    },
  };
}

async function startedServer(): Promise<{ server: LoopbackServer; source: BarSource }> {
  const server = await startCoinbase({ now: DAY });
  open.push(() => server.stop());
  const source = await openSource('coinbase', server);
  open.unshift(() => source.close());
  return { server, source };
}

/** Lives a day at an exchange on this machine, and leaves its record in a database. */
async function live(stage: TradingStage): Promise<LoopbackServer> {
  const { server, source } = await startedServer();
  const database: Database = openDatabase(stage.file);
  const store = new SqliteBarStore(database);
  const instrument = await source.instrument(SYMBOL, new AbortController().signal);
  store.recordInstrument('coinbase', { validFrom: 0, instrument }, 'coinbase');
  const plan = await stage.plan();
  let venue: PerfectVenue | null = null;
  await stage.session([], {
    venue: (links, engine) => {
      venue = perfectVenue(plan, links, engine);
      return venue;
    },
    feed: (links, hand) =>
      dayFeed({
        links,
        hand,
        store,
        server,
        source,
        onTraded: (time) => {
          server.market.setNow(time);
          present(venue, 'a venue').answer((symbol) => openAt(server, symbol, time), time);
        },
      }),
  });
  database.close();
  return server;
}

function perfectVenue(plan: TradingPlan, links: SessionLinks, engine: () => Engine): PerfectVenue {
  return new PerfectVenue({ plan, links, engine });
}

/** Where the candle opened that forms at a time. */
function openAt(server: LoopbackServer, symbol: string, time: EpochMs): number {
  const from = time - (time % STEP);
  const [forming] = server.market.candles(symbol, TIMEFRAME, { from, to: time });
  return Number(present(forming, 'a candle').open);
}

interface OrderRow {
  readonly side: string;
  readonly role: string;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
}

function ordersOf(file: string, mode: string): readonly OrderRow[] {
  const database = openDatabase(file, { readonly: true });
  const rows = database
    .prepare<[string], OrderRow>(
      `SELECT orders.side, role, trades.quantity, price, fee FROM orders
       JOIN trades USING (run_id, order_id) JOIN runs USING (run_id)
       WHERE mode = ? ORDER BY length(order_id), order_id`,
    )
    .all(mode);
  database.close();
  return rows;
}

describe('one day, once from the database and once from an exchange', () => {
  it('brings the same orders, a replay that is identical, and no difference', async () => {
    const stage = new TradingStage({
      folder: temporaryFolder(),
      mode: 'live',
      settings: SETTINGS,
      timeframe: TIMEFRAME,
    });
    await live(stage);
    const report = await parityOfRun(stage.options(), 'last');
    expect(report).toMatchObject({ differences: [], bars: [], decisions: 96, unjudgedFills: 0 });
    expect(report.fills).toBeGreaterThan(10);
    expect(report.sum?.difference.toString()).toBe('0');
    expect(await replayRecordedRun(stage.options(), 'last')).toMatchObject({ isIdentical: true });

    await backtest({
      workspace: stage.options(),
      strategy: stage.strategy,
      request: {
        symbols: [SYMBOL],
        timeframe: TIMEFRAME,
        range: { start: DAY, end: DAY + DAY_MS },
        exchange: 'coinbase',
      },
      exportDirectory: null,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onSample: () => undefined,
    });
    const tested = ordersOf(stage.file, 'backtest');
    expect(tested.length).toBeGreaterThan(10);
    expect(ordersOf(stage.file, 'live')).toEqual(tested);
  });
});
