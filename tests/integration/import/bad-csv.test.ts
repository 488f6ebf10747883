import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT_CODES, QuantSageError } from '../../../src/core/errors.ts';
import { importFile } from './import-file.ts';

const HEADER = 'timestamp,open,high,low,close,volume';
const FIRST = '2018-01-01T00:00:00Z,10,12,9,11,100';
const GOOD = `${HEADER}\n${FIRST}\n`;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bad-csv-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function refusalOf(content: string | Buffer, name = 'bars.csv'): Promise<QuantSageError> {
  const path = join(folder, name);
  writeFileSync(path, content);
  try {
    await importFile({ path, symbol: 'BTC/USD', timeframe: '1h' });
  } catch (error) {
    if (error instanceof QuantSageError) return error;
    throw error;
  }
  throw new Error('a refusal was expected, was an import');
}

/** A second row, good but for one value. */
function row(
  change: Partial<Record<'time' | 'open' | 'high' | 'low' | 'close' | 'volume', string>>,
) {
  const bar = {
    time: '2018-01-01T01:00:00Z',
    open: '10',
    high: '12',
    low: '9',
    close: '11',
    volume: '100',
    ...change,
  };
  return `${GOOD}${[bar.time, bar.open, bar.high, bar.low, bar.close, bar.volume].join(',')}\n`;
}

function epochs(first: string, second: string): string {
  return `${HEADER}\n${first},10,12,9,11,100\n${second},10,12,9,11,100\n`;
}

describe('a CSV file that is refused', () => {
  it.each([
    ['no header', `${FIRST}\n`, ':1: a header with a column for time was expected, was "2018-'],
    [
      'an unknown column in place of a known one',
      GOOD.replace('high', 'hi'),
      ':1: a header with a column for high was expected, was "timestamp,open,hi,',
    ],
    [
      'a duplicated column',
      GOOD.replace('volume', 'close'),
      ':1: one close column instead of "close" and "close" was expected',
    ],
    [
      '1,000.5 unquoted',
      row({ open: '1,000.5' }),
      ':3: 6 fields as in the header instead of 7 was expected',
    ],
    [
      '1,000.5 quoted',
      row({ open: '"1,000.5"' }),
      ':3: a number without thousands separators was expected in column "open", was "1,000.5"',
    ],
    [
      '1.000,5 in a file with semicolons',
      GOOD.replaceAll(',', ';').replace(';10;', ';1.000,5;'),
      ':2: a number with a decimal point, not a comma, was expected in column "open", was "1.000,5"',
    ],
    [
      'an unclosed quote',
      `${GOOD}"2018-01-01T01:00:00Z,1,2,1,2,5\n`,
      ':3: a closing quote was expected, was the end of the file',
    ],
    ['a NUL', row({ open: '1\0' }), ':3: text was expected, was a NUL byte'],
    [
      'seconds, then milliseconds',
      epochs('1514764800', '1514768400000'),
      ':3: a time in epoch seconds like the rows before, not in epoch milliseconds, was expected',
    ],
    [
      'milliseconds, then microseconds',
      epochs('1514764800000', '1514768400000000'),
      ':3: a time in epoch milliseconds like the rows before, not in epoch microseconds, was expected',
    ],
    [
      'microseconds, then nanoseconds',
      epochs('1514764800000000', '1514768400000000000'),
      ':3: a time in epoch microseconds like the rows before, not in epoch nanoseconds, was expected',
    ],
    [
      'a local time without zone',
      row({ time: '2018-01-01 01:00:00' }),
      ':3: a time with its zone (write 2018-01-31T15:00:00Z, or import with --assume-utc) was expected',
    ],
    [
      'a repeated local hour of a clock change',
      row({ time: '2018-10-28 01:30' }),
      ':3: a time with its zone',
    ],
    [
      'one time with two values',
      row({ time: '2018-01-01T00:00:00Z', close: '12' }),
      ':3: a time that line 2 does not have with other values (line 3 is the fuller of the two) was expected in column "timestamp", was "2018-01-01T00:00:00Z"',
    ],
    [
      'high below low',
      row({ high: '8', open: '8', close: '8' }),
      ':3: low ≤ high (8) was expected in column "low", was "9"',
    ],
    [
      'close above high',
      row({ close: '13' }),
      ':3: close ≤ high (12) was expected in column "close", was "13"',
    ],
    [
      'a zero price',
      row({ low: '0' }),
      ':3: a price from 1e-11 to 1000000000000 was expected in column "low", was "0"',
    ],
    [
      'a negative price',
      row({ low: '-9' }),
      ':3: a price from 1e-11 to 1000000000000 was expected in column "low", was "-9"',
    ],
    [
      'the text NaN',
      row({ close: 'NaN' }),
      ':3: a finite number instead of a placeholder was expected in column "close", was "NaN"',
    ],
    [
      'an empty field',
      row({ close: '' }),
      ':3: a number instead of an empty field was expected in column "close", was ""',
    ],
    [
      'a number beyond doubles',
      row({ high: '1e400' }),
      ':3: a number within the range of a double was expected in column "high", was "1e400"',
    ],
    [
      'a negative volume',
      row({ volume: '-1' }),
      ':3: a volume from 0 to 1000000000000000000 was expected in column "volume", was "-1"',
    ],
    [
      'a volume of 1e30',
      row({ volume: '1e30' }),
      ':3: a volume from 0 to 1000000000000000000 was expected in column "volume", was "1e30"',
    ],
    [
      'a price of 1e-12',
      row({ low: '1e-12' }),
      ':3: a price from 1e-11 to 1000000000000 was expected in column "low", was "1e-12"',
    ],
    [
      '5,000 columns',
      `${Array.from({ length: 5000 }, () => 'a').join(',')}\n`,
      ':1: at most 100 columns were expected, was 5000',
    ],
    [
      'a truncated last line',
      `${GOOD}2018-01-01T01:00:00Z,10,1`,
      ':3: 6 fields as in the header instead of 3 (the file seems cut off in its last line) was expected',
    ],
    ['nothing in it', '', ': rows of bars were expected, was empty'],
    [
      'a header only',
      `${HEADER}\n`,
      ': a header and at least one row of data were expected, was without any',
    ],
    [
      'a 30th of February',
      row({ time: '2024-02-30T00:00:00Z' }),
      ':3: a date of the calendar was expected in column "timestamp", was "2024-02-30T00:00:00Z"',
    ],
    [
      'a 29th of February in a common year',
      row({ time: '2023-02-29T00:00:00Z' }),
      ':3: a date of the calendar was expected',
    ],
    [
      '24:00',
      row({ time: '2018-01-01T24:00:00Z' }),
      ':3: a time of day up to 23:59:59 was expected',
    ],
    [
      'a time off the grid',
      row({ time: '2018-01-01T01:30:00Z' }),
      ':3: an open time on the 1h grid of UTC',
    ],
  ])('has %s', async (_, content, sentence) => {
    const error = await refusalOf(content);
    expect(error.exitCode).toBe(EXIT_CODES.data);
    expect(error.message).toContain(`bars.csv${sentence}`);
    expect(error.message, 'one sentence').not.toContain('\n');
  });

  it('is gzip cut off in the middle', async () => {
    const packed = gzipSync(row({}));
    const error = await refusalOf(packed.subarray(0, packed.length - 12), 'bars.csv.gz');
    expect(error.message).toContain('a whole gzip file was expected, was cut off');
    expect(error.exitCode).toBe(EXIT_CODES.data);
  });
});

