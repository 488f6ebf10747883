import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts';
import { ALPACA_KEYS, AlpacaExchange } from '../../support/exchanges/alpaca-exchange.ts';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { refusalOf, userDirectories, type UserDirectory } from '../cli/command-line.ts';
import { collectWords, NOW, reportOf, storedRows } from './collecting.ts';

const makeDirectory = userDirectories();

let server: LoopbackServer;

beforeEach(async () => {
  server = await startCoinbase({ now: NOW });
});

afterEach(async () => server.stop());

async function collected(directory: UserDirectory, ...words: readonly string[]) {
  return reportOf(await directory.run(...collectWords(server, [...words, '--json'])));
}

/** Five pages of Coinbase. */
const SIXTY_DAYS = ['--set', 'data.history_days=60'] as const;
const BTC = ['--symbols', 'BTC/USD', ...SIXTY_DAYS] as const;
const DECEMBER = [...BTC, '--timerange', '20231201-20240101'] as const;

describe('quantsage collect', () => {
  it('fetches a year of the configured symbols into a fresh directory, with no key', async () => {
    const directory = makeDirectory();
    const { code, stdout } = await directory.run(...collectWords(server));
    expect(code).toBe(0);
    const [head = '', ...lines] = stdout.trim().split('\n');
    expect(head.split(/ {2,}/)).toEqual(
      [
        'Exchange',
        'Symbol',
        'Timeframe',
        'New',
        'Unchanged',
        'Revised',
        'Set aside',
        'Outliers',
      ].concat(['Gaps', 'From', 'To']),
    );
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 5))).toEqual([
      ['coinbase', 'BTC/USD', '1h', '8,760', '0'],
      ['coinbase', 'ETH/USD', '1h', '8,760', '0'],
    ]);
  });

  it('fetches only what is new the next time', async () => {
    const directory = makeDirectory();
    await collected(directory, ...BTC);
    server.market.setNow(NOW + 5 * HOUR_MS);
    const before = server.requestsFor('candles').length;
    const { status, series } = await collected(directory, ...BTC);
    expect({ status, series }).toEqual({
      status: 'completed',
      series: [
        {
          exchange: 'coinbase',
          symbol: 'BTC/USD',
          timeframe: '1h',
          adjustment: 'raw',
          status: 'completed',
          inserted: 5,
          unchanged: 3,
          revised: 0,
          quarantined: 0,
          outliers: 0,
          gaps: 0,
          from: '2024-04-02T12:00:00Z',
          to: '2024-06-01T17:00:00Z',
          notes: [],
        },
      ],
    });
    expect(server.requestsFor('candles')).toHaveLength(before + 1);
  });

  it('takes several symbols and timeframes in one call', async () => {
    const words = ['--symbols', 'ETH/USD,BTC/USD', '--timeframe', '1d,1h'];
    const { series } = await collected(makeDirectory(), ...words, '--timerange', '20240501-');
    expect(series.map(({ symbol, timeframe, inserted }) => [symbol, timeframe, inserted])).toEqual([
      ['ETH/USD', '1d', 31],
      ['ETH/USD', '1h', 31 * 24 + 12],
      ['BTC/USD', '1d', 31],
      ['BTC/USD', '1h', 31 * 24 + 12],
    ]);
  });

  it('back-fills exactly what a range lacks', async () => {
    const directory = makeDirectory();
    await collected(directory, ...DECEMBER);
    const { series } = await collected(directory, ...BTC, '--timerange', '20231101-20240201');
    expect(series[0]).toMatchObject({ inserted: (30 + 31) * 24, unchanged: 3 });
    expect(storedRows(directory).spans).toMatchObject([
      { from_time: Date.UTC(2023, 10, 1), to_time: Date.UTC(2024, 1, 1) },
    ]);
  });

  it('deletes and collects again on --restart, and takes that down', async () => {
    const directory = makeDirectory();
    await collected(directory, ...DECEMBER);
    server.market.revise('BTC/USD', '1h', Date.UTC(2023, 11, 5), { volume: 1234 });
    const { series } = await collected(directory, ...DECEMBER, '--restart');
    expect(series[0]).toMatchObject({ inserted: 31 * 24, unchanged: 0 });
    const { bars, issues } = storedRows(directory);
    expect(bars).toContainEqual(expect.objectContaining({ volume: 1234, flags: 0 }));
    expect(issues).toMatchObject([{ rule: 'restart', quarantined: 0 }]);
  });

  it('deletes nothing on --restart while the exchange does not answer', async () => {
    const directory = makeDirectory();
    await collected(directory, ...DECEMBER);
    const before = storedRows(directory);
    server.inject({ kind: 'status', status: 502 }, { on: 'candles' });
    const words = [...DECEMBER, '--restart', '--set', 'data.retries=0'];
    const outcome = await directory.run(...collectWords(server, words));
    expect(outcome.code).toBe(4);
    expect(storedRows(directory)).toEqual(before);
  });

  it('records what the exchange says of an instrument', async () => {
    const directory = makeDirectory();
    await collected(directory, ...DECEMBER);
    expect(directory.rows('instruments')).toContain('"tick_size":"0.01"');
  });

  it('says in a pipe that it goes on, on stderr', async () => {
    const { stderr } = await makeDirectory().run(...collectWords(server, BTC));
    const lines = stderr.split('\n').filter((line) => line.startsWith('coinbase BTC/USD 1h: '));
    expect(lines.at(0)).toMatch(/: 20 %, 300 bars, [\d,]+ bars\/s$/);
    expect(lines.at(-1)).toMatch(/: 100 %, 1,440 bars, [\d,]+ bars\/s$/);
  });

  it('says what to do with the first candles, and is silent about it the next time', async () => {
    const directory = makeDirectory();
    const words = ['--symbols', 'BTC/USD,ETH/USD', '--timeframe', '1h,1d', ...SIXTY_DAYS];
    const first = await directory.run(...collectWords(server, words));
    const next =
      'next: quantsage data verify\n' +
      '      quantsage backtest --strategy mean_reversion_crypto --symbols BTC/USD,ETH/USD ' +
      '--timeframe 1h\n';
    expect(first.stderr.endsWith(next)).toBe(true);
    const named = /quantsage (backtest .*)/.exec(first.stderr)?.[1] ?? '';
    await directory.prepare(...named.split(' '));
    const second = await directory.run(...collectWords(server, words));
    expect(second.stderr).not.toContain('next: ');
  });

  it('notes where a venue has less than was asked for', async () => {
    const words = [...BTC, '--timeframe', '1d', '--timerange', '20140101-20150201'];
    const { series } = await collected(makeDirectory(), ...words);
    expect(series[0]?.notes).toEqual(['coinbase gave no bars before 2015-01-01T00:00:00Z']);
  });

  it('notes where no bar of what was asked for has closed yet', async () => {
    const { series } = await collected(makeDirectory(), ...BTC, '--timerange', '20240601T1200-');
    expect(series).toMatchObject([{ inserted: 0, notes: ['no bar of that time has closed yet'] }]);
  });
});

