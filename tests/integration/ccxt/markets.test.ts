import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { CALL_SCOPES, createScope } from '../../../src/adapters/ccxt/call-scope.ts';
import { loadExchangeClass } from '../../../src/adapters/ccxt/exchange-class.ts';
import { guardedFetch } from '../../../src/adapters/ccxt/guarded-fetch.ts';
import { redirectTo } from '../../../src/adapters/ccxt/loopback-endpoint.ts';
import { instrumentOf } from '../../../src/adapters/ccxt/market-instrument.ts';
import { openExchange } from '../../../src/adapters/ccxt/open-exchange.ts';
import { profileOf } from '../../../src/adapters/ccxt/venue-profile.ts';
import { nearest } from '../../../src/config/nearest.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { ConfigError, ExchangeError } from '../../../src/core/errors.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import { HTML } from '../../support/exchanges/faults.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { codeOf, sourceFiles } from '../../support/source-files.ts';
import { openSource } from './open-source.ts';
import { BTC_1H, MARKETS, NOW, VENUES, hoursAgo } from './venue-stages.ts';

const NEVER = new AbortController().signal;
const SPAN = { from: hoursAgo(9), to: hoursAgo(0) };
/** What ccxt knows of fees where the venue's list of markets does not tell them. */
const FEES = {
  coinbase: ['0.006', '0.012'],
  kraken: ['0.0025', '0.004'],
  binance: ['0.001', '0.001'],
  bitstamp: ['0.004', '0.004'],
} as const;
const MARKET_REQUESTS = { coinbase: 3, kraken: 1, binance: 1, bitstamp: 1 };

let server: LoopbackServer;
let source: BarSource;

afterEach(async () => {
  await source?.close();
  await server?.stop();
});

describe.each(VENUES)('%s', (venue, start) => {
  it('tells steps, minima and fees to the last decimal', async () => {
    server = await start({ now: NOW, markets: MARKETS });
    source = await openSource(venue, server);
    const [maker, taker] = FEES[venue];
    const fees = { maker: Decimal.parse(maker), taker: Decimal.parse(taker) };
    const common = { assetClass: 'crypto', quoteCurrency: 'USD', fees };
    expect(await source.instrument('BTC/USD', NEVER)).toEqual({
      ...common,
      symbol: 'BTC/USD',
      tickSize: Decimal.parse('0.01'),
      lotStep: Decimal.parse('0.00000001'),
      minNotional: Decimal.parse('5'),
    });
    expect(await source.instrument('SHIB/USD', NEVER)).toEqual({
      ...common,
      symbol: 'SHIB/USD',
      tickSize: Decimal.parse('0.00000001'),
      lotStep: Decimal.one,
      minNotional: Decimal.one,
    });
  });

  it('is asked for its markets once, however many ask at a time', async () => {
    server = await start({ now: NOW, markets: MARKETS });
    source = await openSource(venue, server);
    await Promise.all([
      source.instrument('BTC/USD', NEVER),
      source.instrument('SHIB/USD', NEVER),
      source.page(BTC_1H, SPAN, NEVER),
    ]);
    await source.instrument('BTC/USD', NEVER);
    expect(server.requestsFor('markets')).toHaveLength(MARKET_REQUESTS[venue]);
    expect(server.requestsFor('other')).toHaveLength(venue === 'kraken' ? 1 : 0);
  });

  it('is asked for its markets again after it failed to tell them', async () => {
    server = await start({ now: NOW, markets: MARKETS });
    source = await openSource(venue, server);
    for (const fault of [HTML, { kind: 'drop' }, { kind: 'body', text: '{}' }] as const) {
      server.inject(fault, { on: 'markets' });
      const failed = source.instrument('BTC/USD', NEVER);
      await expect(failed).rejects.toBeInstanceOf(ExchangeError);
      await expect(failed).rejects.toMatchObject({ isRetryable: true });
      server.heal();
    }
    expect((await source.instrument('BTC/USD', NEVER)).symbol).toBe('BTC/USD');
  });

  it('loads its markets on, though one of those who wait gives up', async () => {
    server = await start({ now: NOW, markets: MARKETS });
    source = await openSource(venue, server);
    const stop = new AbortController();
    const one = source.instrument('BTC/USD', stop.signal);
    const other = source.instrument('BTC/USD', NEVER);
    stop.abort(new Error('enough'));
    await expect(one).rejects.toThrow('enough');
    expect((await other).symbol).toBe('BTC/USD');
  });

  it.each([
    ['BTC/UDS', 'BTC/USD'],
    ['BTC/EUR', 'BTC/USD'],
    ['SHIV/USD', 'SHIB/USD'],
    ['btc/usd', 'BTC/USD'],
  ])('knows what %s was meant to be', async (symbol, meant) => {
    server = await start({ now: NOW, markets: MARKETS });
    source = await openSource(venue, server);
    const asked = source.instrument(symbol, NEVER);
    await expect(asked).rejects.toBeInstanceOf(ConfigError);
    await expect(asked).rejects.toThrow(`did you mean "${meant}"?`);
  });
});

