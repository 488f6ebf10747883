import { mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { namingTarget } from '../../../src/app/export-target.ts';
import { candles, fewCandles } from '../cli/candles.ts';
import { DATABASE, refusalOf, userDirectories, type UserDirectory } from '../cli/command-line.ts';

const makeDirectory = userDirectories();
const FROM = '2024-01-01T00:00:00Z';

/** A database of BTC/USD 1h of two exchanges and AAPL 1d. */
async function withBars(): Promise<UserDirectory> {
  const directory = makeDirectory({
    'BTC_USD-1h.csv': fewCandles(FROM),
    'AAPL.csv': candles({ from: FROM, count: 4, close: () => 100, stepMs: 86_400_000 }),
  });
  await directory.prepare('import', 'BTC_USD-1h.csv');
  await directory.prepare('import', 'BTC_USD-1h.csv', '--exchange', 'kraken');
  const stock = ['--symbol', 'AAPL', '--timeframe', '1d', '--exchange', 'alpaca'];
  await directory.prepare('import', 'AAPL.csv', ...stock);
  await directory.prepare('import', 'AAPL.csv', ...stock, '--adjustment', 'split');
  return directory;
}

const ONE = ['--exchange', 'kraken', '--symbols', 'BTC/USD'] as const;

describe('export', () => {
  it('writes one series to the file that is named, in the format of its name', async () => {
    const directory = await withBars();
    const outcome = await directory.run('export', ...ONE, '--to', 'bars.csv');
    expect(outcome).toEqual({
      code: 0,
      stdout: 'kraken BTC/USD 1h: 6 bars, 2024-01-01 00:00 to 2024-01-01 06:00\n  bars.csv\n',
      stderr: '',
    });
    expect(directory.read('bars.csv').split('\n').slice(0, 2)).toEqual([
      'timestamp,open,high,low,close,volume',
      '2024-01-01T00:00:00Z,100,100,100,100,100',
    ]);
  });

  it('writes every series to a directory, under names that import understands', async () => {
    const directory = await withBars();
    const { code, stdout } = await directory.run('export', '--to', 'out/all', '--json');
    expect(code).toBe(0);
    expect(readdirSync(directory.at('out/all')).toSorted()).toEqual([
      'alpaca_AAPL_1d.csv.gz',
      'coinbase_BTC-USD_1h.csv.gz',
      'kraken_BTC-USD_1h.csv.gz',
    ]);
    expect(JSON.parse(stdout)).toMatchObject([
      { exchange: 'alpaca', symbol: 'AAPL', timeframe: '1d', adjustment: 'raw', bars: 4 },
      { exchange: 'coinbase', format: 'csv.gz', file: 'out/all/coinbase_BTC-USD_1h.csv.gz' },
      { exchange: 'kraken', first_open: Date.parse(FROM), flagged_bars: 0 },
    ]);
    const other = ['import', 'out/all/alpaca_AAPL_1d.csv.gz', '--db', 'other.db'];
    expect((await directory.run(...other)).stdout).toContain(
      'alpaca AAPL 1d: 4 rows, 2024-01-01 00:00 to 2024-01-05 00:00\n  4 new',
    );
  });

  it('writes adjusted prices under a name of their own', async () => {
    const directory = await withBars();
    const flags = ['--adjustment', 'split', '--format', 'parquet', '--to', 'out'];
    expect((await directory.run('export', ...flags)).stdout).toBe(
      'alpaca AAPL 1d split: 4 bars, 2024-01-01 00:00 to 2024-01-05 00:00\n' +
        '  out/alpaca_AAPL_1d_split.parquet\n',
    );
    const other = ['import', 'out/alpaca_AAPL_1d_split.parquet', '--db', 'other.db'];
    expect((await directory.run(...other)).stdout).toContain('alpaca AAPL 1d split: 4 rows');
  });

  it('writes the bars of a range, its end not among them', async () => {
    const directory = await withBars();
    const range = ['--timerange', '20240102-20240104', '--symbols', 'AAPL'];
    await directory.prepare('export', ...range, '--to', 'days.csv');
    const days = directory.read('days.csv').match(/2024-01-\d\d/g);
    expect(days).toEqual(['2024-01-02', '2024-01-03']);
  });

  it('builds the bars of a timeframe that is not stored, as a backtest does, and says so', async () => {
    const directory = makeDirectory({
      'BTC_USD-1h.csv': candles({ from: FROM, count: 13, close: (hour) => 100 + hour }),
    });
    await directory.prepare('import', 'BTC_USD-1h.csv');
    const built = ['export', '--timeframe', '4h'];
    expect(await directory.run(...built, '--to', 'out')).toEqual({
      code: 0,
      stdout:
        'coinbase BTC/USD 4h: 3 bars, 2024-01-01 00:00 to 2024-01-01 12:00, built from 1h bars\n' +
        '  out/coinbase_BTC-USD_4h.csv.gz\n',
      stderr: '',
    });
    await directory.prepare(...built, '--to', '4h.csv', '--timerange', '20240101T0400-');
    expect(directory.read('4h.csv')).toBe(
      'timestamp,open,high,low,close,volume\n' +
        '2024-01-01T04:00:00Z,103,107,103,107,400\n' +
        '2024-01-01T08:00:00Z,107,111,107,111,400\n',
    );
    const { stdout } = await directory.run(...built, '--to', 'json.csv', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ timeframe: '4h', bars: 3, built_from: '1h' }]);
  });

  it('writes stored bars of a timeframe rather than built ones, and none that cannot be built', async () => {
    const directory = await withBars();
    const days = candles({ from: FROM, count: 2, close: () => 7, stepMs: 86_400_000 });
    directory.write('coinbase_BTC-USD_1d.csv', days);
    await directory.prepare('import', 'coinbase_BTC-USD_1d.csv');
    const { stdout } = await directory.run('export', '--timeframe', '1d', '--to', 'out');
    expect(stdout.match(/^\w.*/gm)).toEqual([
      'alpaca AAPL 1d: 4 bars, 2024-01-01 00:00 to 2024-01-05 00:00',
      'coinbase BTC/USD 1d: 2 bars, 2024-01-01 00:00 to 2024-01-03 00:00',
    ]);
  });

  it('is refused where one of several symbols has no bars in the range', async () => {
    const directory = await withBars();
    const flags = ['--symbols', 'AAPL,BTC/USD', '--timerange', '20240102-', '--to', 'out'];
    const outcome = await directory.run('export', ...flags);
    expect([outcome.code, refusalOf(outcome)]).toEqual([
      5,
      'stored bars of BTC/USD from 2024-01-02T00:00:00Z were expected, there are none; ' +
        '"quantsage data list" shows what there is; nothing was exported',
    ]);
    expect(directory.has('out')).toBe(false);
  });

  it('replaces a file only when told to', async () => {
    const directory = await withBars();
    directory.write('bars.csv', 'mine');
    const outcome = await directory.run('export', ...ONE, '--to', 'bars.csv');
    expect([outcome.code, refusalOf(outcome)]).toEqual([
      2,
      '--to: a file that can be written was expected, was "bars.csv": it is there already; ' +
        'replace it with --force; nothing was exported',
    ]);
    expect(directory.read('bars.csv')).toBe('mine');
    await directory.prepare('export', ...ONE, '--to', 'bars.csv', '--force');
    expect(directory.read('bars.csv')).toContain('timestamp,open');
  });

  it.each<[string, readonly string[], number, string]>([
    [
      'several series for one file',
      ['--to', 'all.csv'],
      2,
      '--to: a directory was expected for 3 series (alpaca AAPL 1d, coinbase BTC/USD 1h, kraken BTC/USD 1h), was the file "all.csv"',
    ],
    [
      'no known ending',
      [...ONE, '--to', 'bars.txt'],
      2,
      '--to: a name that ends in .csv, .csv.gz, .parquet was expected, was "bars.txt"',
    ],
    [
      'an unknown format',
      [...ONE, '--to', 'a.csv', '--format', 'xlsx'],
      2,
      '--format: one of csv, csv.gz, parquet was expected, was "xlsx"',
    ],
    [
      'an unknown adjustment',
      [...ONE, '--to', 'a.csv', '--adjustment', 'half'],
      2,
      '--adjustment: one of raw, split, dividend, all was expected, was "half"',
    ],
    ['nothing', [...ONE, '--to', ''], 2, '--to: a file or directory was expected, was ""'],
    [
      'a folder that is missing',
      [...ONE, '--to', 'no/bars.csv'],
      2,
      'was "no/bars.csv": there is no "no"',
    ],
    [
      'a path through a file',
      [...ONE, '--to', 'AAPL.csv/bars.csv'],
      2,
      'a part of the path is a file',
    ],
    ['a directory that is a file', ['--to', 'AAPL.csv/'], 2, 'a part of the path is a file'],
    [
      'a device',
      [...ONE, '--to', '/dev/null', '--format', 'csv', '--force'],
      2,
      'it is no regular file',
    ],
    [
      'an unknown symbol',
      ['--symbols', 'SOL/USD', '--to', 'out'],
      5,
      'stored bars of SOL/USD were expected, there are none',
    ],
    [
      'an empty range',
      ['--timerange', '20200101-20200201', '--to', 'out'],
      5,
      'from 2020-01-01T00:00:00Z until 2020-02-01T00:00:00Z were expected, there are none',
    ],
  ])('is refused with one sentence: %s', async (_, flags, code, said) => {
    const directory = await withBars();
    const before = readdirSync(directory.path);
    const outcome = await directory.run('export', ...flags);
    expect(refusalOf(outcome)).toContain(said);
    expect(outcome.code).toBe(code);
    expect(readdirSync(directory.path)).toEqual(before);
  });

  it('does not make a database to find that it is empty', async () => {
    const directory = makeDirectory();
    const outcome = await directory.run('export', '--to', 'out');
    expect(outcome.code).toBe(5);
    expect(refusalOf(outcome)).toContain('stored bars were expected, there are none');
    expect(directory.has(DATABASE)).toBe(false);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const directory = await withBars();
    mkdirSync(directory.at('out'));
    const outcome = await directory.runInterrupted('export', '--to', 'out');
    expect([outcome.code, refusalOf(outcome)]).toEqual([130, 'interrupted; nothing was exported']);
    expect(readdirSync(directory.at('out'))).toEqual([]);
  });

  it('says that the disk is full', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    await expect(namingTarget('out/bars.csv', () => Promise.reject(full))).rejects.toThrow(
      '--to: a file that can be written was expected, was "out/bars.csv": the disk is full; nothing was exported',
    );
  });
});