describe('quantsage collect, stocks', () => {
  const stocks = ['--symbols', 'BTC/USD,AAPL', '--timeframe', '1d', '--timerange', '20240501-'];

  it('come from their own exchange, beside crypto from its', async () => {
    const alpaca = await AlpacaExchange.start({ now: NOW });
    const keys = Object.entries(ALPACA_KEYS).map(([name, key]) => `${name}=${key}\n`);
    const directory = makeDirectory({ '.env': keys.join('') });
    const { series } = await collected(directory, ...stocks, ...alpaca.settings);
    await alpaca.close();
    // 31 days of crypto; 22 sessions, Memorial Day being none.
    expect(
      series.map(({ exchange, symbol, inserted, gaps }) => [exchange, symbol, inserted, gaps]),
    ).toEqual([
      ['coinbase', 'BTC/USD', 31, 0],
      ['alpaca', 'AAPL', 22, 0],
    ]);
  });

  it('are collected while the exchange of crypto is away, and it ends with exit 4', async () => {
    const alpaca = await AlpacaExchange.start({ now: NOW });
    const keys = Object.entries(ALPACA_KEYS).map(([name, key]) => `${name}=${key}\n`);
    const directory = makeDirectory({ '.env': keys.join('') });
    await server.stop();
    const words = [...stocks, ...alpaca.settings, '--set', 'data.retries=0', '--json'];
    const outcome = await directory.run(...collectWords(server, words));
    await alpaca.close();
    server = await startCoinbase({ now: NOW });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('error: coinbase could not be reached');
    const { status, series } = reportOf(outcome);
    expect(status).toBe('failed');
    expect(series.map((each) => [each.exchange, each.status, each.inserted])).toEqual([
      ['coinbase', 'skipped', 0],
      ['alpaca', 'completed', 22],
    ]);
  });

  it('need keys: without them nothing is fetched, and it says where to get them', async () => {
    const outcome = await makeDirectory().run(...collectWords(server, stocks));
    expect(outcome.code).toBe(2);
    expect(refusalOf(outcome)).toContain('APCA_API_KEY_ID');
    expect(server.requests).toEqual([]);
  });
});

