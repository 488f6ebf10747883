import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import { writeVersion2 } from '../sqlite/older-database.ts';
import { candles } from './candles.ts';
import { DATABASE, refusalOf, userDirectories, type UserDirectory } from './command-line.ts';

const makeDirectory = userDirectories();
const SERIES = ['--symbol', 'SOL/USD', '--timeframe', '1h'] as const;
const FROM = '2024-01-01T00:00:00Z';

/** 300 hours of a price that goes up and down by a fraction of a percent. */
const quiet = { from: FROM, count: 300, close: (index: number) => 100 + Math.sin(index) / 5 };

/** The line of a series' ledger with that label, what goes on below it included. */
function ledgerLine(stdout: string, label: string): string {
  const whole = stdout.replaceAll(/\n {4,}/g, ' ');
  const found = whole.split('\n').find((line) => line.startsWith(`  ${label} `));
  return (found ?? `no line ${label}`).trim().replaceAll(/ {2,}/g, ' | ');
}

/** Changes the bar of 2024-01-02 00:00 behind the program's back. */
function plant(directory: UserDirectory, change: string): void {
  const database = openDatabase(directory.at(DATABASE));
  database.pragma('ignore_check_constraints = ON');
  const time = Date.parse('2024-01-02T00:00:00Z');
  database.prepare(`UPDATE market_data SET ${change} WHERE open_time = ?`).run(time);
  database.close();
}

describe('data sample', () => {
  it('fills the database once: a second time changes nothing', async () => {
    const directory = makeDirectory();
    const first = await directory.run('data', 'sample');
    expect(first).toEqual({
      code: 0,
      stdout:
        'sample BTC/USD 1h: 17,544 synthetic bars, 2023-01-01 00:00 to 2025-01-01 00:00\n' +
        'sample ETH/USD 1h: 17,544 synthetic bars, 2023-01-01 00:00 to 2025-01-01 00:00\n',
      stderr: '',
    });
    const tables = ['series', 'market_data', 'data_issues', 'instruments'];
    const before = directory.rows(...tables);
    expect(await directory.run('data', 'sample')).toEqual(first);
    expect(directory.rows(...tables) === before, 'the database is as it was').toBe(true);
  });

  it('gives the same bars in every directory', async () => {
    const [one, other] = [makeDirectory(), makeDirectory()];
    await one.run('data', 'sample');
    await other.run('data', 'sample');
    expect(one.rows('market_data') === other.rows('market_data')).toBe(true);
  });
});

describe('import --calendar', () => {
  it('is remembered for further files of the series', async () => {
    const day = (date: string) => ({ from: `${date}T00:00:00Z`, count: 5, close: () => 100 });
    const directory = makeDirectory({
      'one.csv': candles({ ...day('2024-01-01'), stepMs: DAY_MS }),
      'two.csv': candles({ ...day('2024-01-06'), stepMs: DAY_MS }),
    });
    const series = ['--symbol', 'SX5E', '--timeframe', '1d'];
    await directory.prepare('import', 'one.csv', ...series, '--calendar', 'unknown');
    const { stdout } = await directory.run('import', 'two.csv', ...series, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ exchange: 'alpaca', calendar: 'unknown' });
  });
});

describe('import of BTCUSD', () => {
  const words = ['import', 'bars.csv', '--symbol', 'BTCUSD', '--timeframe', '1h'];

  it('asks whether BTC/USD was meant, which is no stock', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    const { code, stderr } = await directory.run(...words);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "BTC/USD"?');
    expect((await directory.run('data', 'list')).stdout).toContain('no data');
  });

  it('takes the user at his word where he says what it is', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    const chosen = ['--asset-class', 'stock', '--calendar', 'always'];
    const { code, stdout } = await directory.run(...words, ...chosen);
    expect(code).toBe(0);
    expect(stdout).toContain(' BTCUSD 1h: 300 rows');
  });
});

