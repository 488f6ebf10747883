import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, ExchangeError } from '../../../src/core/errors.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import { startBitstamp } from '../../support/exchanges/bitstamp-server.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import {
  doubled,
  EMPTY_BODY,
  garbled,
  HTML,
  OUT_OF_ORDER,
  overlapping,
  repeatedPage,
  type Fault,
} from '../../support/exchanges/faults.ts';
import { startKraken } from '../../support/exchanges/kraken-server.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { openSource } from '../ccxt/open-source.ts';
import { hour, ListedVenue } from './listed-venue.ts';

const NOW = hour(1000) + 60_000;
/** Coinbase's pages. */
const PAGE = 300;

let server: LoopbackServer;
let source: BarSource;

beforeEach(async () => {
  server = await startCoinbase({ now: NOW });
  source = await openSource('coinbase', server);
});

afterEach(async () => {
  await source.close();
  await server.stop();
});

/** Collects hours 0 to 1000 of BTC/USD through the real client. */
async function collect(venue = new ListedVenue()) {
  const collector = venue.collector(venue.parts(source));
  const range = { start: hour(0), end: null };
  const { signal } = new AbortController();
  await collector.collect({ range, signal, onPage: () => undefined });
  return { venue, tally: collector.tally };
}

/** What the server has, as rows of the store. */
function honestRows(from = 0, symbol = 'BTC/USD') {
  return server.market
    .candles(symbol, '1h', { from: hour(from), to: hour(1000) })
    .map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, volume, 0]);
}

describe('a passing fault of a real answer', () => {
  it.each<[string, Fault]>([
    ['500', { kind: 'status', status: 500, body: 'Internal Server Error' }],
    ['503 for maintenance', { kind: 'status', status: 503, body: '<html>maintenance</html>' }],
    ['429 without a time', { kind: 'status', status: 429 }],
    ['HTML with status 200', HTML],
    ['an empty body', EMPTY_BODY],
    ['truncated JSON', { kind: 'truncated' }],
    ['a dropped connection', { kind: 'drop' }],
    ['a connection dropped within the body', { kind: 'drop', within: 'body' }],
  ])('%s is asked again, and no bar is lost', async (_, fault) => {
    server.inject(fault, { after: 1 });
    const { venue, tally } = await collect();
    expect([tally.inserted, venue.timer.waits.length]).toEqual([1000, 1]);
    expect(venue.stored()).toMatchObject({ rows: honestRows(), issues: [], covered: [[0, 1000]] });
  });

  it.each<[string, Fault]>([
    ['no answer', { kind: 'hang' }],
    ['an answer that comes byte by byte', { kind: 'slow', everyMs: 20 }],
  ])('%s is not waited for, and no bar is lost', async (_, fault) => {
    await source.close();
    source = await openSource('coinbase', server, { timeoutMs: 1000 });
    server.inject(fault, { after: 1 });
    const { venue, tally } = await collect();
    expect([tally.inserted, venue.timer.waits.length]).toEqual([1000, 1]);
    expect(venue.stored().rows).toEqual(honestRows());
  });

  it('is not asked again before Retry-After says so', async () => {
    server.inject({ kind: 'status', status: 429, headers: { 'Retry-After': '7' } });
    const venue = new ListedVenue();
    // The client sends nothing either before seven real seconds have passed, which here they have not.
    await expect(collect(venue)).rejects.toThrow('asked to be left alone');
    expect(server.requestsFor('candles')).toHaveLength(1);
    expect(venue.timer.waits).toHaveLength(2);
    expect(Math.min(...venue.timer.waits)).toBeGreaterThan(5000);
  });
});