describe('quantsage collect, refused', () => {
  it.each([
    [
      ['--timeframe', '4h'],
      '--timeframe: one that coinbase serves (1m, 5m, 15m, 30m, 1h, 2h, 6h, 1d) was expected, was ' +
        '"4h"; collect 2h, a backtest builds 4h from it',
    ],
    [['--timeframe', '1h,1h'], '--timeframe: each once was expected, was "1h" twice'],
    [['--symbols', 'BTX/USD'], /"BTX\/USD"; did you mean "BTC\/USD"\?$/],
    [['--symbols', 'BTC/USD,ETH/USDX'], /was "ETH\/USDX"; did you mean "ETH\/USD"\?$/],
    [['--symbols', 'BTC-USD'], /was "BTC-USD"; did you mean "BTC\/USD"\?$/],
    [['--symbols', 'AAPL', '--exchange', 'coinbase'], /was "AAPL"/],
    [['--exchange', 'coinbas'], /was "coinbas"; did you mean "coinbase"\?$/],
    [
      ['--follow', '--timerange', '20230101-20240101'],
      '--timerange: an open end such as 20230101- was expected with --follow, was "20230101-20240101"',
    ],
  ])('%j: a sentence that helps, exit 2, nothing fetched', async (words, sentence) => {
    const directory = makeDirectory();
    const outcome = await directory.run(
      ...collectWords(server, ['--set', 'system.log_level=error', ...words]),
    );
    expect(outcome.code).toBe(2);
    expect(refusalOf(outcome)).toMatch(sentence);
    expect(server.requestsFor('candles')).toEqual([]);
  });

  it('does what a backtest without data says', async () => {
    const directory = makeDirectory();
    const words = ['--strategy', 'mean_reversion_crypto', '--symbols', 'BTC/USD'];
    await directory.prepare(
      ...collectWords(server, ['--symbols', 'ETH/USD', '--timerange', '20240501-']),
    );
    const refused = await directory.run('backtest', ...words, '--timerange', '20240101-20240301');
    const command = /run "quantsage (collect [^"]+)"/.exec(refusalOf(refused))?.[1] ?? '';
    const [, ...said] = command.split(' ');
    expect(await collected(directory, ...said)).toMatchObject({ status: 'completed' });
    const { code } = await directory.run('backtest', ...words, '--timerange', '20240101-20240301');
    expect(code).toBe(0);
  });
});

describe('quantsage collect without an exchange', () => {
  it('exits 4, keeps and shows what was saved before, and says that the next call goes on', async () => {
    const directory = makeDirectory();
    server.inject({ kind: 'status', status: 503 }, { after: 2, times: Infinity });
    const words = ['--symbols', 'BTC/USD,ETH/USD', ...SIXTY_DAYS, '--set', 'data.retries=0'];
    const { code, stdout, stderr } = await directory.run(...collectWords(server, words));
    expect(code).toBe(4);
    expect(stdout).toMatch(/BTC\/USD +1h +600 .* failed\n.*ETH\/USD +1h +0 .* skipped\n$/);
    expect(stderr).toMatch(
      /error: .*; gave up after one try; 600 new bars were saved before; the next call goes on from there\n$/,
    );
    server.heal();
    const { series } = await collected(directory, ...words);
    expect(series.map(({ inserted }) => inserted)).toEqual([840, 1440]);
  });

  it('exits 4 when nothing can be reached at all', async () => {
    await server.stop();
    const words = collectWords(server, ['--set', 'data.retries=0']);
    const outcome = await makeDirectory().run(...words);
    expect(outcome.code).toBe(4);
    expect(refusalOf(outcome)).toContain('could not be reached');
    server = await startCoinbase({ now: NOW });
  });
});

describe('quantsage collect, interrupted', () => {
  it('ends with what is stored and exit 130; the next call goes on from there', async () => {
    const directory = makeDirectory();
    server.inject({ kind: 'hang' }, { after: 3 });
    const child = directory.start(collectWords(server, ['--json', ...BTC]));
    const watch = setInterval(() => {
      if (server.requestsFor('candles').length < 4) return;
      clearInterval(watch);
      child.process.kill('SIGINT');
    }, 5);
    const outcome = await child.outcome();
    expect(outcome.code).toBe(130);
    expect(reportOf(outcome)).toMatchObject({
      status: 'interrupted',
      series: [{ status: 'interrupted', inserted: 900 }],
      error: null,
    });
    const { series } = await collected(directory, ...BTC);
    expect(series[0]).toMatchObject({ inserted: 540, unchanged: 3 });
  });
});

describe('quantsage collect --follow', () => {
  it('prints every bar of a stream as it is stored, until it is interrupted', async () => {
    // So near the next minute that its candle may come: clocks differ by as much.
    const binance = await startBinance({ now: NOW - 4000 });
    const directory = makeDirectory();
    const words = ['--exchange', 'binance', '--symbols', 'BTC/USDT', '--timeframe', '1m'];
    const range = ['--timerange', '20240601-', '--follow', '--json'];
    const child = directory.start(collectWords(binance, [...words, ...range], 'binance'));
    const { stream } = binance;
    await stream?.whenSubscribed(1);
    const printed = new Promise((resolve) => child.process.stdout.once('data', resolve));
    for (const [index, time] of [NOW - MINUTE_MS, NOW].entries()) {
      const values = { open: 100, high: 101, low: 99, close: 100.5, volume: 7 + index };
      stream?.send({ symbol: 'BTC/USDT', timeframe: '1m' }, { time, ...values });
    }
    await printed;
    child.process.kill('SIGINT');
    const { code, stdout, stderr } = await child.outcome();
    await binance.stop();
    expect(stderr).toContain('following: a line for every bar when it has closed; Ctrl-C ends\n');
    const [bar, report] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(code).toBe(130);
    expect(bar).toMatchObject({
      symbol: 'BTC/USDT',
      inserted: 1,
      last: { close: 100.5, volume: 7 },
    });
    expect(report).toMatchObject({ status: 'interrupted' });
  });
});
