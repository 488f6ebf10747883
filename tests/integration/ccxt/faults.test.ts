import { afterEach, describe, expect, it } from 'vitest';
import { ExchangeError, type ExchangeFault } from '../../../src/core/errors.ts';
import type { BarSource, SourceBar } from '../../../src/ports/bar-source.ts';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import {
  EMPTY_BODY,
  HTML,
  HTML_PAGE,
  NO_CANDLES,
  OUT_OF_ORDER,
  doubled,
  garbled,
  overlapping,
  repeatedPage,
  without,
  type Fault,
} from '../../support/exchanges/faults.ts';
import { startKraken } from '../../support/exchanges/kraken-server.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { openSource } from './open-source.ts';
import { BTC_1H, MARKETS, NOW, VENUES, barsOf, hoursAgo } from './venue-stages.ts';

const NEVER = new AbortController().signal;
const SPAN = { from: hoursAgo(10), to: hoursAgo(0) };

let server: LoopbackServer;
let source: BarSource;

async function open(
  venue: string,
  start: typeof startCoinbase,
  options: Parameters<typeof openSource>[2] = {},
): Promise<void> {
  server = await start({ now: NOW, markets: MARKETS });
  source = await openSource(venue, server, options);
  // Markets are known before faults strike.
  await source.instrument('BTC/USD', NEVER);
}

afterEach(async () => {
  await source.close();
  await server.stop();
});

async function failure(): Promise<ExchangeError> {
  const error = await source.page(BTC_1H, SPAN, NEVER).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ExchangeError) return error;
  throw new Error(`an ExchangeError was expected, was ${String(error)}`);
}

const ANSWERS: readonly (readonly [string, Fault, ExchangeFault, string])[] = [
  ['429', { kind: 'status', status: 429 }, 'rate-limit', 'HTTP 429'],
  ['418', { kind: 'status', status: 418 }, 'rate-limit', 'HTTP 418'],
  ['500', { kind: 'status', status: 500, body: '{}' }, 'unavailable', 'HTTP 500'],
  [
    '500 with an error that ccxt has no name for',
    { kind: 'status', status: 500, body: { error: 'INTERNAL', message: 'try later' } },
    'unavailable',
    'HTTP 500',
  ],
  ['502 and a web page', { kind: 'status', status: 502, body: HTML_PAGE }, 'unavailable', '502'],
  ['503', { kind: 'status', status: 503 }, 'unavailable', 'HTTP 503'],
  ['504', { kind: 'status', status: 504 }, 'timeout', 'HTTP 504'],
  ['401', { kind: 'status', status: 401 }, 'auth', 'HTTP 401'],
  ['403 and a web page', { kind: 'status', status: 403, body: HTML_PAGE }, 'rejected', 'HTTP 403'],
  ['404', { kind: 'status', status: 404 }, 'rejected', 'HTTP 404'],
  ['a web page with status 200', HTML, 'bad-response', 'a web page'],
  ['truncated JSON', { kind: 'truncated' }, 'bad-response', 'cut off'],
  ['an empty body', EMPTY_BODY, 'bad-response', 'empty'],
  ['a number', { kind: 'body', text: '42' }, 'bad-response', 'JSON'],
  ['null', { kind: 'body', text: 'null' }, 'bad-response', 'JSON'],
  ['an object without candles', { kind: 'body', text: '{}' }, 'bad-response', 'list of candles'],
  [
    'null for candles',
    { kind: 'body', text: '{"candles":null,"data":null,"result":null}' },
    'bad-response',
    '',
  ],
  ['a dropped connection', { kind: 'drop' }, 'network', 'could not be reached'],
  ['a body that breaks off', { kind: 'drop', within: 'body' }, 'network', 'could not be reached'],
  [
    'a redirect',
    { kind: 'redirect', to: 'http://elsewhere.example/login?key=secret' },
    'bad-response',
    'elsewhere.example',
  ],
];

