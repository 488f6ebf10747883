import { describe, expect, it } from 'vitest';
import { candles, fewCandles } from './candles.ts';
import {
  DATABASE,
  refusalOf,
  userDirectories,
  type Outcome,
  type UserDirectory,
} from './command-line.ts';

const makeDirectory = userDirectories();
const OR_IMPORT = ', or "quantsage import" with a file of yours';

/** Imports six hours of quiet candles from that time on. */
async function store(directory: UserDirectory, symbol: string, exchange: string, from: string) {
  directory.write('bars.csv', fewCandles(from));
  const series = ['--symbol', symbol, '--timeframe', '1h', '--exchange', exchange];
  await directory.prepare('import', 'bars.csv', ...series);
}

function backtest(directory: UserDirectory, ...flags: readonly string[]): Promise<Outcome> {
  return directory.run('backtest', '--strategy', 'mean_reversion_crypto', ...flags);
}

async function missing(directory: UserDirectory, ...flags: readonly string[]): Promise<string> {
  const outcome = await backtest(directory, ...flags);
  const sentence = refusalOf(outcome);
  expect(outcome.code).toBe(5);
  expect(directory.has(DATABASE) ? directory.runs() : [], 'no run was begun').toEqual([]);
  return sentence;
}

describe('a backtest without bars', () => {
  it('says which are missing and what to run', async () => {
    expect(
      await missing(makeDirectory(), '--symbols', 'SOL/USD', '--timerange', '20240101-20240201'),
    ).toBe(
      'no bars for SOL/USD 1h between 2024-01-01T00:00:00Z and 2024-02-01T00:00:00Z; run ' +
        '"quantsage collect --symbols SOL/USD --timeframe 1h --timerange 20240101-20240201"' +
        OR_IMPORT,
    );
  });

  it.each([
    [[], 'between the beginning and now; run "quantsage collect --symbols SOL/USD --timeframe 1h"'],
    [
      ['--timerange', '20240101-'],
      'between 2024-01-01T00:00:00Z and now; run "quantsage collect --symbols SOL/USD ' +
        '--timeframe 1h --timerange 20240101-"',
    ],
    [
      ['--timerange', '-20240101T0930'],
      'between the beginning and 2024-01-01T09:30:00Z; run "quantsage collect --symbols SOL/USD ' +
        '--timeframe 1h --timerange -20240101T0930"',
    ],
    [
      ['--exchange', 'kraken'],
      'of kraken between the beginning and now; run "quantsage collect --symbols SOL/USD ' +
        '--timeframe 1h --exchange kraken"',
    ],
  ])('repeats the question as asked: %j', async (flags, said) => {
    expect(await missing(makeDirectory(), '--symbols', 'SOL/USD', ...flags)).toBe(
      `no bars for SOL/USD 1h ${said}${OR_IMPORT}`,
    );
  });

  it('does not fill itself with the sample market where that has no such symbol', async () => {
    const directory = makeDirectory();
    await missing(directory, '--symbols', 'BTC/USD,SOL/USD');
    expect(directory.has(DATABASE), 'no database was made for nothing').toBe(false);
    expect((await directory.run('data', 'list')).stdout).toMatch(/^no data in data\/quantsage.db;/);
  });

  it('names the first symbol that the fullest exchange lacks', async () => {
    const directory = makeDirectory();
    await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
    expect(await missing(directory)).toMatch(/^no bars for ETH\/USD 1h between /);
  });

  it.each(['20231201-20240101', '-20240101', '20240101T0600-', '20240301-20240401'])(
    'says what there is where the range %s lies outside',
    async (range) => {
      const directory = makeDirectory();
      await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
      expect(await missing(directory, '--symbols', 'BTC/USD', '--timerange', range)).toContain(
        ' (kraken has 1h from 2024-01-01T00:00:00Z to 2024-01-01T06:00:00Z); run ',
      );
    },
  );

  it.each(['20240101T0500-', '-20240101T0100'])(
    'runs where the range %s holds a single bar',
    async (range) => {
      const directory = makeDirectory();
      await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
      const flags = ['--symbols', 'BTC/USD', '--timerange', range, '--json'];
      const { code, stdout } = await backtest(directory, ...flags);
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { bars: 1 }]);
    },
  );

  it('does not take a gap for data', async () => {
    const directory = makeDirectory();
    await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
    await store(directory, 'BTC/USD', 'kraken', '2024-03-01T00:00:00Z');
    expect(
      await missing(directory, '--symbols', 'BTC/USD', '--timerange', '20240201-20240202'),
    ).toMatch(
      /^no bars for BTC\/USD 1h between 2024-02-01T00:00:00Z and 2024-02-02T00:00:00Z \(kr/,
    );
  });

  it('says of another timeframe that there is one', async () => {
    const directory = makeDirectory();
    await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
    expect(await missing(directory, '--symbols', 'BTC/USD', '--timeframe', '5m')).toContain(
      'no bars for BTC/USD 5m between the beginning and now (kraken has 1h from 2024-01-01T',
    );
  });
});

