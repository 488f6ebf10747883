import type { Exchange } from 'ccxt';
import { describe, expect, it } from 'vitest';
import { createCcxtBarSource } from '../../../src/adapters/ccxt/create-ccxt-bar-source.ts';
import type { Network } from '../../../src/adapters/http/network.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import { ccxtInProcess } from '../../support/exchange-sim/ccxt-client.ts';
import type { Fate } from '../../support/exchange-sim/fates.ts';
import { inProcessFetch } from '../../support/exchange-sim/in-process-fetch.ts';
import { makeExchange } from '../../support/exchange-sim/make-exchange.ts';
import { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';

/** 2026-03-02T10:00Z, a whole hour. */
const START = 1_772_445_600_000;
const PAIR = 'BTC/USDT';
const MINUTE = 60_000;

interface World {
  readonly time: VirtualTime;
  readonly core: ReturnType<typeof makeExchange>['core'];
  readonly client: Exchange;
  readonly network: Network;
}

async function world(): Promise<World> {
  const time = new VirtualTime(START);
  const made = makeExchange('binance', { clock: time });
  const fetch = inProcessFetch({ ...made, time });
  const network: Network = {
    fetch,
    now: () => time.now(),
    after: (ms, run) => time.after(ms, run),
  };
  const client = await ccxtInProcess('binance', { ...made, time });
  return { time, core: made.core, client, network };
}

describe('an exchange within the process, in virtual time', () => {
  it('answers ccxt after the time that the way there and back takes', async () => {
    const { time, client } = await world();
    const before = time.now();
    const order = await time.settle(client.createOrder(PAIR, 'limit', 'buy', 0.1, 50_000));
    expect(order.status).toBe('open');
    expect(time.now() - before).toBe(40);
  });

  it('signs requests by virtual time, so that a clock that is off is found out', async () => {
    const { time, core, client } = await world();
    core.clockOffsetMs = 60_000;
    const reading = time.settle(client.fetchBalance());
    await expect(reading).rejects.toMatchObject({ name: 'InvalidNonce' });
  });

  it('takes an order that arrives after its sender gave up', async () => {
    const { time, core, network } = await world();
    core.next('time', { kind: 'late', ms: 5_000 });
    const giveUp = new AbortController();
    const url = 'https://api.binance.com/api/v3/time';
    const asking = network.fetch(url, { signal: giveUp.signal });
    time.after(1_000, () => giveUp.abort());
    await expect(time.settle(asking)).rejects.toMatchObject({ name: 'AbortError' });
    expect(core.requests.at(-1)).toMatchObject({ isAccepted: false });
    await time.runUntil(START + 6_000);
    expect(core.requests.at(-1)).toMatchObject({ isAccepted: true });
  });

  it.each<[Fate, string, string]>([
    [{ kind: 'drop', accepted: true }, 'network', 'ECONNRESET'],
    [{ kind: 'hang', accepted: true }, 'timeout', 'within 8 s'],
    [{ kind: 'slow-loris', accepted: true, everyMs: 1_000 }, 'timeout', 'within 8 s'],
    [{ kind: 'delay', ms: 9_000 }, 'timeout', 'within 8 s'],
    [{ kind: 'storm', as: 'unavailable' }, 'unavailable', 'HTTP 503'],
    [{ kind: 'server-error', status: 502, accepted: false }, 'unavailable', 'HTTP 502'],
    [{ kind: 'rate-limit', retryAfterS: 7, accepted: false }, 'rate-limit', 'HTTP 429'],
    [{ kind: 'ban', seconds: 90 }, 'rate-limit', 'HTTP 418'],
    [{ kind: 'malformed', accepted: true }, 'bad-response', 'cut off'],
    [{ kind: 'html', accepted: true }, 'bad-response', 'a web page'],
    [{ kind: 'empty', accepted: true }, 'bad-response', 'empty'],
    [{ kind: 'huge', bytes: 70_000_000, accepted: true }, 'bad-response', 'longer'],
    [{ kind: 'redirect', to: 'http://other/', accepted: true }, 'bad-response', 'a redirect'],
  ])('%j reaches the adapter as it would over a network', async (fate, kind, text) => {
    const { time, core, network } = await world();
    const source = await barSource(network);
    core.next('time', fate);
    const asking = time.settle(source.serverTime(new AbortController().signal));
    await expect(asking).rejects.toThrow(text);
    await expect(asking).rejects.toMatchObject({ kind });
    expect(time.now() - START).toBeLessThan(10_000);
    expect([...core.reached.values()]).toEqual([1]);
  });

  it('makes candles of what was traded, for a source of bars to read', async () => {
    const { time, core, network } = await world();
    const source = await barSource(network);
    for (const [minute, price] of [60_000, 60_100, 59_900, 60_050].entries()) {
      await time.runUntil(START + minute * MINUTE + 10_000);
      core.moveTo(PAIR, String(price));
      core.moveTo(PAIR, String(price + 5));
    }
    const span = { from: START, to: START + 3 * MINUTE };
    const series = { symbol: PAIR, timeframe: '1m' } as const;
    const page = await time.settle(source.page(series, span, new AbortController().signal));
    expect(page.bars).toEqual([
      { openTime: START, open: 60_000, high: 60_005, low: 60_000, close: 60_005, volume: 2 },
      {
        openTime: START + MINUTE,
        open: 60_100,
        high: 60_105,
        low: 60_100,
        close: 60_105,
        volume: 2,
      },
      {
        openTime: START + 2 * MINUTE,
        open: 59_900,
        high: 59_905,
        low: 59_900,
        close: 59_905,
        volume: 2,
      },
    ]);
  });

  it('gives the same wire log for the same doings', async () => {
    const logs = [];
    for (let run = 0; run < 2; run += 1) {
      const { time, core, client } = await world();
      const doings = [1, 2, 3].map((n) =>
        client.createOrder(PAIR, 'limit', 'buy', n / 100, 50_000, { newClientOrderId: `qs${n}` }),
      );
      await time.settle(
        Promise.all([...doings, client.fetchBalance(), client.fetchMyTrades(PAIR)]),
      );
      logs.push(core.requests.map(({ at, path, body, query }) => `${at} ${path} ${query}${body}`));
    }
    expect(logs[0]).toHaveLength(6);
    expect(logs[0]).toEqual(logs[1]);
  });

  it('takes less than five milliseconds of real time for a call', async () => {
    const { time, client } = await world();
    for (let n = 0; n < 50; n += 1) await time.settle(client.fetchBalance());
    const before = performance.now();
    for (let n = 0; n < 400; n += 1) await time.settle(client.fetchOpenOrders(PAIR));
    const perCall = (performance.now() - before) / 400;
    expect(perCall).toBeLessThan(5);
  });
});

function barSource(network: Network): Promise<BarSource> {
  return createCcxtBarSource({
    exchange: 'binance',
    timeoutMs: 8_000,
    endpoint: null,
    streaming: false,
    nearest: () => null,
    network,
  });
}