describe.each(VENUES)('%s, when something goes wrong', (venue, start) => {
  it('takes bad answers for what they are, and asks for none a second time', async () => {
    await open(venue, start);
    for (const [index, [what, fault, kind, words]] of ANSWERS.entries()) {
      server.inject(fault);
      const error = await failure();
      expect({ what, kind: error.kind }).toEqual({ what, kind });
      expect(error.message).toContain(venue);
      expect(error.message).toContain(words);
      expect(error.message).not.toMatch(/[\n?]|127\.0\.0\.1|secret/);
      expect(server.requestsFor('candles')).toHaveLength(index + 1);
    }
  });

  it('recovers with the next answer', async () => {
    await open(venue, start);
    server.inject({ kind: 'drop' });
    await failure();
    const { bars } = await source.page(BTC_1H, SPAN, NEVER);
    expect(bars).toHaveLength(venue === 'kraken' ? 11 : 10);
  });

  it('does not take a page that repeats for ever for an answer', async () => {
    await open(venue, start);
    server.inject(repeatedPage(), { times: Infinity });
    const early = { from: hoursAgo(500), to: hoursAgo(400) };
    // The first page is honest; Kraken's would reach to now, so its clock stands still there.
    if (venue === 'kraken') server.market.setNow(early.to);
    await source.page(BTC_1H, early, NEVER);
    server.market.setNow(NOW);
    const error = await failure();
    expect(error.kind).toBe('bad-response');
    expect(error.message).toContain('from before');
  });

  it('passes on what was sent, in its order: overlaps, duplicates, disorder', async () => {
    await open(venue, start);
    const before = server.market.candles('BTC/USD', '1h', { from: hoursAgo(12), to: hoursAgo(10) });
    const honest = await source.page(BTC_1H, SPAN, NEVER);
    const [first, ...rest] = honest.bars;
    if (first === undefined) throw new Error('a bar was expected');

    server.inject(overlapping(before));
    const overlap = await source.page(BTC_1H, SPAN, NEVER);
    expect(overlap).toEqual({ ...honest, bars: [...barsOf(before), ...honest.bars] });

    server.inject(doubled(0));
    const twice = await source.page(BTC_1H, SPAN, NEVER);
    expect(twice).toEqual({ ...honest, bars: [first, first, ...rest] });

    server.inject(doubled(0, { close: 1.5 }));
    const changed = await source.page(BTC_1H, SPAN, NEVER);
    expect(changed).toEqual({ ...honest, bars: [first, { ...first, close: 1.5 }, ...rest] });

    server.inject(OUT_OF_ORDER);
    const disorder = await source.page(BTC_1H, SPAN, NEVER);
    expect(disorder.completeTo).toBe(honest.completeTo);
    expect(disorder.bars[0]).toEqual(rest[0]);
    expect(new Set(disorder.bars)).toEqual(new Set(honest.bars));
  });

  it.each([
    ['null', null],
    ['NaN', 'NaN'],
    ['text', 'abc'],
    ['nothing', undefined],
    ['an empty text', ''],
  ])('reads %s as NaN, in whatever field', async (_, sent) => {
    await open(venue, start);
    const honest = await source.page(BTC_1H, SPAN, NEVER);
    for (const field of ['open', 'high', 'low', 'close', 'volume'] as const) {
      server.inject(garbled(2, { [field]: sent }));
      const { bars, completeTo } = await source.page(BTC_1H, SPAN, NEVER);
      const expected: SourceBar[] = honest.bars.map((bar, at) =>
        at === 2 ? { ...bar, [field]: NaN } : bar,
      );
      expect(bars).toEqual(expected);
      expect(completeTo).toBe(honest.completeTo);
    }
  });

  it('keeps a candle whose time is missing, and does not count it', async () => {
    await open(venue, start);
    const honest = await source.page(BTC_1H, SPAN, NEVER);
    server.inject(garbled(2, { time: null }));
    const { bars, completeTo } = await source.page(BTC_1H, SPAN, NEVER);
    expect(bars[2]).toEqual({ ...honest.bars[2], openTime: NaN });
    expect(completeTo).toBe(honest.completeTo);
  });

  it('reads candles without a volume', async () => {
    await open(venue, start);
    server.inject(without('volume'));
    const { bars } = await source.page(BTC_1H, SPAN, NEVER);
    expect(new Set(bars.map(({ volume }) => volume))).toEqual(new Set([NaN]));
  });

  it('passes on a candle that was revised after its close', async () => {
    await open(venue, start);
    server.market.revise('BTC/USD', '1h', hoursAgo(3), { close: 123.45 });
    const { bars } = await source.page(BTC_1H, SPAN, NEVER);
    expect(bars.find(({ openTime }) => openTime === hoursAgo(3))?.close).toBe(123.45);
  });

  it('tells the time by the clock of the venue', async () => {
    await open(venue, start);
    server.market.clockOffsetMs = -90_000;
    expect(await source.serverTime(NEVER)).toBe(NOW - 90_000);
  });
});

