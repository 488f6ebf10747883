import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../src/core/errors.ts';
import { ALPACA_KEYS, type AlpacaFault } from '../../support/exchanges/alpaca-exchange.ts';
import { at, exchanges, NEVER, problemOf, sourceOf, span } from './sources.ts';

const startExchange = exchanges();
const SERIES = { symbol: 'AAPL', timeframe: '1m' } as const;
const DAY = span('2024-03-04T14:30:00Z', '2024-03-04T15:30:00Z');

const status = (code: number, body = '{"code":1,"message":"planted"}'): AlpacaFault => ({
  kind: 'status',
  status: code,
  body,
});

const HTML = '<html><head><title>502 Bad Gateway</title></head></html>';

/** What goes wrong, the kind it is told as, and the sentence it comes with. */
const FAULTS: readonly (readonly [string, AlpacaFault, string, RegExp])[] = [
  ['status 400', status(400), 'rejected', /was refused with status 400 \(planted\); check symbol/],
  ['status 401', status(401), 'auth', /a valid key was expected .* status 401 .* APCA_API_KEY_ID/],
  ['status 403', status(403, '{"message":"forbidden."}'), 'auth', /status 403 \(forbidden\.\)/],
  [
    'status 403 of recent SIP data',
    status(403, '{"message":"subscription does not permit querying recent SIP data"}'),
    'auth',
    /a plan that includes bars of AAPL from feed "iex" .* set data\.alpaca_feed to iex, or end .* 15 minutes/,
  ],
  [
    'status 404',
    status(404, '404 page not found'),
    'rejected',
    /status 404 \(404 page not found\)/,
  ],
  ['status 408', status(408), 'timeout', /was status 408/],
  ['status 422', status(422), 'rejected', /status 422 \(planted\)/],
  ['status 429', status(429), 'rate-limit', /fewer requests .* status 429/],
  ['status 500', status(500), 'unavailable', /was status 500 \(planted\); try again later/],
  ['status 502 with a page', status(502, HTML), 'unavailable', /was status 502 \(HTML\)/],
  ['status 503', status(503, ''), 'unavailable', /was status 503/],
  ['status 504', status(504), 'unavailable', /was status 504/],
  ['HTML with status 200', { kind: 'body', body: HTML }, 'bad-response', /JSON .* was HTML/],
  ['an empty body', { kind: 'body', body: '' }, 'bad-response', /JSON .* was an empty body/],
  ['truncated JSON', { kind: 'truncated' }, 'bad-response', /JSON .* was broken off or garbled/],
  [
    'a body larger than can be held',
    { kind: 'oversized', bytes: 33 * 1024 * 1024 },
    'bad-response',
    /at most 33554432 bytes was expected/,
  ],
  [
    'a redirect to another host',
    { kind: 'redirect', location: 'http://keys.example.com/v2' },
    'bad-response',
    /was a redirect to keys\.example\.com \(HTTP 302\), which is not followed/,
  ],
  [
    'a redirect to nowhere',
    { kind: 'redirect', location: 'http://' },
    'bad-response',
    /to nowhere/,
  ],
  ['a dropped connection', { kind: 'drop', after: 'request' }, 'network', /UND_ERR_SOCKET/],
  [
    'a connection dropped in the body',
    { kind: 'drop', after: 'headers' },
    'network',
    /could not be reached/,
  ],
];

