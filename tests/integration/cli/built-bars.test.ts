import { describe, expect, it } from 'vitest';
import { candles } from './candles.ts';
import { refusalOf, userDirectories, type UserDirectory } from './command-line.ts';

const makeDirectory = userDirectories();
const FROM = '2024-01-01T00:00:00Z';
const HOUR_MS = 3_600_000;

interface Stored {
  readonly symbol?: string;
  readonly exchange?: string;
  readonly timeframe?: string;
  readonly count?: number;
}

/** Imports a wave of bars from the start of 2024 on: two days of hours unless told otherwise. */
async function store(directory: UserDirectory, stored: Stored = {}) {
  const { symbol = 'BTC/USD', exchange = 'kraken', timeframe = '1h', count = 48 } = stored;
  const stepMs = { '1m': HOUR_MS / 60, '1h': HOUR_MS, '4h': 4 * HOUR_MS }[timeframe] ?? NaN;
  const close = (index: number) => 100 + Math.round(1000 * Math.sin(index / 3)) / 100;
  directory.write('bars.csv', candles({ from: FROM, count, close, stepMs }));
  const series = ['--symbol', symbol, '--timeframe', timeframe, '--exchange', exchange];
  await directory.prepare('import', 'bars.csv', ...series);
}

const BACKTEST = ['backtest', '--strategy', 'mean_reversion_crypto', '--timeframe', '4h'] as const;

async function report(directory: UserDirectory, ...flags: readonly string[]) {
  const { code, stdout, stderr } = await directory.run(...BACKTEST, '--json', ...flags);
  expect([code, stderr.includes('error: ')]).toEqual([0, false]);
  const parsed: unknown = JSON.parse(stdout);
  return parsed;
}

const LABEL = '4h bars built from 1h bars';