describe('data list', () => {
  it('says what to do where there is nothing', async () => {
    const said =
      'no data in data/quantsage.db; run "quantsage collect", "quantsage data sample" or ' +
      '"quantsage import FILE --symbol BTC/USD --timeframe 1h"\n';
    for (const command of ['list', 'verify']) {
      const { code, stdout } = await makeDirectory().run('data', command);
      expect([code, stdout]).toEqual([0, said]);
    }
  });

  it('shows every series with its extent, the end being the close of the last bar', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    await directory.run('import', 'bars.csv', ...SERIES, '--exchange', 'kraken');
    await directory.run('data', 'sample');
    const { stdout } = await directory.run('data', 'list');
    expect(stdout.split('\n')).toEqual([
      'Exchange  Symbol   Timeframe    Bars  From              To',
      // 300 hours are 12 days and 12 hours.
      'kraken    SOL/USD  1h            300  2024-01-01 00:00  2024-01-13 12:00',
      'sample    BTC/USD  1h         17,544  2023-01-01 00:00  2025-01-01 00:00',
      'sample    ETH/USD  1h         17,544  2023-01-01 00:00  2025-01-01 00:00',
      '',
    ]);
  });

  it('puts short bars before long ones', async () => {
    const directory = makeDirectory({
      'quarter.csv': candles({ ...quiet, stepMs: DAY_MS / 96 }),
      'hour.csv': candles(quiet),
      'day.csv': candles({ ...quiet, stepMs: DAY_MS }),
    });
    for (const [name, timeframe] of [
      ['day', '1d'],
      ['hour', '1h'],
      ['quarter', '15m'],
    ]) {
      const series = ['--symbol', 'SOL/USD', '--timeframe', `${timeframe}`];
      await directory.prepare('import', `${name}.csv`, ...series);
    }
    const { stdout } = await directory.run('data', 'list', '--json');
    const listed = JSON.parse(stdout) as readonly { readonly timeframe: string }[];
    expect(listed.map(({ timeframe }) => timeframe)).toEqual(['15m', '1h', '1d']);
  });

  it('names the adjustment of prices that are not as traded', async () => {
    const directory = makeDirectory();
    await directory.run('data', 'sample', '--db', 'data.db');
    const database = openDatabase(directory.at('data.db'));
    database.exec(`UPDATE series SET asset_class = 'stock', adjustment = 'all' WHERE id = 1`);
    database.close();
    const { stdout } = await directory.run('data', 'list', '--db', 'data.db');
    expect(stdout.split('\n').map((line) => line.slice(0, 27).trimEnd())).toEqual([
      'Exchange  Symbol   Timefram',
      'sample    BTC/USD  1h all',
      'sample    ETH/USD  1h',
      '',
    ]);
  });

  it('says where the copy is that it kept of a database of an older version', async () => {
    const directory = makeDirectory();
    writeVersion2(directory.at('old.db'), 10);
    const { code, stdout, stderr } = await directory.run('data', 'list', '--db', 'old.db');
    expect([code, stdout.split('\n').length]).toEqual([0, 5]);
    expect(stderr).toContain('the database was brought up to date; a copy of it as it was before');
    expect(stderr).toContain(`${directory.at('old.db')}.v2.backup`);
    expect((await directory.run('data', 'list', '--db', 'old.db')).stderr).toBe('');
  });

  it('prints the same as JSON', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    await directory.run('import', 'bars.csv', ...SERIES);
    const { stdout } = await directory.run('data', 'list', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      {
        exchange: 'coinbase',
        symbol: 'SOL/USD',
        asset_class: 'crypto',
        adjustment: 'raw',
        calendar: 'always',
        bars: 300,
        first_open: Date.parse(FROM),
      },
    ]);
  });
});