describe('faults of Alpaca', () => {
  it.each(FAULTS)('tells %s', async (_name, fault, kind, sentence) => {
    const exchange = await startExchange();
    exchange.fail(fault);
    const problem = await problemOf(sourceOf(exchange.url).page(SERIES, DAY, NEVER));
    expect(problem).toBeInstanceOf(ExchangeError);
    expect(problem).toMatchObject({ kind, exitCode: 4 });
    expect((problem as Error).message).toMatch(sentence);
    expect(exchange.requests, 'nothing is tried twice').toHaveLength(1);
  });

  it.each(['hang', 'drip'] as const)('tells a body that never ends: %s', async (kind) => {
    const exchange = await startExchange();
    exchange.fail({ kind });
    const source = sourceOf(exchange.url, { timeoutMs: 150 });
    const problem = await problemOf(source.page(SERIES, DAY, NEVER));
    expect(problem).toMatchObject({ kind: 'timeout', exitCode: 4 });
    expect(String(problem)).toContain('within 0.15 s, was still missing');
  });

  it('tells a server that is not there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    const port = typeof address === 'object' ? address?.port : undefined;
    const problem = await problemOf(sourceOf(`http://127.0.0.1:${port}`).page(SERIES, DAY, NEVER));
    expect(problem).toMatchObject({ kind: 'network', details: { code: 'ECONNREFUSED' } });
    expect(String(problem)).toContain(`could not be reached at 127.0.0.1:${port} (ECONNREFUSED)`);
  });

  it.each([
    ['seconds', { 'retry-after': '7' }, 429, 7000],
    ['nothing, and names its limit', {}, 429, 60_000],
    ['seconds of an outage', { 'retry-after': '3' }, 503, 3000],
  ])('says how long to wait where Alpaca says %s', async (_name, headers, code, expected) => {
    const exchange = await startExchange();
    exchange.fail({ kind: 'status', status: code, headers });
    const problem = await problemOf(sourceOf(exchange.url).page(SERIES, DAY, NEVER));
    const { retryAfterMs } = problem as ExchangeError;
    expect(retryAfterMs).toBeGreaterThan(expected - 2000);
    expect(retryAfterMs).toBeLessThanOrEqual(expected + 1000);
  });

  it('says how long to wait where Alpaca names a date', async () => {
    const exchange = await startExchange();
    const date = new Date(Date.now() + 30_000).toUTCString();
    exchange.fail({ kind: 'status', status: 429, headers: { 'retry-after': date } });
    const problem = await problemOf(sourceOf(exchange.url).page(SERIES, DAY, NEVER));
    expect((problem as ExchangeError).retryAfterMs).toBeGreaterThan(25_000);
    expect((problem as ExchangeError).retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  it('names no time to wait for an outage without one, though every answer carries a limit', async () => {
    const exchange = await startExchange();
    exchange.fail({ kind: 'status', status: 503 });
    const problem = await problemOf(sourceOf(exchange.url).page(SERIES, DAY, NEVER));
    expect(problem).toMatchObject({ kind: 'unavailable', retryAfterMs: null });
  });

  it('goes on as before after a fault', async () => {
    const exchange = await startExchange();
    const source = sourceOf(exchange.url);
    exchange.fail({ kind: 'drop', after: 'headers' });
    await problemOf(source.page(SERIES, DAY, NEVER));
    expect((await source.page(SERIES, DAY, NEVER)).bars).toHaveLength(60);
  });

  it('stops asking when it is told to, with the reason it is given', async () => {
    const exchange = await startExchange();
    exchange.fail({ kind: 'hang' });
    const stop = new AbortController();
    const work = problemOf(sourceOf(exchange.url).page(SERIES, DAY, stop.signal));
    await expect.poll(() => exchange.requests.length).toBe(1);
    const reason = new Error('Ctrl-C');
    stop.abort(reason);
    expect(await work).toBe(reason);
    await expect.poll(() => exchange.unanswered).toBe(0);
    const late = sourceOf(exchange.url).page(SERIES, DAY, stop.signal);
    expect(await problemOf(late), 'also before it began').toBe(reason);
    expect(exchange.requests).toHaveLength(1);
  });
});

describe('a closed source', () => {
  it('ends what is under way and asks nothing any more', async () => {
    const exchange = await startExchange();
    exchange.fail({ kind: 'hang' });
    const source = sourceOf(exchange.url);
    const work = problemOf(source.page(SERIES, DAY, NEVER));
    await expect.poll(() => exchange.requests.length).toBe(1);
    await source.close();
    expect(await work).toMatchObject({ kind: 'network', message: 'alpaca is closed' });
    expect(await problemOf(source.serverTime(NEVER))).toEqual(await work);
    expect(exchange.requests).toHaveLength(1);
  });
});

describe('the hosts of Alpaca', () => {
  const real = (keyId: string) => sourceOf('', { endpoint: null, keyId });

  it.each([
    ['PK1', 'paper-api.alpaca.markets'],
    ['AK1', 'api.alpaca.markets'],
  ])('are those of the account that the key %s is of', async (keyId, host) => {
    // No test reaches them: what is seen is where it was stopped.
    const problem = await problemOf(real(keyId).serverTime(NEVER));
    expect(String(problem)).toContain(`could not be reached at ${host} (`);
  });

  it('are one for data, whatever the key', async () => {
    for (const keyId of ['PK1', 'AK1']) {
      const problem = await problemOf(real(keyId).page(SERIES, DAY, NEVER));
      expect(String(problem)).toContain('could not be reached at data.alpaca.markets (');
    }
  });
});

describe('the recent past on the free plan', () => {
  const now = at('2024-03-04T15:00:00Z');

  it('is there from IEX', async () => {
    const exchange = await startExchange({ now });
    const page = await sourceOf(exchange.url).page(SERIES, DAY, NEVER);
    expect(page.bars).toHaveLength(30);
  });

  it('is refused from SIP, with the ways out, until it is 15 minutes old', async () => {
    const exchange = await startExchange({ now });
    const source = sourceOf(exchange.url, { feed: 'sip' });
    const problem = await problemOf(source.page(SERIES, DAY, NEVER));
    expect(problem).toMatchObject({ kind: 'auth', isRetryable: false });
    expect(String(problem)).toContain('set data.alpaca_feed to iex');
    const older = span('2024-03-04T14:30:00Z', '2024-03-04T14:45:00Z');
    expect((await source.page(SERIES, older, NEVER)).bars).toHaveLength(15);
  });
});

describe('keys of Alpaca', () => {
  const { APCA_API_KEY_ID: keyId, APCA_API_SECRET_KEY: secret } = ALPACA_KEYS;

  it.each([
    ['no key', { keyId: null }, 'APCA_API_KEY_ID, was not set'],
    ['an empty key', { keyId: '' }, 'APCA_API_KEY_ID, was not set'],
    ['no secret', { secret: null }, 'APCA_API_SECRET_KEY, was not set'],
    ['a secret of two lines', { secret: `${secret}\nx` }, 'APCA_API_SECRET_KEY, was text with'],
  ])('are asked for by name where there is %s', (_name, options, sentence) => {
    let problem: unknown;
    try {
      sourceOf('http://127.0.0.1:9', options);
    } catch (error) {
      problem = error;
    }
    expect(problem).toMatchObject({ name: 'ConfigError', exitCode: 2 });
    expect(String(problem)).toContain(`a key was expected in ${sentence}`);
    expect(String(problem)).toContain('.env; a free account gives a pair: https://');
    expect(inspect(problem)).not.toContain(secret);
  });

  it('are sent in headers alone, and checked', async () => {
    const exchange = await startExchange();
    await sourceOf(exchange.url).page(SERIES, DAY, NEVER);
    const [request] = exchange.requests;
    expect(request?.headers).toMatchObject({
      'apca-api-key-id': keyId,
      'apca-api-secret-key': secret,
    });
    expect(JSON.stringify([request?.path, request?.query])).not.toContain(keyId);
    const wrong = sourceOf(exchange.url, { secret: 'wrong' });
    expect(await problemOf(wrong.page(SERIES, DAY, NEVER))).toMatchObject({ kind: 'auth' });
    expect(await problemOf(wrong.serverTime(NEVER))).toMatchObject({ kind: 'auth' });
  });

  it('stay out of every error, whatever a server echoes', async () => {
    const exchange = await startExchange();
    const echo = [keyId, secret, encodeURIComponent(secret), btoa(secret)].join(' ');
    const source = sourceOf(exchange.url);
    for (const code of [400, 401, 403, 422, 429, 500]) {
      exchange.fail(status(code, JSON.stringify({ code: 1, message: echo })));
      const problem = await problemOf(source.page(SERIES, DAY, NEVER));
      const shown = inspect(problem, { depth: 9, showHidden: true });
      expect(shown).toContain('***');
      for (const secretText of echo.split(' ')) expect(shown).not.toContain(secretText);
    }
  });

  it.each([
    ['delayed_sip', '; take sip and end 15 minutes before now'],
    ['overnight', ''],
  ])('are of no use with feed %s, which has no past', (feed, hint) => {
    expect(() => sourceOf('http://127.0.0.1:9', { feed })).toThrow(
      `data.alpaca_feed: a feed with bars of the past (iex, sip, otc, boats) was expected, was ` +
        `"${feed}"${hint}`,
    );
  });
});
