import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../src/core/errors.ts';
import {
  formatTime,
  misalignmentMs,
  timeframeMs,
  type Timeframe,
  type TimeSpan,
} from '../../../src/core/time.ts';
import type { BarSource, SourceBar, SourcePage } from '../../../src/ports/bar-source.ts';
import type { BarsAnswer } from '../../support/exchanges/alpaca-exchange.ts';
import { at, exchanges, NEVER, problemOf, sourceOf, span } from './sources.ts';

const startExchange = exchanges();
const MINUTES = { symbol: 'AAPL', timeframe: '1m' } as const;
const DAYS = { symbol: 'AAPL', timeframe: '1d' } as const;
const DAY = span('2024-03-04T14:30:00Z', '2024-03-05T00:00:00Z');
const WEEK = span('2024-03-04T00:00:00Z', '2024-03-11T00:00:00Z');

/** Every page of a span, as whoever collects asks for them. */
async function pagesOf(
  source: BarSource,
  series: Parameters<BarSource['page']>[0],
  { from, to }: TimeSpan,
): Promise<readonly SourcePage[]> {
  const pages: SourcePage[] = [];
  for (let start = from; start < to;) {
    const page = await source.page(series, { from: start, to }, NEVER);
    expect(page.completeTo, 'paging comes to an end').toBeGreaterThan(start);
    pages.push(page);
    start = page.completeTo;
  }
  return pages;
}

const timesOf = (bars: readonly SourceBar[]) => bars.map(({ openTime }) => formatTime(openTime));

const edited = (change: (rows: BarsAnswer['bars'][string]) => unknown) => (answer: unknown) => {
  const { bars } = answer as BarsAnswer;
  return { bars: { AAPL: change(bars['AAPL'] ?? []) }, next_page_token: null };
};

