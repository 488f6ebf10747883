import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFeatherBars } from '../../../src/adapters/arrow/feather-bars.ts';
import { EXIT_CODES, QuantSageError } from '../../../src/core/errors.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { importFile } from './import-file.ts';

const FIXTURES = 'tests/fixtures/candles';
const FEATHER = readFileSync(`${FIXTURES}/BTC_USDT-1h.feather`);
const PARQUET = readFileSync(`${FIXTURES}/pandas.parquet`);
const JSON_TEXT = readFileSync(`${FIXTURES}/BTC_USDT-1h.json`);
const HOUR_MS = 3_600_000;
const START = Date.UTC(2024, 0);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bad-files-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What became of an import of the bytes: a refusal, or null where they were good. */
async function refusalOf(content: string | Uint8Array): Promise<QuantSageError | null> {
  const file = path.join(folder, 'candles');
  writeFileSync(file, content);
  try {
    await importFile({ path: file, symbol: 'BTC/USDT', timeframe: '1h' });
    return null;
  } catch (error) {
    if (error instanceof QuantSageError) return error;
    throw error;
  }
}

const COLUMNS = {
  date: [START, START + HOUR_MS].map((time) => new Date(time)),
  open: [10, 10],
  high: [12, 12],
  low: [9, 9],
  close: [11, 11],
  volume: [1, 1],
};
type Columns = Record<string, unknown[]>;