describe('a lasting fault of a real answer', () => {
  it('keeps what was saved before the exchange went away, and goes on from there', async () => {
    const venue = new ListedVenue({ retries: 1 });
    server.inject({ kind: 'status', status: 503 }, { after: 2, times: Infinity });
    await expect(collect(venue)).rejects.toThrow(/gave up after 2 tries/);
    expect(venue.stored().covered).toEqual([[0, 2 * PAGE]]);
    server.heal();
    await collect(venue);
    expect(venue.stored().rows).toEqual(honestRows());
  });

  it('does not wait for the end of a long ban', async () => {
    server.inject({ kind: 'status', status: 429, headers: { 'Retry-After': '3600' } });
    const venue = new ListedVenue();
    const error: unknown = await collect(venue).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExchangeError);
    expect(error).toMatchObject({ kind: 'rate-limit' });
    expect(String(error)).toMatch(/it wants to be left alone until 2024-02-11T17:\d\d:\d\dZ/);
    expect(venue.timer.waits).toEqual([]);
  });

  it('does not turn in circles when a page is repeated for ever', async () => {
    server.inject(repeatedPage(), { times: Infinity });
    const venue = new ListedVenue();
    await expect(collect(venue)).rejects.toMatchObject({ kind: 'bad-response' });
    expect(venue.stored()).toMatchObject({
      covered: [[0, PAGE]],
      rows: honestRows().slice(0, PAGE),
    });
  });
});

describe('candles in disorder', () => {
  it.each<[string, () => Fault]>([
    ['out of order', () => OUT_OF_ORDER],
    ['one of them twice', () => doubled(9)],
    [
      'with the page before in front',
      () => overlapping(server.market.candles('BTC/USD', '1h', { from: hour(200), to: hour(300) })),
    ],
  ])('%s are stored as if they had been in order', async (_, fault) => {
    server.inject(fault(), { after: 1 });
    const { venue } = await collect();
    expect(venue.stored()).toMatchObject({ rows: honestRows(), issues: [], covered: [[0, 1000]] });
  });

  it('are stored once, the fuller one, where two differ', async () => {
    server.inject(doubled(9, { volume: 0.000_01 }), { after: 1 });
    const { venue, tally } = await collect();
    expect(tally).toMatchObject({ inserted: 1000, quarantined: 1 });
    expect(venue.rules()).toEqual(['duplicate-time']);
    expect(venue.stored().rows).toEqual(honestRows());
  });

  it.each([
    ['null', null, 'price-range'],
    ['NaN', 'NaN', 'price-range'],
    ['no number', 'abc', 'price-range'],
    ['absent', undefined, 'price-range'],
    ['zero', 0, 'price-range'],
    ['infinite', '1e400', 'price-range'],
  ])('are set aside with their values where the close is %s', async (_, close, rule) => {
    server.inject(garbled(9, { close }), { after: 1 });
    const { venue, tally } = await collect();
    expect(tally).toMatchObject({ inserted: 999, quarantined: 1, gaps: 1 });
    expect(venue.rules()).toEqual(expect.arrayContaining([rule, 'gap']));
  });

  it('are revised, not overwritten, when the venue changes its mind after the close', async () => {
    const { venue } = await collect();
    const before = venue.stored().rows;
    server.market.revise('BTC/USD', '1h', hour(998), { volume: 77 });
    server.market.setNow(hour(1003) + 60_000);
    venue.clock.time = hour(1003) + 60_000;
    const { tally } = await collect(venue);
    expect(tally).toMatchObject({ inserted: 3, unchanged: 2, revised: 1 });
    expect(venue.stored().rows[998]).toEqual([...(before[998] ?? []).slice(0, 6), 4]);
    const [series] = venue.store.series();
    expect(venue.store.revisions(series?.id ?? 0)).toMatchObject([{ bar: { volume: 77 } }]);
  });
});

describe('other exchanges', () => {
  it.each([
    ['binance', startBinance, 'BTC/USDT', 0],
    ['bitstamp', startBitstamp, 'BTC/USD', 0],
    // It keeps its latest 720 candles, the one that forms among them.
    ['kraken', startKraken, 'BTC/USD', 281],
  ] as const)('%s gives what it has', async (exchange, start, symbol, from) => {
    await source.close();
    await server.stop();
    server = await start({ now: NOW });
    source = await openSource(exchange, server);
    const venue = new ListedVenue({ symbol });
    await collect(venue);
    expect(venue.stored().rows).toEqual(honestRows(from, symbol));
    expect(venue.rules()).toEqual([]);
  });

  it('name the nearest match of a symbol that they do not have', async () => {
    const unknown = source.instrument('BTX/USD', new AbortController().signal);
    await expect(unknown).rejects.toThrow(ConfigError);
    await expect(unknown).rejects.toThrow('did you mean "BTC/USD"');
  });
});