describe('bars of Alpaca', () => {
  it('are those that open in the span, with the digits that were sent', async () => {
    const exchange = await startExchange();
    const { bars, completeTo } = await sourceOf(exchange.url).page(
      MINUTES,
      span('2024-03-04T14:30:00Z', '2024-03-04T14:33:00Z'),
      NEVER,
    );
    expect(timesOf(bars)).toEqual([
      '2024-03-04T14:30:00Z',
      '2024-03-04T14:31:00Z',
      '2024-03-04T14:32:00Z',
    ]);
    expect(completeTo).toBe(at('2024-03-04T14:33:00Z'));
    for (const { open, high, low, close, volume } of bars) {
      expect(low).toBeLessThanOrEqual(Math.min(open, close));
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      expect(volume).toBeGreaterThan(0);
    }
  });

  it('take one request a page, whatever is left', async () => {
    const exchange = await startExchange({ pageBars: 500 });
    const page = await sourceOf(exchange.url).page(MINUTES, WEEK, NEVER);
    expect(page.bars).toHaveLength(500);
    expect(exchange.requests).toHaveLength(1);
    expect(exchange.requests[0]?.query).toEqual({
      symbols: 'AAPL',
      timeframe: '1Min',
      start: '2024-03-04T00:00:00.000Z',
      end: '2024-03-10T23:59:59.999Z',
      limit: '10000',
      feed: 'iex',
      adjustment: 'raw',
      sort: 'asc',
    });
  });

  it('are the same in small pages as in a large one', async () => {
    const small = await startExchange({ pageBars: 97 });
    const large = await startExchange();
    const pages = await pagesOf(sourceOf(small.url), MINUTES, WEEK);
    const whole = await pagesOf(sourceOf(large.url), MINUTES, WEEK);
    expect(whole).toHaveLength(1);
    expect(pages.length).toBeGreaterThan(20);
    expect(pages.flatMap(({ bars }) => bars)).toEqual(whole[0]?.bars);
    expect(pages.at(-1)?.completeTo).toBe(WEEK.to);
  });

  it('end where the exchange has no more', async () => {
    const exchange = await startExchange({ now: at('2024-03-04T15:00:30Z') });
    const { bars, completeTo } = await sourceOf(exchange.url).page(MINUTES, WEEK, NEVER);
    expect(timesOf(bars).at(-1)).toBe('2024-03-04T14:59:00Z');
    expect(completeTo).toBe(WEEK.to);
  });

  it.each<[Timeframe, string]>([
    ['1m', '1Min'],
    ['3m', '3Min'],
    ['5m', '5Min'],
    ['15m', '15Min'],
    ['30m', '30Min'],
    ['1h', '1Hour'],
    ['1d', '1Day'],
    ['1w', '1Week'],
  ])('of %s are asked for as %s and lie on the grid', async (timeframe, wire) => {
    const exchange = await startExchange();
    const source = sourceOf(exchange.url);
    const { bars } = await source.page({ symbol: 'MSFT', timeframe }, WEEK, NEVER);
    expect(exchange.requests[0]?.query['timeframe']).toBe(wire);
    expect(bars.length).toBeGreaterThan(0);
    for (const { openTime } of bars) {
      expect(misalignmentMs(openTime, timeframe)).toBe(0);
      expect(openTime).toBeGreaterThanOrEqual(WEEK.from);
      expect(openTime).toBeLessThan(WEEK.to);
    }
    expect(source.timeframes).toContain(timeframe);
  });

  it.each(['2h', '4h', '6h', '8h', '12h'] as const)(
    'of %s are refused: nobody says on which grid they lie',
    async (timeframe) => {
      const source = sourceOf('http://127.0.0.1:9');
      const problem = await problemOf(source.page({ symbol: 'AAPL', timeframe }, WEEK, NEVER));
      expect(problem).toMatchObject({
        name: 'ConfigError',
        message:
          `alpaca: a timeframe of 1m, 3m, 5m, 15m, 30m, 1h, 1d, 1w was expected, was ` +
          `${timeframe}; collect 1h, from which it can be made`,
      });
      expect(source.timeframes).not.toContain(timeframe);
    },
  );

  it('of days open at 00:00Z of the session, on both sides of a change of clocks', async () => {
    const exchange = await startExchange();
    const { bars } = await sourceOf(exchange.url).page(
      DAYS,
      span('2024-03-07T00:00:00Z', '2024-03-13T00:00:00Z'),
      NEVER,
    );
    expect(timesOf(bars)).toEqual([
      '2024-03-07T00:00:00Z',
      '2024-03-08T00:00:00Z',
      '2024-03-11T00:00:00Z',
      '2024-03-12T00:00:00Z',
    ]);
  });

  it('of days leave out holidays, and page by session', async () => {
    const exchange = await startExchange({ pageBars: 7 });
    const year = span('2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z');
    const pages = await pagesOf(sourceOf(exchange.url), DAYS, year);
    const times = pages.flatMap(({ bars }) => timesOf(bars));
    expect(times).toHaveLength(252);
    expect(new Set(times).size).toBe(252);
    expect(times.at(-1)).toBe('2024-12-31T00:00:00Z');
  });

  it('of weeks open on Monday, also where Monday was a holiday', async () => {
    const exchange = await startExchange();
    const { bars } = await sourceOf(exchange.url).page(
      { symbol: 'AAPL', timeframe: '1w' },
      span('2024-05-20T00:00:00Z', '2024-06-10T00:00:00Z'),
      NEVER,
    );
    expect(timesOf(bars)).toEqual([
      '2024-05-20T00:00:00Z',
      '2024-05-27T00:00:00Z',
      '2024-06-03T00:00:00Z',
    ]);
  });

  it.each([
    ['raw', 10],
    ['split', 1],
    ['dividend', 10],
    ['all', 1],
  ] as const)('adjusted for %s jump by %i on the day of a split', async (adjustment, ratio) => {
    const splits = [{ symbol: 'NVDA', date: '2024-06-10', ratio: 10 }];
    const exchange = await startExchange({ splits });
    const around = span('2024-06-07T00:00:00Z', '2024-06-11T00:00:00Z');
    const nvda = { symbol: 'NVDA', timeframe: '1d' } as const;
    const pageOf = (of: typeof adjustment) =>
      sourceOf(exchange.url, { adjustment: of }).page(nvda, around, NEVER);
    const [before, after] = (await pageOf(adjustment)).bars;
    const [adjusted] = (await pageOf('all')).bars;
    expect((before?.close ?? 0) / (after?.open ?? 1)).toBeCloseTo(ratio, 0);
    expect((adjusted?.volume ?? 0) / (before?.volume ?? 1)).toBeCloseTo(ratio, 2);
  });

  it('of a symbol with a dot are found', async () => {
    const exchange = await startExchange();
    const brk = { symbol: 'BRK.B', timeframe: '1d' } as const;
    expect((await sourceOf(exchange.url).page(brk, WEEK, NEVER)).bars).toHaveLength(5);
  });

  it('are NaN where a field is missing, null or no number, and numbers where they come as text', async () => {
    const exchange = await startExchange();
    const odd = [
      { t: '2024-03-04T14:30:00Z', o: null, h: '186.5', l: 'NaN', c: true, v: '1e3' },
      { t: '2024-03-04T14:31:00Z' },
      { t: 1_709_562_720, o: '1,000.5', h: '', l: '0x10', c: [], v: {} },
      { t: '2024-03-04 14:33', o: 1, h: 1, l: 1, c: 1, v: 1 },
      null,
    ];
    exchange.fail({ kind: 'edit', edit: edited(() => odd) });
    const { bars } = await sourceOf(exchange.url).page(MINUTES, WEEK, NEVER);
    const none = { open: NaN, high: NaN, low: NaN, close: NaN, volume: NaN };
    expect(bars).toEqual([
      { ...none, openTime: at('2024-03-04T14:30:00Z'), high: 186.5, volume: 1000 },
      { ...none, openTime: at('2024-03-04T14:31:00Z') },
      { ...none, openTime: NaN },
      { openTime: NaN, open: 1, high: 1, low: 1, close: 1, volume: 1 },
      { ...none, openTime: NaN },
    ]);
  });

  it('keep what has more digits than a double: the nearest one', async () => {
    const exchange = await startExchange();
    const row =
      '{"t":"2024-03-04T14:30:00Z","o":0.1,"h":1e400,"l":0.30000000000000004,"c":2,"v":9007199254740993}';
    exchange.fail({ kind: 'body', body: `{"bars":{"AAPL":[${row}]},"next_page_token":null}` });
    const { bars } = await sourceOf(exchange.url).page(MINUTES, WEEK, NEVER);
    expect(bars[0]).toMatchObject({
      high: Infinity,
      low: 0.30000000000000004,
      volume: 9_007_199_254_740_992,
    });
  });

  it('come as they are sent: doubled, out of order, beyond the span', async () => {
    const exchange = await startExchange();
    const late = { t: '2024-04-01T13:30:00Z', o: 1, h: 1, l: 1, c: 1, v: 1 };
    const edit = edited(([first, second]) => [second, first, second, late]);
    exchange.fail({ kind: 'edit', edit });
    const { bars, completeTo } = await sourceOf(exchange.url).page(MINUTES, DAY, NEVER);
    expect(timesOf(bars)).toEqual([
      '2024-03-04T14:31:00Z',
      '2024-03-04T14:30:00Z',
      '2024-03-04T14:31:00Z',
      '2024-04-01T13:30:00Z',
    ]);
    expect(completeTo).toBe(DAY.to);
  });

  it.each([
    ['1d', '2024-03-08T05:00:00Z', '2024-03-09T00:00:00Z'],
    ['1w', '2024-02-26T05:00:00Z', '2024-03-04T00:00:00Z'],
  ] as const)(
    'of %s leave out the one that the start was rounded to',
    async (timeframe, t, from) => {
      const exchange = await startExchange();
      exchange.fail({ kind: 'edit', edit: edited(() => [{ t, o: 1, h: 1, l: 1, c: 1, v: 1 }]) });
      const page = await sourceOf(exchange.url).page(
        { symbol: 'AAPL', timeframe },
        span(from, '2024-03-11T00:00:00Z'),
        NEVER,
      );
      expect(page).toEqual({ bars: [], completeTo: at('2024-03-11T00:00:00Z') });
    },
  );

  it('of weeks open on Monday, also where they are stamped with their first session', async () => {
    const exchange = await startExchange();
    const row = { t: '2024-05-28T04:00:00Z', o: 1, h: 1, l: 1, c: 1, v: 1 };
    exchange.fail({ kind: 'edit', edit: edited(() => [row]) });
    const weeks = span('2024-05-20T00:00:00Z', '2024-06-10T00:00:00Z');
    const page = await sourceOf(exchange.url).page({ ...DAYS, timeframe: '1w' }, weeks, NEVER);
    expect(timesOf(page.bars)).toEqual(['2024-05-27T00:00:00Z']);
  });

  it('page on past an answer without a bar, as long as more is announced', async () => {
    const exchange = await startExchange();
    const token = Buffer.from('AAPL|2024-03-04T14:30:00Z').toString('base64');
    exchange.fail({ kind: 'edit', edit: () => ({ bars: {}, next_page_token: token }) });
    const { bars } = await sourceOf(exchange.url).page(MINUTES, WEEK, NEVER);
    expect(timesOf(bars)[0]).toBe('2024-03-04T14:30:00Z');
    expect(exchange.requests[1]?.query['page_token']).toBe(token);
  });

  it('come to an end where answers without a bar do not', async () => {
    const exchange = await startExchange();
    const edit = () => ({ bars: {}, next_page_token: 'again' });
    exchange.fail({ kind: 'edit', edit }, { times: 1000 });
    const problem = await problemOf(sourceOf(exchange.url).page(MINUTES, WEEK, NEVER));
    expect(problem).toMatchObject({ kind: 'bad-response', isRetryable: true });
    expect(exchange.requests).toHaveLength(20);
  });

  it('are complete no further than the last bar inside the span, whatever comes with it', async () => {
    const exchange = await startExchange();
    const far = { t: '2030-01-01T00:00:00Z', o: 1, h: 1, l: 1, c: 1, v: 1 };
    const edit = (answer: unknown) => {
      const rows = (answer as BarsAnswer).bars['AAPL']?.slice(0, 2) ?? [];
      return { bars: { AAPL: [...rows, far] }, next_page_token: 'more' };
    };
    exchange.fail({ kind: 'edit', edit });
    const page = await sourceOf(exchange.url).page(MINUTES, WEEK, NEVER);
    expect(page.completeTo).toBe((page.bars[1]?.openTime ?? 0) + timeframeMs('1m'));
  });

  it('are complete no further than what was asked for', async () => {
    const exchange = await startExchange();
    const edit = (answer: unknown) => ({ ...(answer as BarsAnswer), next_page_token: 'more' });
    exchange.fail({ kind: 'edit', edit });
    const odd = span('2024-03-04T14:30:00Z', '2024-03-04T14:31:30Z');
    const page = await sourceOf(exchange.url).page(MINUTES, odd, NEVER);
    expect([page.bars.length, page.completeTo]).toEqual([2, odd.to]);
  });

  it.each([
    [
      'another symbol',
      { bars: { MSFT: [] }, next_page_token: null },
      'AAPL was expected for bars of AAPL, was "MSFT"',
    ],
    ['no object', [], 'an object was expected for bars of AAPL, was a list'],
    ['null', null, 'an object was expected for bars of AAPL, was null'],
    ['no bars', {}, 'bars by symbol was expected for bars of AAPL, was undefined'],
    [
      'bars that are no list',
      { bars: { AAPL: 'x' } },
      'a list was expected for bars of AAPL, was a string',
    ],
    [
      'a token that is no text',
      { bars: {}, next_page_token: 7 },
      'a page token was expected for bars of AAPL, was a number',
    ],
  ])('are refused where the answer holds %s', async (_name, answer, sentence) => {
    const exchange = await startExchange();
    exchange.fail({ kind: 'edit', edit: () => answer });
    const problem = await problemOf(sourceOf(exchange.url).page(MINUTES, WEEK, NEVER));
    expect(problem).toBeInstanceOf(ExchangeError);
    expect(problem).toMatchObject({
      kind: 'bad-response',
      message: `alpaca: ${sentence}; try again later`,
    });
  });
});
