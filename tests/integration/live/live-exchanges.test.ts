import { afterEach, describe, expect, it } from 'vitest';
import { SYSTEM_CLOCK } from '../../../src/adapters/system/system-clock.ts';
import { SYSTEM_TIMER } from '../../../src/adapters/system/system-timer.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { liveFeed } from '../../../src/app/live-feed.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { Slice } from '../../../src/core/bar.ts';
import type { GateChange } from '../../../src/core/operator.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { Retrier } from '../../../src/data/collect/retrier.ts';
import { VenueClock } from '../../../src/data/collect/venue-clock.ts';
import { RETRY_WAITS } from '../../../src/data/retry-policy.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import { startKraken } from '../../support/exchanges/kraken-server.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { KeptLog } from '../../support/kept-log.ts';
import { openSource } from '../ccxt/open-source.ts';
import { connect } from '../sqlite/fixtures.ts';

/** The venue's time at the start: a bar closes two seconds later. */
const CLOSES = Date.UTC(2024, 5, 1, 12, 30);
const SYMBOLS = ['BTC/USD', 'ETH/USD'];

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function partsOf(source: BarSource, logger: KeptLog) {
  const timer = SYSTEM_TIMER;
  const policy = { ...RETRY_WAITS, baseMs: 10, retries: 3 };
  return {
    source,
    store: new SqliteBarStore(connect()),
    clock: new VenueClock({ source, clock: SYSTEM_CLOCK, logger }),
    retrier: new Retrier({ policy, timer, clock: SYSTEM_CLOCK, random: () => 0.5, logger }),
    graceMs: 200,
    historyMs: DAY_MS,
  };
}

/** Runs a feed against a server until a slice was traded. */
async function firstTrade(exchange: string, server: LoopbackServer, symbols = SYMBOLS) {
  const source = await openSource(exchange, server, { streaming: server.stream !== null });
  open.unshift(() => source.close());
  const logger = new KeptLog();
  const stop = new AbortController();
  const [warmedUp, traded, gates]: [Slice[], Slice[], GateChange[]] = [[], [], []];
  const { config } = loadConfig({
    directory: 'config',
    overlays: [],
    environment: {},
    settings: ['data.straggler_seconds=5'],
  });
  const feed = liveFeed({
    workspace: { config, logger },
    venue: partsOf(source, logger),
    symbols,
    timeframe: '1m',
    warmUpBars: 700,
    from: null,
    requestValidityMs: 60_000,
    onGate: (change) => gates.push(change),
  });
  const sink = {
    warmUp: (slice: Slice) => void warmedUp.push(slice),
    catchUp: () => stop.abort(new Error('nothing is late')),
    trade: (slice: Slice) => {
      traded.push(slice);
      stop.abort();
    },
  };
  await feed.run(sink, stop.signal);
  return { warmedUp, traded, gates, logger };
}

describe.each([
  ['coinbase', startCoinbase],
  ['kraken', startKraken],
  ['binance', startBinance],
] as const)('a feed of %s through ccxt', (exchange, start) => {
  async function serve(): Promise<LoopbackServer> {
    const server = await start();
    open.push(() => server.stop());
    server.market.clockOffsetMs = CLOSES - 2000 - Date.now();
    return server;
  }

  it('warms up, then trades the bar that closes next, by the exchange’s clock', async () => {
    const server = await serve();
    const { warmedUp, traded, gates } = await firstTrade(exchange, server);
    expect(server.market.now()).toBeGreaterThanOrEqual(CLOSES + 200);
    expect(warmedUp).toHaveLength(700);
    expect(warmedUp.at(-1)?.closeTime).toBe(CLOSES - MINUTE_MS);
    expect(traded).toHaveLength(1);
    const span = { from: CLOSES - MINUTE_MS, to: CLOSES };
    const closes = SYMBOLS.map((symbol) => server.market.candles(symbol, '1m', span)[0]?.close);
    expect(traded[0]?.bars.map(({ close }) => close)).toEqual(closes);
    const closed = gates.filter(({ reason }) => reason !== null);
    expect(
      closed.map(({ gate }) => gate),
      'the machine is years ahead of it',
    ).toEqual(['clock']);
  });

  it('asks again where the exchange fails', async () => {
    const server = await serve();
    server.inject({ kind: 'status', status: 503 });
    server.inject({ kind: 'truncated' });
    const { traded } = await firstTrade(exchange, server);
    expect(traded[0]).toMatchObject({ closeTime: CLOSES });
  });
});

describe('a symbol an exchange does not have', () => {
  it('is left out, with its gate closed', async () => {
    const server = await startBinance();
    open.push(() => server.stop());
    server.market.clockOffsetMs = CLOSES - 2000 - Date.now();
    const { traded, gates } = await firstTrade('binance', server, ['BTC/USD', 'GONE/USD']);
    expect(traded[0]?.bars.map(({ symbol }) => symbol)).toEqual(['BTC/USD']);
    expect(gates).toContainEqual(expect.objectContaining({ symbol: 'GONE/USD' }));
  });
});

describe('a timeframe an exchange does not serve', () => {
  it('is refused with those it does', async () => {
    const server = await startCoinbase();
    open.push(() => server.stop());
    const source = await openSource('coinbase', server);
    open.unshift(() => source.close());
    const logger = new KeptLog();
    const { config } = loadConfig({
      directory: 'config',
      overlays: [],
      environment: {},
      settings: [],
    });
    const build = () =>
      liveFeed({
        workspace: { config, logger },
        venue: partsOf(source, logger),
        symbols: SYMBOLS,
        timeframe: '12h',
        warmUpBars: 1,
        from: null,
        requestValidityMs: 60_000,
        onGate: () => undefined,
      });
    expect(build).toThrow(/one that coinbase serves \(1m, .*was "12h"/);
  });
});