describe('an answer', () => {
  it('is a failure without the guard, too, but a silent one: ccxt reads a page as no candles', async () => {
    await open('coinbase', startCoinbase);
    const { loadExchangeClass } = await import('../../../src/adapters/ccxt/exchange-class.ts');
    const { redirectTo } = await import('../../../src/adapters/ccxt/loopback-endpoint.ts');
    const exchange = new (await loadExchangeClass('coinbase', false, () => null))({
      enableRateLimit: false,
      timeout: 10_000,
      options: {},
    });
    await redirectTo(server.url, exchange);
    await exchange.loadMarkets(false);
    server.inject(HTML);
    expect(await exchange.fetchOHLCV('BTC/USD', '1h', SPAN.from, 10, {})).toEqual([]);
  });

  it('may say that there are no candles, except on kraken, which always has the forming one', async () => {
    await open('binance', startBinance);
    server.inject(NO_CANDLES);
    expect(await source.page(BTC_1H, SPAN, NEVER)).toEqual({ bars: [], completeTo: SPAN.to });
    await source.close();
    await server.stop();
    await open('kraken', startKraken);
    server.inject(NO_CANDLES);
    expect((await failure()).kind).toBe('bad-response');
  });

  it('is waited for only so long, the whole of it', async () => {
    await open('coinbase', startCoinbase, { timeoutMs: 1000 });
    for (const fault of [{ kind: 'hang' }, { kind: 'slow', everyMs: 20 }] as const) {
      server.inject(fault);
      const error = await failure();
      expect(error).toMatchObject({ kind: 'timeout', isRetryable: true });
      expect(error.message).toContain('within 1 s');
    }
  });

  it('is refused beyond a size', async () => {
    await open('coinbase', startCoinbase, { maxBodyBytes: 100_000 });
    server.inject({ kind: 'padded', bytes: 200_000 });
    const error = await failure();
    expect(error.kind).toBe('bad-response');
    expect(error.message).toContain('100000 bytes');
  });

  it('is no longer waited for once the signal aborts', async () => {
    await open('coinbase', startCoinbase);
    server.inject({ kind: 'hang' });
    const stop = new AbortController();
    const page = source.page(BTC_1H, SPAN, stop.signal);
    await expect.poll(() => server.requestsFor('candles').length).toBe(1);
    stop.abort(new Error('enough'));
    await expect(page).rejects.toThrow('enough');
  });

  it('with an error of the venue keeps its words, on one line', async () => {
    await open('binance', startBinance);
    const body = { code: -1100, msg: 'Illegal characters\nfound in "parameter"' };
    server.inject({ kind: 'status', status: 400, body });
    const error = await failure();
    expect(error.kind).toBe('rejected');
    expect(error.message).toContain('Illegal characters');
    expect(error.message).not.toContain('\n');
  });
});