describe('import without flags', () => {
  it('takes symbol and timeframe from the name that freqtrade gives', async () => {
    const directory = makeDirectory({ 'ETH_USDT-1h.csv': fewCandles(FROM) });
    const { code, stdout } = await directory.run('import', 'ETH_USDT-1h.csv');
    expect([code, stdout]).toEqual([
      0,
      'coinbase ETH/USDT 1h: 6 rows, 2024-01-01 00:00 to 2024-01-01 06:00\n  6 new, 0 unchanged\n' +
        '  note: symbol ETH/USDT, timeframe 1h as the name of the file says\n',
    ]);
  });

  it('goes by the flags where the name says something else, and says so', async () => {
    const directory = makeDirectory({ 'kraken_ETH-USD_1h.csv': fewCandles(FROM) });
    const flags = ['--symbol', 'BTC/USD', '--exchange', 'coinbase'];
    const { stdout } = await directory.run('import', 'kraken_ETH-USD_1h.csv', ...flags);
    expect(stdout).toMatch(/^coinbase BTC\/USD 1h: 6 rows/);
    expect(stdout).toContain(
      'note: exchange coinbase as given, though the file says kraken\n' +
        '  note: symbol BTC/USD as given, though the file says ETH/USD\n',
    );
  });

  it('is refused where nothing tells the timeframe', async () => {
    const directory = makeDirectory({ 'x.csv': fewCandles(FROM) });
    const outcome = await directory.run('import', 'x.csv', '--symbol', 'BTC/USD');
    expect([outcome.code, refusalOf(outcome)]).toEqual([
      2,
      '--timeframe: a value such as 1h was expected, was missing, and the name of x.csv does not ' +
        'tell (coinbase_BTC-USD_1h.csv or BTC_USDT-1h.feather would)',
    ]);
  });
});