describe('data verify', () => {
  it('says how many bars of a stock lie before and after hours', async () => {
    // Eight in the morning until midnight UTC: the session takes seven of these hours.
    const wholeDay = candles({ ...quiet, from: '2024-01-03T08:00:00Z', count: 16 });
    const directory = makeDirectory({ 'bars.csv': wholeDay });
    await directory.prepare('import', 'bars.csv', '--symbol', 'AAPL', '--timeframe', '1h');
    const { stdout } = await directory.run('data', 'verify');
    expect(stdout).toMatch(/^alpaca AAPL 1h: clean\n/);
    expect(ledgerLine(stdout, 'expected')).toBe(
      'expected | 7 | in the hours of the exchange; 9 more before and after',
    );
  });

  it('finds gaps, flat and silent stretches and outliers, and says where', async () => {
    const rows = candles({
      ...quiet,
      close: (index) => {
        if (index >= 200 && index < 230) return 100;
        return quiet.close(index) * (index === 150 ? 1.5 : 1);
      },
      volume: (index) => (index >= 250 && index < 270 ? 0 : 100),
    }).split('\n');
    // Line 0 is the header, so that line 101 holds the hour 100: 2024-01-05 04:00.
    rows.splice(101, 3);
    const directory = makeDirectory({ 'bars.csv': rows.join('\n') });
    await directory.run('import', 'bars.csv', ...SERIES);
    const { code, stdout, stderr } = await directory.run('data', 'verify');
    expect(code).toBe(0);
    expect(stderr).toBe('to fill gaps: quantsage data repair --method refetch --dry-run\n');
    expect(stdout).toMatch(/^coinbase SOL\/USD 1h: has defects\n/);
    expect(ledgerLine(stdout, 'bars')).toBe('bars | 297');
    expect(ledgerLine(stdout, 'expected')).toBe('expected | 300');
    expect(ledgerLine(stdout, 'missing')).toBe('missing | 3');
    expect(ledgerLine(stdout, 'gaps')).toBe('gaps | 1 | 2024-01-05 04:00 +3');
    // Hour 150 jumps up and holds until the close; hour 151 trades all the way back down.
    expect(ledgerLine(stdout, 'bad prints')).toBe('bad prints | 0');
    expect(ledgerLine(stdout, 'large moves')).toMatch(
      /^large moves \| 2 \| 2024-01-07 06:00 close 1\d\d\.\d+, \d+\.\d+ % .*; 2024-01-07 07:00$/,
    );
    const lines = stdout.split('\n');
    expect(lines.find((line) => line.length > 110)).toBeUndefined();
    // The first of the thirty equal closes still moved there: flat are hours 201 to 229.
    expect(ledgerLine(stdout, 'flat runs')).toBe(
      'flat runs | 1 | 29 bars, longest 29 from 2024-01-09 09:00 at 100',
    );
    // Hour 250 is 2024-01-11 10:00.
    expect(ledgerLine(stdout, 'zero-volume runs')).toMatch(
      /^zero-volume runs \| 1 \| 20 bars, longest 20 from 2024-01-11 10:00 at /,
    );
    expect(ledgerLine(stdout, 'outages'), 'one was flat, the other silent').toBe('outages | 0');
    expect(ledgerLine(stdout, 'invariant breaks')).toBe('invariant breaks | 0');
  });

  it('exits 5 where a stored bar is broken, and names the bar and the rule', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    await directory.run('import', 'bars.csv', ...SERIES);
    plant(directory, 'open_time = open_time + 60000');
    const { code, stdout, stderr } = await directory.run('data', 'verify');
    expect([code, stderr]).toEqual([5, '']);
    expect(ledgerLine(stdout, 'invariant breaks')).toMatch(
      /^invariant breaks \| 1 \| 2024-01-02 00:01 an open time on the 1h grid was expected, was open 99\./,
    );
  });

  it('refuses a database whose own checks a stored bar breaks', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    await directory.run('import', 'bars.csv', ...SERIES);
    plant(directory, 'high = low / 2');
    const outcome = await directory.run('data', 'verify');
    expect(refusalOf(outcome)).toMatch(
      /an intact file was expected, was damaged \(CHECK constraint/,
    );
    expect(outcome.code).toBe(5);
  });

  it('exits 5 for a defect of any kind when it is strict', async () => {
    const rows = candles(quiet).split('\n');
    rows.splice(101, 3);
    const directory = makeDirectory({ 'bars.csv': rows.join('\n') });
    await directory.run('import', 'bars.csv', ...SERIES);
    const codes = [];
    for (const flags of [[], ['--strict']]) {
      codes.push((await directory.run('data', 'verify', ...flags)).code);
    }
    expect(codes).toEqual([0, 5]);
  });

  it('verifies the timeframe and the exchange asked for, and says when there is nothing', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    await directory.run('import', 'bars.csv', ...SERIES);
    await directory.run('import', 'bars.csv', ...SERIES, '--exchange', 'kraken');
    const narrow = ['--exchange', 'kraken', '--timeframe', '1h'];
    const { stdout } = await directory.run('data', 'verify', ...narrow);
    expect(stdout.match(/^\S.*$/gm)).toEqual(['kraken SOL/USD 1h: clean']);
    for (const [flags, named] of [
      [['--timeframe', '4h'], 'of 4h'],
      [['--exchange', 'bitstamp'], 'at bitstamp'],
      [['--symbols', 'SOL/USD', '--timeframe', '4h'], 'of SOL/USD 4h'],
    ] as const) {
      const outcome = await directory.run('data', 'verify', ...flags);
      expect([outcome.code, refusalOf(outcome)]).toEqual([
        5,
        `a stored series ${named} was expected, there is none; "quantsage data list" shows what ` +
          'there is',
      ]);
    }
  });

  it('verifies the symbols asked for, and refuses one it does not have', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    await directory.run('import', 'bars.csv', ...SERIES);
    await directory.run('data', 'sample');
    const { stdout } = await directory.run('data', 'verify', '--symbols', 'ETH/USD,SOL/USD');
    expect(stdout.match(/^\S+ \S+ 1h: .+$/gm)).toEqual([
      'coinbase SOL/USD 1h: clean',
      'sample ETH/USD 1h: clean',
    ]);
    const outcome = await directory.run('data', 'verify', '--symbols', 'SOL/USD,XRP/USD');
    expect(refusalOf(outcome)).toBe(
      'a stored series of XRP/USD was expected, there is none; "quantsage data list" shows what ' +
        'there is',
    );
    expect(outcome.code).toBe(5);
  });
});