describe('a backtest on bars of several exchanges', () => {
  it('asks which one is meant', async () => {
    const directory = makeDirectory();
    await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
    await store(directory, 'BTC/USD', 'bitfinex', '2024-01-01T00:00:00Z');
    const outcome = await backtest(directory, '--symbols', 'BTC/USD');
    expect(refusalOf(outcome)).toBe(
      'one exchange was expected to have BTC/USD 1h, there are 2: bitfinex, kraken; ' +
        'choose with --exchange',
    );
    expect(outcome.code).toBe(2);
    const chosen = await backtest(directory, '--symbols', 'BTC/USD', '--exchange', 'kraken');
    expect(chosen.code).toBe(0);
    expect(directory.runs()).toMatchObject([{ exchange: 'kraken' }]);
  });

  it('takes the configured one without asking', async () => {
    const directory = makeDirectory();
    await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
    await store(directory, 'BTC/USD', 'coinbase', '2024-01-01T00:00:00Z');
    expect((await backtest(directory, '--symbols', 'BTC/USD')).code).toBe(0);
    expect(directory.runs()).toMatchObject([{ exchange: 'coinbase' }]);
  });

  it('takes real bars before synthetic ones', async () => {
    const directory = makeDirectory();
    await directory.run('data', 'sample');
    await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
    const { stdout } = await backtest(directory, '--symbols', 'BTC/USD', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ bars: 6, synthetic_data: false });
  });

  it('never mixes two of them for the symbols of one run', async () => {
    const directory = makeDirectory();
    await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
    await store(directory, 'ETH/USD', 'bitfinex', '2024-01-01T00:00:00Z');
    expect(await missing(directory)).toMatch(/^no bars for BTC\/USD 1h .*\(kraken has 1h from/);
  });

  it('refuses symbols of two currencies', async () => {
    const directory = makeDirectory();
    await store(directory, 'BTC/USD', 'kraken', '2024-01-01T00:00:00Z');
    await store(directory, 'BTC/EUR', 'kraken', '2024-01-01T00:00:00Z');
    const outcome = await backtest(directory, '--symbols', 'BTC/USD,BTC/EUR');
    expect(refusalOf(outcome)).toBe(
      'symbols of one currency were expected, was USD and EUR (BTC/EUR); run them one by one',
    );
    expect(outcome.code).toBe(2);
  });
});

describe('a backtest on fewer bars than its indicators need', () => {
  it('ends without a trade, its metrics undefined', async () => {
    const from = '2024-01-01T00:00:00Z';
    const directory = makeDirectory({ 'bars.csv': candles({ from, count: 1, close: () => 100 }) });
    await directory.run('import', 'bars.csv', '--symbol', 'BTC/USD', '--timeframe', '1h');
    const { code, stdout } = await backtest(directory, '--symbols', 'BTC/USD', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      bars: 1,
      final_equity: 100_000,
      metrics: { total_trades: 0, win_rate: null, sharpe_ratio: null, profit_factor: null },
    });
  });
});