describe('a CSV file that is odd but clear', () => {
  it.each([
    ['semicolons', row({}).replaceAll(',', ';'), []],
    ['tabs', row({}).replaceAll(',', '\t'), []],
    ['a byte order mark', `\u{feff}${row({})}`, []],
    ['a gzip file without the name of one', gzipSync(row({})), []],
    ['an unknown column more', row({}).replaceAll('\n', ',x\n'), ['column "x" not used']],
    [
      'unsorted rows',
      `${HEADER}\n2018-01-01T01:00:00Z,10,12,9,11,100\n${FIRST}\n`,
      ['rows were not in time order; they were sorted'],
    ],
    [
      'the same row twice',
      `${row({})}${FIRST}\n`,
      ['rows were not in time order; they were sorted'],
    ],
    [
      'no line break at its end',
      row({}).trimEnd(),
      ['line 3 ends without a line break; the file may be cut off there'],
    ],
  ])('is read with %s, and what was done is told', async (_, content, notes) => {
    const path = join(folder, 'odd.csv');
    writeFileSync(path, content);
    const { summary, bars } = await importFile({ path, symbol: 'BTC/USD', timeframe: '1h' });
    expect([...bars].map(({ openTime }) => openTime)).toEqual([
      1_514_764_800_000, 1_514_768_400_000,
    ]);
    expect(summary.notes).toEqual(notes);
  });

  it('is read with a gap, which is reported', async () => {
    const path = join(folder, 'gap.csv');
    writeFileSync(path, row({ time: '2018-01-01T05:00:00Z' }));
    const { issues } = await importFile({ path, symbol: 'BTC/USD', timeframe: '1h' });
    expect(issues).toMatchObject([
      {
        rule: 'gap',
        detail: '4 missing from 2018-01-01T01:00:00Z until 2018-01-01T05:00:00Z',
        quarantined: false,
      },
    ]);
  });

  it('is read with one row only', async () => {
    const path = join(folder, 'one.csv');
    writeFileSync(path, GOOD);
    const { summary } = await importFile({ path, symbol: 'BTC/USD', timeframe: '1h' });
    expect(summary.bars).toBe(1);
  });
});
