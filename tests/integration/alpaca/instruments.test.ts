import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import { at, exchanges, NEVER, problemOf, sourceOf, span } from './sources.ts';

const startExchange = exchanges();
const YEAR_1990 = span('1990-01-01T00:00:00Z', '1990-01-02T00:00:00Z');

describe('the terms of a stock', () => {
  it('are cents, fractions of a share, a dollar at least and no fee', async () => {
    const exchange = await startExchange();
    expect(await sourceOf(exchange.url).instrument('AAPL', NEVER)).toEqual({
      symbol: 'AAPL',
      assetClass: 'stock',
      quoteCurrency: 'USD',
      tickSize: Decimal.parse('0.01'),
      lotStep: Decimal.parse('0.000000001'),
      minNotional: Decimal.one,
      fees: { maker: Decimal.zero, taker: Decimal.zero },
    });
  });

  it('are whole shares where no fractions are sold', async () => {
    const exchange = await startExchange();
    const instrument = await sourceOf(exchange.url).instrument('BRK.B', NEVER);
    expect(exchange.requests[0]?.path).toBe('/v2/assets/BRK.B');
    expect(instrument).toMatchObject({ lotStep: Decimal.one, minNotional: Decimal.zero });
  });

  it('are those that Alpaca gives, where it does', async () => {
    const exchange = await startExchange();
    const edit = (asset: object) => ({
      ...asset,
      price_increment: '0.0001',
      min_trade_increment: 0.5,
    });
    exchange.fail({ kind: 'edit', edit });
    const { tickSize, lotStep } = await sourceOf(exchange.url).instrument('AAPL', NEVER);
    expect([String(tickSize), String(lotStep)]).toEqual(['0.0001', '0.5']);
  });

  it.each([null, '', '0', '-1', 'NaN', '1e-9', {}, 0])(
    'are the usual ones where Alpaca gives the step %j',
    async (step) => {
      const exchange = await startExchange();
      const edit = (asset: object) => ({ ...asset, price_increment: step });
      exchange.fail({ kind: 'edit', edit });
      const { tickSize } = await sourceOf(exchange.url).instrument('AAPL', NEVER);
      expect(String(tickSize)).toBe('0.01');
    },
  );

  it.each([
    ['a list', () => []],
    ['another symbol', (asset: object) => ({ ...asset, symbol: 'MSFT' })],
    ['a coin', (asset: object) => ({ ...asset, class: 'crypto' })],
  ])('are refused where the answer is %s', async (_name, edit) => {
    const exchange = await startExchange();
    exchange.fail({ kind: 'edit', edit });
    const problem = await problemOf(sourceOf(exchange.url).instrument('AAPL', NEVER));
    expect(problem).toMatchObject({ kind: 'bad-response' });
  });
});

describe('a symbol that Alpaca does not know', () => {
  it.each([
    ['APPL', '; did you mean "AAPL"?'],
    ['AAPLE', '; did you mean "AAPL"?'],
    ['APPLE', '; did you mean "AAPL"?'],
    ['NVIDIA', '; did you mean "NVDA"?'],
    ['BRK-B', '; did you mean "BRK.B"?'],
    ['XXXXXX', '; check the spelling'],
  ])('is refused with the nearest one: %s', async (symbol, hint) => {
    const symbols = {
      AAPL: 'Apple Inc. Common Stock',
      NVDA: 'NVIDIA Corporation Common Stock',
      'BRK.B': 'Berkshire Hathaway Inc.',
      APPN: 'Appian Corporation Class A Common Stock',
    };
    const exchange = await startExchange({ symbols: symbol === 'APPL' ? { AAPL: '' } : symbols });
    const problem = await problemOf(sourceOf(exchange.url).instrument(symbol, NEVER));
    expect(problem).toMatchObject({
      name: 'ConfigError',
      message: `alpaca: the symbol of a US stock was expected, was "${symbol}"${hint}`,
    });
    expect(exchange.requests.map(({ path }) => path)).toEqual([
      `/v2/assets/${symbol}`,
      '/v2/assets',
    ]);
  });

  it('is refused when its bars are asked for: none is what it would have', async () => {
    const exchange = await startExchange();
    const work = sourceOf(exchange.url).page({ symbol: 'APPL', timeframe: '1d' }, YEAR_1990, NEVER);
    expect(String(await problemOf(work))).toContain('was "APPL"; did you mean "AAPL"?');
  });

  it('is refused where Alpaca refuses to look for it', async () => {
    const exchange = await startExchange();
    const series = { symbol: 'BRK-B', timeframe: '1d' } as const;
    const problem = await problemOf(sourceOf(exchange.url).page(series, YEAR_1990, NEVER));
    expect(String(problem)).toContain('was "BRK-B"; did you mean "BRK.B"?');
  });

  it.each(['btc/usd', 'aapl'])('is refused before anything is asked: %s', async (symbol) => {
    const source = sourceOf('http://127.0.0.1:9');
    const series = { symbol, timeframe: '1d' } as const;
    expect(await problemOf(source.page(series, YEAR_1990, NEVER))).toMatchObject({ exitCode: 2 });
    expect(await problemOf(source.instrument(symbol, NEVER))).toMatchObject({ exitCode: 2 });
  });

  it('is looked up once: a stock without bars stays known', async () => {
    const exchange = await startExchange();
    const source = sourceOf(exchange.url);
    const series = { symbol: 'AAPL', timeframe: '1d' } as const;
    exchange.fail(
      { kind: 'edit', edit: () => ({ bars: {}, next_page_token: null }) },
      { times: 9, path: '/v2/stocks' },
    );
    for (let time = 0; time < 3; time += 1) {
      expect(await source.page(series, YEAR_1990, NEVER)).toEqual({
        bars: [],
        completeTo: YEAR_1990.to,
      });
    }
    expect(exchange.requests.filter(({ path }) => path === '/v2/assets/AAPL')).toHaveLength(1);
  });
});

describe('the time at Alpaca', () => {
  it('is that of its clock, in whatever zone it is written', async () => {
    const now = at('2024-07-01T13:45:12.345Z');
    const exchange = await startExchange({ now });
    expect(await sourceOf(exchange.url).serverTime(NEVER)).toBe(now);
  });

  it.each([{}, null, { timestamp: 1_720_000_000 }, { timestamp: '2024-07-01T13:45' }])(
    'is none where the clock says %j',
    async (answer) => {
      const exchange = await startExchange();
      exchange.fail({ kind: 'edit', edit: () => answer });
      const problem = await problemOf(sourceOf(exchange.url).serverTime(NEVER));
      expect(problem).toMatchObject({ kind: 'bad-response' });
    },
  );
});

describe('requests to Alpaca', () => {
  it('share one limit: 200 at once, the rest over the next minute', async () => {
    const exchange = await startExchange();
    exchange.fail({ kind: 'hang' }, { times: 260, path: '/v2/clock' });
    const source = sourceOf(exchange.url);
    const asked = Array.from({ length: 260 }, () =>
      problemOf(source.serverTime(new AbortController().signal)),
    );
    await expect.poll(() => exchange.requests.length).toBeGreaterThanOrEqual(200);
    // By the time that somebody else is served, whatever was sent before has arrived.
    await sourceOf(exchange.url).instrument('AAPL', NEVER);
    expect(exchange.unanswered).toBeLessThan(250);
    await source.close();
    await Promise.all(asked);
  });
});
