import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, ExchangeError } from '../../../src/core/errors.ts';
import type { BarSource, BarUpdate, SourceSeries } from '../../../src/ports/bar-source.ts';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import type { CandleStream } from '../../support/exchanges/candle-stream.ts';
import { startKraken } from '../../support/exchanges/kraken-server.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { openSource } from './open-source.ts';
import { BTC_1H, FORMING, MARKETS, NOW, VENUES, barsOf } from './venue-stages.ts';

const NEVER = new AbortController().signal;
const BTC_1M = { symbol: 'BTC/USD', timeframe: '1m' } as const;
const SHIB_1H = { symbol: 'SHIB/USD', timeframe: '1h' } as const;

describe.each([
  ['kraken', startKraken],
  ['binance', startBinance],
] as const)('the stream of %s', (venue, start) => {
  let server: LoopbackServer;
  let stream: CandleStream;
  let source: BarSource;
  let stop: AbortController;
  let updates: BarUpdate[];

  beforeEach(async () => {
    server = await start({ now: NOW, markets: MARKETS });
    if (server.stream === null) throw new Error('a stream was expected');
    ({ stream } = server);
    source = await openSource(venue, server, { streaming: true });
    stop = new AbortController();
    updates = [];
  });
  afterEach(async () => {
    stop.abort();
    await source.close();
    await server.stop();
  });

  function watch(series: readonly SourceSeries[]): Promise<void> {
    if (source.watch === null) throw new Error('a stream was expected');
    return source.watch(series, (update) => updates.push(update), stop.signal);
  }

  /** The candle that forms at `NOW`, at some later state of it. */
  function formed(close: number) {
    const [candle] = server.market.candles('BTC/USD', '1h', { from: FORMING, to: NOW });
    if (candle === undefined) throw new Error('a candle was expected');
    return { ...candle, close };
  }

  it('tells every state of a candle until it has closed, then the next one', async () => {
    const watching = watch([BTC_1H]);
    await stream.whenSubscribed(1);
    for (const close of [57_001, 57_002, 57_003]) {
      stream.send(BTC_1H, formed(close), close === 57_003);
      await expect.poll(() => updates.at(-1)?.bar.close).toBe(close);
    }
    const [bar] = barsOf([formed(57_003)]);
    expect(updates.at(-1)).toEqual({ ...BTC_1H, bar });
    server.market.setNow(FORMING + 3_600_000);
    stream.sendForming();
    await expect.poll(() => updates.at(-1)?.bar.openTime).toBe(FORMING + 3_600_000);
    stop.abort();
    await watching;
  });

  it('keeps symbols and timeframes apart', async () => {
    const series = [BTC_1H, BTC_1M, SHIB_1H];
    const watching = watch(series);
    await stream.whenSubscribed(3);
    expect(stream.subscriptions).toEqual(expect.arrayContaining(series));
    stream.sendForming();
    const last = (wanted: SourceSeries) =>
      updates.findLast(
        (each) => each.symbol === wanted.symbol && each.timeframe === wanted.timeframe,
      );
    for (const each of series) {
      await expect.poll(() => last(each)?.bar.openTime).toBe(each === BTC_1M ? NOW : FORMING);
    }
    expect(last(SHIB_1H)?.bar.close).toBeLessThan(1);
    expect(last(BTC_1H)?.bar.close).toBeGreaterThan(1);
    stop.abort();
    await watching;
  });

  it('ends at once when the signal aborts, and its sockets with it', async () => {
    const watching = watch([BTC_1H, BTC_1M]);
    await stream.whenSubscribed(2);
    stop.abort();
    await watching;
    await expect.poll(() => stream.connections).toBe(0);
  });

  it('ends at once when the signal aborts before it has begun, and sends nothing', async () => {
    stop.abort();
    await watch([BTC_1H]);
    expect(server.requests).toHaveLength(0);
  });

  it('ends at once though the venue has fallen silent', async () => {
    const watching = watch([BTC_1H]);
    await stream.whenSubscribed(1);
    const heard = updates.length;
    stop.abort();
    await watching;
    stream.sendForming();
    expect(updates.length).toBe(heard);
  });

  it('ends when the source is closed', async () => {
    const watching = watch([BTC_1H]);
    await stream.whenSubscribed(1);
    await source.close();
    await watching;
    await expect.poll(() => stream.connections).toBe(0);
  });

  it('rejects when the connection breaks, and can be followed anew', async () => {
    const watching = watch([BTC_1H, BTC_1M]);
    await stream.whenSubscribed(2);
    stream.drop();
    const error: unknown = await watching.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ExchangeError);
    expect(error).toMatchObject({ kind: 'network', isRetryable: true });
    const again = watch([BTC_1H]);
    await stream.whenSubscribed(1);
    stream.send(BTC_1H, formed(57_777));
    await expect.poll(() => updates.at(-1)?.bar.close).toBe(57_777);
    stop.abort();
    await again;
  });

  it('rejects when the venue is off', async () => {
    await source.instrument('BTC/USD', NEVER);
    await server.stop();
    await expect(watch([BTC_1H])).rejects.toMatchObject({ kind: 'network' });
  });

  it('asks the venue for nothing but its markets besides', async () => {
    const watching = watch([BTC_1H, BTC_1M]);
    await stream.whenSubscribed(2);
    expect(server.requestsFor('markets')).toHaveLength(1);
    expect(server.requestsFor('candles')).toHaveLength(0);
    stop.abort();
    await watching;
  });

  it('refuses what it cannot follow', async () => {
    await expect(watch([{ symbol: 'BTC/UDS', timeframe: '1h' }])).rejects.toBeInstanceOf(
      ConfigError,
    );
    expect(stream.connections).toBe(0);
  });

  it('reads fields without sense as NaN', async () => {
    const watching = watch([BTC_1H]);
    await stream.whenSubscribed(1);
    stream.send(BTC_1H, { ...formed(57_000), close: 'abc', volume: null });
    await expect.poll(() => updates.at(-1)?.bar.close).toBe(NaN);
    expect(updates.at(-1)?.bar.volume).toBe(NaN);
    stop.abort();
    await watching;
  });
});

describe('streams', () => {
  it.each(VENUES)('are offered by %s where it has them and they were asked for', async (venue) => {
    const nowhere = 'http://127.0.0.1:1';
    expect((await openSource(venue, nowhere)).watch).toBeNull();
    const streaming = await openSource(venue, nowhere, { streaming: true });
    expect(streaming.watch !== null).toBe(['kraken', 'binance'].includes(venue));
  });
});