describe('steps of prices and quantities', () => {
  const market = {
    symbol: 'BTC/USD',
    quote: 'USD',
    maker: null,
    taker: 0.001,
    limits: { cost: null },
  };

  it.each([
    ['as they are where ccxt gives sizes', 4, 1e-8, '0.00000001'],
    ['from counts of decimals', 2, 8, '0.00000001'],
    ['not from counts of digits, whose size depends on the price', 3, 5, '0'],
    ['not where the venue tells none', 4, null, '0'],
  ])('are known %s', (_, mode, precision, expected) => {
    const told = { ...market, precision: { price: precision, amount: precision } };
    const instrument = instrumentOf(told, mode);
    expect([instrument.tickSize, instrument.lotStep].map(String)).toEqual([expected, expected]);
  });

  it('come without fees where those are not known, or are no shares', () => {
    const precision = { price: 1, amount: 1 };
    expect(instrumentOf({ ...market, precision }, 4).fees).toBeNull();
    const fixed = { ...market, maker: 0.1, percentage: false, precision };
    expect(instrumentOf(fixed, 4).fees).toBeNull();
  });
});

describe('an exchange', () => {
  it('that ccxt does not know is refused with the nearest name', async () => {
    const opened = openSource('coinbse', 'http://127.0.0.1:1');
    await expect(opened).rejects.toBeInstanceOf(ConfigError);
    await expect(opened).rejects.toThrow('was "coinbse"; did you mean "coinbase"?');
    await expect(openSource('../ccxt', 'http://127.0.0.1:1')).rejects.toThrow(ConfigError);
    await expect(openSource('zzzzzzzzzzzz', 'http://127.0.0.1:1')).rejects.toThrow('kraken');
  });

  it('without candles is refused', async () => {
    await expect(openSource('bitbns', 'http://127.0.0.1:1')).rejects.toThrow('serves candles');
  });

  it('that nobody described serves pages as ccxt says, and no weeks', async () => {
    server = await startCoinbase({ now: NOW });
    source = await openSource('okx', server);
    expect(source.pageBars).toBe(300);
    expect(source.timeframes).toContain('1d');
    expect(source.timeframes).not.toContain('1w');
  });

  it('is throttled by ccxt, which retries nothing; a server on this machine is not', async () => {
    const exchangeClass = await loadExchangeClass('kraken', false, nearest);
    const scopes = CALL_SCOPES;
    const fetch = guardedFetch({
      exchange: 'kraken',
      timeoutMs: 1000,
      maxBodyBytes: 1000,
      scopes,
      closing: NEVER,
    });
    const profile = profileOf('kraken');
    const options = { timeoutMs: 1000, profile, fetch, scopes, credentials: null };
    const real = await openExchange(exchangeClass, { ...options, endpoint: null });
    expect(real).toMatchObject({
      enableRateLimit: true,
      options: { maxRetriesOnFailure: 0 },
      urls: { api: { public: 'https://api.kraken.com' } },
    });
    const local = await openExchange(exchangeClass, { ...options, endpoint: 'http://127.0.0.1:1' });
    expect(local).toMatchObject({
      enableRateLimit: false,
      urls: { api: { public: 'http://127.0.0.1:1' } },
    });
  });

  it('keeps calls and their answers together while ccxt makes them wait', async () => {
    server = await startBinance({ now: NOW, markets: MARKETS });
    const scopes = CALL_SCOPES;
    const fetch = guardedFetch({
      exchange: 'binance',
      timeoutMs: 10_000,
      maxBodyBytes: 1_000_000,
      scopes,
      closing: NEVER,
    });
    const profile = profileOf('binance');
    const keyless = { timeoutMs: 10_000, profile, fetch, scopes, credentials: null };
    const exchangeClass = await loadExchangeClass('binance', false, nearest);
    const exchange = await openExchange(exchangeClass, { ...keyless, endpoint: null });
    await redirectTo(server.url, exchange);
    await exchange.loadMarkets(false);
    const stop = new AbortController();
    const limits = [1, 2, 3, 4];
    const calls = limits.map((limit) => {
      const scope = createScope(limit === 4 ? stop.signal : NEVER, 'read');
      const work = scopes.run(scope, () =>
        exchange.fetchOHLCV('BTC/USD', '1h', SPAN.from, limit, {}),
      );
      return work.then(() => scope.answer?.body.match(/\],\[/g)?.length ?? 0);
    });
    stop.abort(new Error('enough'));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes).toMatchObject([
      { value: 0 },
      { value: 1 },
      { value: 2 },
      { reason: { message: 'enough' } },
    ]);
    expect(server.requestsFor('candles')).toHaveLength(3);
  });

  it('has its one class loaded, by the file that ccxt itself would load', async () => {
    const { default: all } = await import('ccxt');
    expect(await loadExchangeClass('kraken', false, nearest)).toBe(all.kraken);
    expect(await loadExchangeClass('kraken', true, nearest)).toBe(all.pro.kraken);
    expect(await loadExchangeClass('bitbank', true, nearest)).toBe(all.bitbank);
  });
});

describe('ccxt', () => {
  it('is loaded when it is needed, never at the start', () => {
    const eager = sourceFiles('src').filter((file) => /from 'ccxt/.test(codeOf(file)));
    expect(eager.map((file) => file.path)).toEqual([]);
  });

  it('is pinned to one version, for its files are no public entries', () => {
    expect(readFileSync('package.json', 'utf8')).toMatch(/"ccxt": "\d+\.\d+\.\d+"/);
  });
});