describe('a backtest of a timeframe that is not stored', () => {
  it('runs on bars built from stored ones, and says so', async () => {
    const directory = makeDirectory();
    await store(directory);
    expect(await report(directory, '--symbols', 'BTC/USD')).toMatchObject({
      timeframe: '4h',
      built_from: { 'BTC/USD': '1h' },
      bars: 12,
      labels: expect.arrayContaining([LABEL]) as unknown,
      data_quality: { missing_bars: 0 },
      end: '2024-01-03T00:00:00Z',
    });
    const { stdout } = await directory.run(...BACKTEST, '--symbols', 'BTC/USD');
    expect(stdout).toContain('Backtest of mean_reversion_crypto on BTC/USD 4h (kraken)');
    expect(stdout).toContain(`\n! ${LABEL}\n`);
  });

  it('stores nothing of what it built', async () => {
    const directory = makeDirectory();
    await store(directory);
    const before = directory.rows('series', 'market_data');
    await report(directory, '--symbols', 'BTC/USD');
    expect(directory.rows('series', 'market_data')).toBe(before);
  });

  it('takes part of the period where that was asked for', async () => {
    const directory = makeDirectory();
    await store(directory);
    const range = ['--symbols', 'BTC/USD', '--timerange', '20240101T1000-20240102T1000'];
    expect(await report(directory, ...range)).toMatchObject({
      bars: 6,
      start: '2024-01-01T10:00:00Z',
      end: '2024-01-02T10:00:00Z',
    });
  });

  it('takes stored bars before built ones, symbol by symbol', async () => {
    const directory = makeDirectory();
    await store(directory);
    await store(directory, { timeframe: '4h', count: 12 });
    await store(directory, { symbol: 'ETH/USD' });
    expect(await report(directory, '--symbols', 'BTC/USD')).toMatchObject({ built_from: {} });
    expect(await report(directory, '--symbols', 'BTC/USD,ETH/USD')).toMatchObject({
      built_from: { 'ETH/USD': '1h' },
      labels: expect.arrayContaining([`ETH/USD: ${LABEL}`]) as unknown,
    });
  });

  it('takes stored bars of one exchange before those built for another', async () => {
    const directory = makeDirectory();
    await store(directory, { exchange: 'coinbase' });
    await store(directory, { exchange: 'bitfinex', timeframe: '4h', count: 12 });
    const symbol = ['--symbols', 'BTC/USD'];
    expect(await report(directory, ...symbol)).toMatchObject({ exchange: 'bitfinex' });
    expect(await report(directory, ...symbol, '--exchange', 'coinbase')).toMatchObject({
      exchange: 'coinbase',
      built_from: { 'BTC/USD': '1h' },
    });
  });

  it('takes the longest timeframe that has bars in the period', async () => {
    const directory = makeDirectory();
    await store(directory, { timeframe: '1m', count: 2 * 24 * 60 });
    await store(directory, { count: 24 });
    const symbol = ['--symbols', 'BTC/USD'];
    expect(await report(directory, ...symbol)).toMatchObject({ built_from: { 'BTC/USD': '1h' } });
    expect(await report(directory, ...symbol, '--timerange', '20240102-')).toMatchObject({
      built_from: { 'BTC/USD': '1m' },
      bars: 6,
    });
  });

  it('takes real bars before the synthetic market, built or not', async () => {
    const directory = makeDirectory();
    await directory.prepare('data', 'sample');
    await store(directory);
    expect(await report(directory, '--symbols', 'BTC/USD')).toMatchObject({
      exchange: 'kraken',
      synthetic_data: false,
    });
  });

  it('asks which exchange is meant where several could serve', async () => {
    const directory = makeDirectory();
    await store(directory);
    await store(directory, { exchange: 'bitfinex' });
    const outcome = await directory.run(...BACKTEST, '--symbols', 'BTC/USD');
    expect(refusalOf(outcome)).toBe(
      'one exchange was expected to have BTC/USD 4h, there are 2: bitfinex, kraken; ' +
        'choose with --exchange',
    );
  });

  it('runs on the sample market in an empty database', async () => {
    const directory = makeDirectory();
    expect(await report(directory)).toMatchObject({
      timeframe: '4h',
      synthetic_data: true,
      built_from: { 'BTC/USD': '1h', 'ETH/USD': '1h' },
      labels: expect.arrayContaining([LABEL]) as unknown,
      bars: (2 * 17_544) / 4,
    });
  });

  it.each([
    ['3h is all there is', { count: 3 }, '4h', 'kraken has 1h from 2024-01-01T00:00:00Z to 2024'],
    ['only longer bars are stored', { timeframe: '4h', count: 9 }, '1h', 'kraken has 4h from 2024'],
  ] as const)('says what is missing where %s', async (_, stored, timeframe, there) => {
    const directory = makeDirectory();
    await store(directory, stored);
    const flags = ['--symbols', 'BTC/USD', '--timeframe', timeframe];
    const outcome = await directory.run(...BACKTEST, ...flags);
    expect(outcome.code).toBe(5);
    const sentence = refusalOf(outcome);
    expect(sentence).toContain(`no bars for BTC/USD ${timeframe} between the beginning and now (`);
    expect(sentence).toContain(there);
    expect(sentence).toContain(
      `run "quantsage collect --symbols BTC/USD --timeframe ${timeframe}"`,
    );
  });

  it('says why hours of a stock make no day', async () => {
    const directory = makeDirectory();
    directory.write('bars.csv', candles({ from: FROM, count: 48, close: () => 100 }));
    const series = ['--symbol', 'SPY', '--timeframe', '1h', '--asset-class', 'stock'];
    await directory.prepare('import', 'bars.csv', ...series);
    const flags = ['--symbols', 'SPY', '--timeframe', '1d'];
    const sentence = refusalOf(await directory.run(...BACKTEST, ...flags));
    expect(sentence).toContain(
      '; 1d bars of US sessions, which open at 09:30, are built from 30m or shorter); run ',
    );
  });
});
