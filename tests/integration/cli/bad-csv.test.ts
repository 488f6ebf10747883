import { truncateSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { fewCandles } from './candles.ts';
import { DATABASE, refusalOf, userDirectories } from './command-line.ts';

const makeDirectory = userDirectories();
const FLAGS = ['--symbol', 'BTC/USD', '--timeframe', '1h'] as const;
const TABLES = ['series', 'market_data', 'data_issues', 'instruments'] as const;

const HEADER = 'timestamp,open,high,low,close,volume';
const FIRST = '2018-01-01T00:00:00Z,10,12,9,11,100';
const GOOD = `${HEADER}\n${FIRST}\n`;

/** A good first row, and a second one that is good but for what is said. */
function second(change: Readonly<Record<string, string>>): string {
  const bar = { time: '2018-01-01T01:00:00Z', open: '10', high: '12', low: '9', close: '11' };
  return `${GOOD}${Object.values({ ...bar, volume: '100', ...change }).join(',')}\n`;
}

function times(one: string, other: string): string {
  return `${HEADER}\n${one},10,12,9,11,100\n${other},10,12,9,11,100\n`;
}

type Row = readonly [title: string, content: string | Buffer, sentence: string];

/** One row or more for each line of the table of bad CSV. */
const ROWS: readonly Row[] = [
  ['no header', `${FIRST}\n`, ':1: a header with a column for time was expected, was "2018-01-01T'],
  [
    'an unknown column for a known one',
    GOOD.replace('high', 'top'),
    ':1: a header with a column for high was expected, was "timestamp,open,top,low,close,volume"',
  ],
  [
    'a column twice',
    GOOD.replace('volume', 'close'),
    ':1: one close column instead of "close" and "close" was expected',
  ],
  [
    '1,000.5 without quotes',
    second({ open: '1,000.5' }),
    ':3: 6 fields as in the header instead of 7 was expected',
  ],
  [
    '1,000.5 in quotes',
    second({ open: '"1,000.5"' }),
    ':3: a number without thousands separators was expected in column "open", was "1,000.5"',
  ],
  [
    '1.000,5',
    GOOD.replaceAll(',', ';').replace(';10;', ';1.000,5;'),
    ':2: a number with a decimal point, not a comma, was expected in column "open", was "1.000,5"',
  ],
  [
    'an unclosed quote',
    `${GOOD}"2018-01-01T01:00:00Z,1,2,1,2,5\n`,
    ':3: a closing quote was expected, was the end of the file',
  ],
  ['a NUL', second({ open: '1\0' }), ':3: text was expected, was a NUL byte'],
  [
    'seconds, then milliseconds',
    times('1514764800', '1514768400000'),
    ':3: a time in epoch seconds like the rows before, not in epoch milliseconds, was expected in ' +
      'column "timestamp", was "1514768400000"',
  ],
  [
    'milliseconds, then microseconds',
    times('1514764800000', '1514768400000000'),
    ':3: a time in epoch milliseconds like the rows before, not in epoch microseconds, was expected',
  ],
  [
    'milliseconds, then nanoseconds',
    times('1514764800000', '1514768400000000000'),
    ':3: a time in epoch milliseconds like the rows before, not in epoch nanoseconds, was expected',
  ],
  [
    'a local time without its zone',
    times('2018-10-28 01:30:00', '2018-10-28 01:30:00'),
    ':2: a time with its zone (write 2018-01-31T15:00:00Z, or import with --assume-utc) was',
  ],
  [
    'a time twice with other values',
    second({ time: '2018-01-01T00:00:00Z', close: '10.5' }),
    ':3: a time that line 2 does not have with other values',
  ],
  [
    'high below low',
    second({ open: '8', high: '8', close: '8' }),
    ':3: low ≤ high (8) was expected in column "low", was "9"',
  ],
  [
    'close above high',
    second({ close: '13' }),
    ':3: close ≤ high (12) was expected in column "close", was "13"',
  ],
  [
    'a price of zero',
    second({ low: '0' }),
    ':3: a price from 1e-11 to 1000000000000 was expected in column "low", was "0"',
  ],
  [
    'a negative price',
    second({ low: '-9' }),
    ':3: a price from 1e-11 to 1000000000000 was expected in column "low", was "-9"',
  ],
  [
    'the text NaN',
    second({ close: 'NaN' }),
    ':3: a finite number instead of a placeholder was expected in column "close", was "NaN"',
  ],
  [
    'a negative volume',
    second({ volume: '-1' }),
    ':3: a volume from 0 to 1000000000000000000 was expected in column "volume", was "-1"',
  ],
  [
    'a volume of 1e30',
    second({ volume: '1e30' }),
    ':3: a volume from 0 to 1000000000000000000 was expected in column "volume", was "1e30"',
  ],
  [
    'a price of 1e-12',
    second({ low: '1e-12' }),
    ':3: a price from 1e-11 to 1000000000000 was expected in column "low", was "1e-12"',
  ],
  ['5,000 columns', `${Array(5000).fill('a').join()}\n`, ':1: at most 100 columns were expected'],
  [
    'a last line cut off',
    `${GOOD}2018-01-01T01:00:00Z,10,1`,
    ':3: 6 fields as in the header instead of 3 (the file seems cut off in its last line) was',
  ],
  [
    'a gzip file cut off',
    gzipSync(GOOD).subarray(0, 40),
    ': a whole gzip file was expected, was cut off',
  ],
  ['nothing in it', '', ': rows of bars were expected, was empty'],
  ['a header alone', `${HEADER}\n`, ': a header and at least one row of data were expected, was'],
  [
    'a 30th of February',
    second({ time: '2018-02-30T00:00:00Z' }),
    ':3: a date of the calendar was expected in column "timestamp", was "2018-02-30T00:00:00Z"',
  ],
  [
    'a 29th of February in a common year',
    second({ time: '2018-02-29T00:00:00Z' }),
    ':3: a date of the calendar was expected in column "timestamp", was "2018-02-29T00:00:00Z"',
  ],
  [
    'a time off the grid',
    second({ time: '2018-01-01T01:30:00Z' }),
    ':3: an open time on the 1h grid of UTC',
  ],
];

describe('import of a bad CSV file', () => {
  const filled = makeDirectory();

  beforeAll(async () => {
    filled.write('good.csv', fewCandles('2018-01-01T00:00:00Z'));
    await filled.prepare('import', 'good.csv', ...FLAGS);
  });

  it.each(ROWS)('says what is wrong and writes nothing: %s', async (_, content, said) => {
    const empty = makeDirectory({ 'bars.csv': content });
    const outcome = await empty.run('import', 'bars.csv', ...FLAGS);
    expect(refusalOf(outcome)).toContain(`bars.csv${said}`);
    expect(refusalOf(outcome).indexOf(`bars.csv${said}`), 'the place comes first').toBe(0);
    expect(outcome.code).toBe(5);
    expect(empty.has('data'), 'no database').toBe(false);

    const before = filled.rows(...TABLES);
    filled.write('bars.csv', content);
    const again = await filled.run('import', 'bars.csv', ...FLAGS);
    expect(refusalOf(again)).toBe(refusalOf(outcome));
    expect(again.code).toBe(5);
    expect(filled.rows(...TABLES) === before, 'the database is as it was').toBe(true);
  });

  it('ends at once at a file of 2 GiB without any text', async () => {
    const directory = makeDirectory({ 'bars.csv': '' });
    truncateSync(directory.at('bars.csv'), 2 * 1024 ** 3);
    const outcome = await directory.run('import', 'bars.csv', ...FLAGS);
    expect(refusalOf(outcome)).toMatch(/^bars\.csv:1: text was expected, was a NUL byte/);
    expect(outcome.code).toBe(5);
  });

  it('counts the rows that --max-bad-rows lets pass, and refuses one more', async () => {
    const directory = makeDirectory({
      'bars.csv': `${second({ close: '13' })}2018-01-01T02:00:00Z,10,12,9,14,100\n`,
    });
    const refused = await directory.run('import', 'bars.csv', ...FLAGS, '--max-bad-rows', '1');
    expect(refusalOf(refused)).toMatch(/was "13"; more than --max-bad-rows 1 allows;/);
    expect(directory.has('data')).toBe(false);
    const flags = [...FLAGS, '--max-bad-rows', '2'];
    const { code, stdout } = await directory.run('import', 'bars.csv', ...flags);
    expect(code).toBe(0);
    expect(stdout).toContain('1 new, 0 unchanged, 2 bad rows set aside');
  });
});

describe('import with a flag that makes no sense', () => {
  it.each<readonly [string, readonly string[], string]>([
    [
      'no symbol',
      ['--timeframe', '1h'],
      '--symbol: a value such as BTC/USD was expected, was missing, and the name of bars.csv does not tell',
    ],
    [
      'a symbol in lower case',
      ['--symbol', 'btc/usd', '--timeframe', '1h'],
      '--symbol: a symbol such as BTC/USD or AAPL was expected, was "btc/usd"; did you mean',
    ],
    [
      'months',
      ['--symbol', 'BTC/USD', '--timeframe', '1M'],
      '--timeframe: one of 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 1w was expected, was "1M"',
    ],
    [
      'an exchange in capitals',
      [...FLAGS, '--exchange', 'Coin Base'],
      '--exchange: an id such as coinbase was expected, was "Coin Base"',
    ],
    [
      'a third kind of asset',
      [...FLAGS, '--asset-class', 'bond'],
      "option '--asset-class <class>' argument 'bond' is invalid",
    ],
    [
      'half a bad row',
      [...FLAGS, '--max-bad-rows', '0.5'],
      '--max-bad-rows: a whole number of at least 0 was expected, was "0.5"',
    ],
  ])('exits 2 with one sentence: %s', async (_, flags, said) => {
    const directory = makeDirectory({ 'bars.csv': GOOD });
    const outcome = await directory.run('import', 'bars.csv', ...flags);
    expect(refusalOf(outcome)).toContain(said);
    expect(outcome.code).toBe(2);
    expect(directory.has('data')).toBe(false);
  });

  it.each([
    ['missing.csv', 'missing.csv: a file of candles was expected, was missing; check the path'],
    [
      '.',
      '.: a file of candles was expected, was a directory; name one file of CSV, JSON, Feather or Parquet',
    ],
    [
      '/dev/zero',
      '/dev/zero: a file of candles was expected, was no file; name one file of CSV, JSON, Feather or Parquet',
    ],
  ])('exits 5 where the file is %s', async (file, said) => {
    const directory = makeDirectory();
    const outcome = await directory.run('import', file, ...FLAGS);
    expect(refusalOf(outcome)).toBe(said);
    expect(outcome.code).toBe(5);
    expect(directory.has(DATABASE)).toBe(false);
  });

  it('keeps crypto and stock apart where a series is known as the other', async () => {
    const directory = makeDirectory({ 'bars.csv': GOOD });
    await directory.run('import', 'bars.csv', ...FLAGS);
    const before = directory.rows(...TABLES);
    const outcome = await directory.run('import', 'bars.csv', ...FLAGS, '--asset-class', 'stock');
    expect(refusalOf(outcome)).toBe(
      'series coinbase BTC/USD 1h: asset class "crypto" was expected, was "stock"; ' +
        'import it as what it is stored as',
    );
    expect(outcome.code).toBe(5);
    expect(directory.rows(...TABLES)).toBe(before);
  });
});

describe('import of a CSV file that is odd but clear', () => {
  it.each([
    ['semicolons', GOOD.replaceAll(',', ';')],
    ['tabs', GOOD.replaceAll(',', '\t')],
    ['a byte order mark', `\u{feff}${GOOD}`],
    ['gzip under the name of a plain file', gzipSync(GOOD)],
    ['an unknown column more', GOOD.replaceAll('\n', ',x\n')],
    ['no line break at its end', GOOD.trimEnd()],
  ])('takes it: %s', async (_, content) => {
    const directory = makeDirectory({ 'bars.csv': content });
    const { code, stdout, stderr } = await directory.run('import', 'bars.csv', ...FLAGS);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^coinbase BTC\/USD 1h: 1 row, 2018-01-01 00:00 to 2018-01-01 01:00\n/);
    expect(stdout).toContain('  1 new, 0 unchanged\n');
  });

  it('sorts rows, and says so', async () => {
    const directory = makeDirectory({
      'bars.csv': `${HEADER}\n2018-01-01T01:00:00Z,10,12,9,11,100\n${FIRST}\n`,
    });
    const { stdout } = await directory.run('import', 'bars.csv', ...FLAGS);
    expect(stdout).toContain('  note: rows were not in time order; they were sorted\n');
  });

  it('takes times without a zone as UTC when told to', async () => {
    const directory = makeDirectory({ 'bars.csv': GOOD.replace('T00:00:00Z', ' 00:00:00') });
    const { stdout } = await directory.run('import', 'bars.csv', ...FLAGS, '--assume-utc');
    expect(stdout).toContain('1 row, 2018-01-01 00:00 to 2018-01-01 01:00\n');
  });
});