describe('import', () => {
  it('of the same file again leaves everything as it was, and says so', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    const first = await directory.run('import', 'bars.csv', ...SERIES);
    expect(first.stdout).toBe(
      'coinbase SOL/USD 1h: 300 rows, 2024-01-01 00:00 to 2024-01-13 12:00\n' +
        '  300 new, 0 unchanged\n',
    );
    const tables = ['series', 'market_data', 'data_issues', 'instruments'];
    const before = directory.rows(...tables);
    const second = await directory.run('import', 'bars.csv', ...SERIES);
    expect(second.stdout).toContain('\n  0 new, 300 unchanged\n');
    expect(directory.rows(...tables) === before, 'the database is as it was').toBe(true);
  });

  it('adds what is new of a longer file', async () => {
    const directory = makeDirectory({
      'bars.csv': candles(quiet),
      'more.csv': candles({ ...quiet, count: 310 }),
    });
    await directory.run('import', 'bars.csv', ...SERIES);
    const { stdout } = await directory.run('import', 'more.csv', ...SERIES);
    expect(stdout).toContain('\n  10 new, 300 unchanged\n');
  });

  it('keeps the stored values where a file has others, and says so', async () => {
    const other = candles(quiet).replace(/^(2024-01-02T00:00:00\.000Z,.*),100$/m, '$1,101');
    const directory = makeDirectory({ 'bars.csv': candles(quiet), 'other.csv': other });
    await directory.run('import', 'bars.csv', ...SERIES);
    const before = directory.rows('market_data');
    const { code, stdout } = await directory.run('import', 'other.csv', ...SERIES);
    expect(code).toBe(0);
    expect(stdout).toContain('\n  0 new, 299 unchanged, 1 conflicting (kept as stored)\n');
    expect(directory.rows('market_data') === before, 'the bars are as they were').toBe(true);
    const verified = await directory.run('data', 'verify', '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject([
      {
        expected: 300,
        status: 'defects',
        defects: {
          conflicts: { count: 1, examples: [{ open_time: Date.parse('2024-01-02T00:00:00Z') }] },
        },
      },
    ]);
  });

  it('prints what it did as JSON', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    const { stdout } = await directory.run('import', 'bars.csv', ...SERIES, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'bars.csv',
      asset_class: 'crypto',
      summary: { rows: 300, bad_rows: 0, first_open: Date.parse(FROM) },
      saved: { inserted: 300, unchanged: 0, conflicting: 0 },
    });
  });

  it('leaves the database alone when Ctrl-C comes before the end of the file', async () => {
    const directory = makeDirectory({ 'bars.csv': candles(quiet) });
    const outcome = await directory.runInterrupted('import', 'bars.csv', ...SERIES);
    expect(refusalOf(outcome)).toBe('interrupted; nothing was imported');
    expect(outcome.code).toBe(130);
    expect(directory.has('data')).toBe(false);
  });
});

describe('strategies list', () => {
  it('names what --strategy takes', async () => {
    const directory = makeDirectory();
    const { code, stdout, stderr } = await directory.run('strategies', 'list');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Strategy +Kind +Symbols +Timeframe +Sides +Description\n/);
    expect(stdout).toMatch(/\nmean_reversion_crypto +mean_reversion +BTC\/USD,ETH\/USD +1h +long /);
    expect(stdout).toMatch(/\nmomentum_crypto +momentum +BTC\/USD,ETH\/USD +1h +long /);
    const { stdout: json } = await directory.run('strategies', 'list', '--json');
    expect(JSON.parse(json)).toMatchObject([
      { id: 'mean_reversion_crypto', kind: 'mean_reversion', allow_short: false },
      { id: 'momentum_crypto', kind: 'momentum', allow_short: false },
    ]);
  });
});