function parquet(change: Columns): Uint8Array {
  const columns = Object.entries({ ...COLUMNS, ...change });
  const columnData = columns.map(([name, data]) => ({ name, data }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function feather(change: Columns): Uint8Array {
  const date = COLUMNS.date.map((time) => time.toISOString());
  return tableToIPC(tableFromArrays({ ...COLUMNS, date, ...change }), 'file');
}

/** The Feather file with another number of columns in its footer. */
function withColumnCount(count: number): Buffer {
  const copy = Buffer.from(FEATHER);
  const end = copy.length - 10;
  // In this file the list of columns lies at byte 1160 of the footer.
  const at = end - copy.readInt32LE(end) + 1160;
  if (copy.readUInt32LE(at) !== 6) throw new Error('the count of six columns was expected');
  copy.writeUInt32LE(count, at);
  return copy;
}

describe('a file that is refused', () => {
  const row = (time: unknown, close: unknown = 11) => [time, 10, 12, 9, close, 1];

  it.each<[string, string | Uint8Array, string]>([
    [
      'JSON, an object',
      '{"a": [1]}',
      ':1: rows of the form [[milliseconds, open, high, low, close',
    ],
    ['JSON, rows of objects', '[{"date": 1, "date": 2}]', ':1: rows of the form'],
    ['JSON, numbers', '[1, 2, 3]', ':1: rows of the form'],
    ['JSON, nested deep', '['.repeat(100_000), ':1: rows of the form'],
    ['JSON, nested within a row', '[[1, [2, 3]]]', ':1: rows of the form'],
    ['JSON, a row without a bracket', `[${'1,'.repeat(70_000)}`, ':1: rows of the form'],
    ['JSON, cut off', JSON_TEXT.subarray(0, 2000), ' (is it cut off?)'],
    ['JSON, garbage behind it', `${JSON_TEXT.toString()}]`, ':48: rows of the form'],
    ['JSON, a comma missing', '[[1,2,3,4,5,6] [1,2,3,4,5,6]]', ':2: rows of the form'],
    ['JSON, empty', '[]', ': a header and at least one row of data were expected, was without any'],
    [
      'JSON, times in seconds',
      JSON.stringify([row(START / 1000)]),
      ':1: a time in epoch milliseconds, not seconds, was expected in column "date", was "1704067200"',
    ],
    [
      'JSON, null',
      JSON.stringify([row(START), row(START + HOUR_MS, null)]),
      ':2: a number instead of an empty field was expected in column "close", was ""',
    ],
    [
      'JSON, text',
      JSON.stringify([row(START, '1,1')]),
      ':1: a number with a decimal point, not a comma, was expected in column "close", was "1,1"',
    ],
    [
      'JSON, a number beyond doubles',
      JSON.stringify([row(START)]).replace('11', '1e400'),
      ':1: a finite number was expected in column "close", was "Infinity"',
    ],
    [
      'JSON, a field short',
      JSON.stringify([row(START).slice(1)]),
      ':1: 6 fields as in the header instead of 5 was expected',
    ],
    [
      'JSON, one time with two values',
      JSON.stringify([row(START), row(START, 12)]),
      ':2: a time that row 1 does not have with other values (row 2 is the fuller of the two)',
    ],
    [
      'JSON, gzip cut off',
      gzipSync(JSON_TEXT).subarray(0, 500),
      ': a whole gzip file was expected',
    ],
    ['Feather, cut off', FEATHER.subarray(0, 3000), ': a whole Feather file was expected'],
    ['Feather, only its magic', 'ARROW1\0\0', ': a whole Feather file was expected'],
    [
      'Feather, null',
      feather({ close: [11, null] }),
      ':2: a number instead of an empty field was expected in column "close", was ""',
    ],
    [
      'Feather, other columns',
      tableToIPC(tableFromArrays({ x: [1], y: [2] }), 'file'),
      ': a header with a column for time was expected, was "x,y"',
    ],
    [
      'Feather, NaN',
      feather({ close: [11, Number.NaN] }),
      ':2: a finite number was expected in column "close", was "NaN"',
    ],
    ['Feather, empty', feather(emptied()), ': a header and at least one row of data were expected'],
    [
      'Feather, a footer that promises two thousand million columns instead of six',
      withColumnCount(0x7f_ff_ff_ff),
      ': a whole Feather file was expected, was damaged or of a kind that cannot be read (a list of 2147483647 in',
    ],
    ['Parquet, cut off', PARQUET.subarray(0, 3000), ': a whole Parquet file was expected'],
    ['Parquet, only its magic', 'PAR1', ': a whole Parquet file was expected'],
    [
      'Parquet, other columns',
      new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'x', data: [1] }] })),
      ': a header with a column for time was expected, was "x"',
    ],
    [
      'Parquet, a column twice',
      parquet({ Close: [1, 1] }),
      ': one close column instead of "close" and "Close" was expected',
    ],
    [
      'Parquet, null',
      parquet({ close: [11, null] }),
      ':2: a number instead of an empty field was expected in column "close", was ""',
    ],
    [
      'Parquet, NaN',
      parquet({ close: [11, Number.NaN] }),
      ':2: a finite number was expected in column "close", was "NaN"',
    ],
    [
      'Parquet, seconds declared as milliseconds',
      parquet({ date: COLUMNS.date.map((date) => new Date(date.getTime() / 1000)) }),
      ':1: a time in epoch milliseconds, not seconds, was expected in column "date"',
    ],
    [
      'Feather 1',
      'FEA1....',
      ': CSV, JSON, Feather or Parquet was expected, was Feather of version 1',
    ],
    ['HDF5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 'turn it into Feather with "freqtrade'],
    ['ZIP', 'PK\x03\x04....', 'was a ZIP archive; unpack it first'],
    ['a database', 'SQLite format 3\0', 'was a SQLite database; name it with --db'],
  ])('is %s', async (_, content, sentence) => {
    const error = await refusalOf(content);
    expect(error?.message).toContain(`candles${sentence.startsWith(':') ? sentence : ''}`);
    expect(error?.message).toContain(sentence);
    expect(error?.message).toMatch(/nothing was imported$|fetch the file again$/);
    expect(error?.message, 'one sentence').not.toContain('\n');
    expect(error?.exitCode).toBe(EXIT_CODES.data);
  });

  it('is Feather of more bytes than are read at once', async () => {
    const rows = readFeatherBars(`${FIXTURES}/BTC_USDT-1h.feather`, {
      unpackZstd: null,
      bytesMax: 1000,
    });
    await expect(rows.next()).rejects.toThrow(
      'at most 1000 bytes of Feather were expected, was 5458; split the file',
    );
  });

  function emptied(): Columns {
    return Object.fromEntries(
      Object.keys(COLUMNS).map((name) => [name, [name === 'date' ? new Date(0) : 0].slice(1)]),
    );
  }
});

describe('damaged bytes', () => {
  it.each([
    ['Feather', FEATHER],
    ['Feather of polars', readFileSync(`${FIXTURES}/polars.feather`)],
    ['Parquet', PARQUET],
    ['JSON', JSON_TEXT],
  ])('of %s end in one sentence or in bars, never in a crash or for ever', async (_, good) => {
    const random = seededRandom(20_240_101);
    const below = (limit: number) => Math.floor(random() * limit);
    for (let run = 0; run < 150; run += 1) {
      const bytes = Buffer.from(good);
      for (let flips = below(3); flips >= 0; flips -= 1) {
        bytes[8 + below(bytes.length - 8)] = below(256);
      }
      const error = await refusalOf(run % 3 === 0 ? bytes.subarray(0, below(bytes.length)) : bytes);
      expect([null, EXIT_CODES.data]).toContain(error?.exitCode ?? null);
      expect(error?.message ?? '').not.toContain('\n');
    }
  });
});
