import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCcxtQuoteSource } from '../../../src/adapters/ccxt/account/create-ccxt-venue.ts';
import { newSilence } from '../../../src/adapters/ccxt/silence.ts';
import { nearest } from '../../../src/config/nearest.ts';
import { retryAfterOf } from '../../../src/adapters/ccxt/retry-after.ts';
import { ExchangeError } from '../../../src/core/errors.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import type { BarSource } from '../../../src/ports/bar-source.ts';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import type { Fault } from '../../support/exchanges/faults.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { openSource } from './open-source.ts';
import { BTC_1H, MARKETS, NOW, hoursAgo } from './venue-stages.ts';

const NEVER = new AbortController().signal;

describe('an exchange that asks to be left alone', () => {
  let server: LoopbackServer;
  let source: BarSource;
  beforeEach(async () => {
    server = await startBinance({ now: NOW, markets: MARKETS });
    source = await openSource('binance', server);
    await source.instrument('BTC/USD', NEVER);
  });
  afterEach(async () => {
    await source.close();
    await server.stop();
  });

  async function failure(work: Promise<unknown>): Promise<ExchangeError> {
    const error = await work.catch((reason: unknown) => reason);
    if (error instanceof ExchangeError) return error;
    throw new Error(`an ExchangeError was expected, was ${String(error)}`);
  }

  const page = () => source.page(BTC_1H, { from: hoursAgo(9), to: hoursAgo(0) }, NEVER);
  const banned = () => `Way too much request weight used; IP banned until ${Date.now() + 90_000}.`;

  it.each<[string, () => Fault, number]>([
    ['429', () => ({ kind: 'status', status: 429, headers: { 'Retry-After': '30' } }), 30_000],
    ['418', () => ({ kind: 'status', status: 418, headers: { 'Retry-After': '120' } }), 120_000],
    ['503', () => ({ kind: 'status', status: 503, headers: { 'Retry-After': '5' } }), 5_000],
    [
      '418 in words',
      () => ({ kind: 'status', status: 418, body: { code: -1003, msg: banned() } }),
      90_000,
    ],
  ])('with %s is sent nothing at all until then', async (_, fault, waitMs) => {
    server.inject(fault());
    const first = await failure(page());
    expect(first.isRetryable).toBe(true);
    expect(first.retryAfterMs).toBeGreaterThan(waitMs - 5_000);
    expect(first.retryAfterMs).toBeLessThanOrEqual(waitMs);
    const sent = server.requests.length;
    for (const asked of [page(), source.serverTime(NEVER)]) {
      const error = await failure(asked);
      expect(error.kind).toBe('rate-limit');
      expect(error.retryAfterMs).toBeGreaterThan(waitMs - 5_000);
      expect(error.retryAfterMs).toBeLessThanOrEqual(waitMs);
    }
    expect(server.requests.length).toBe(sent);
  });

  it('is left alone by all that share its silence, and by no others', async () => {
    const silence = newSilence();
    const one = await openSource('binance', server, { silence });
    const other = await createCcxtQuoteSource({
      exchange: 'binance',
      endpoint: server.url,
      timeoutMs: 10_000,
      clock: { now: () => NOW },
      nearest,
      silence,
    });
    server.inject({ kind: 'status', status: 429, headers: { 'Retry-After': '30' } });
    await failure(one.page(BTC_1H, { from: hoursAgo(9), to: hoursAgo(0) }, NEVER));
    const sent = server.requests.length;
    expect((await failure(other.quotes(['BTC/USD'], NEVER))).kind).toBe('rate-limit');
    expect(server.requests.length).toBe(sent);
    expect((await page()).bars).toHaveLength(9);
    await Promise.all([one.close(), other.close()]);
  });

  it('is asked again once that time is over', async () => {
    server.inject({ kind: 'status', status: 429, headers: { 'Retry-After': '0.05' } });
    await failure(page());
    await expect.poll(async () => (await page()).bars.length).toBe(9);
  });

  it('names no time, then it is for whoever asks to wait', async () => {
    server.inject({ kind: 'status', status: 429 });
    const error = await failure(page());
    expect(error).toMatchObject({ kind: 'rate-limit', retryAfterMs: null });
    expect((await page()).bars).toHaveLength(9);
  });
});

describe('the time an answer asks for', () => {
  it.each([
    ['seconds', '30', '', 30_000],
    ['a date', new Date(NOW + 7_000).toUTCString(), '', 7_000],
    ['a date that is over', new Date(NOW - 7_000).toUTCString(), '', 0],
    ['words', null, `banned until ${NOW + 60_000}`, 60_000],
    ['the longer of two', '5', `banned until ${NOW + 60_000}`, 60_000],
    ['nothing', null, 'slow down', null],
    ['nonsense', 'soon', '', null],
    ['more than any ban', '99999999999', '', 7 * DAY_MS],
  ])('is read from %s', (_, header, body, expected) => {
    expect(retryAfterOf(header, body, NOW)).toBe(expected);
  });
});
