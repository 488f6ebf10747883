import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsvBars } from '../../../src/adapters/csv/csv-bars.ts';
import { readTextBytes } from '../../../src/adapters/files/text-bytes.ts';
import { DataError } from '../../../src/core/errors.ts';
import type { RawCell, RawRow } from '../../../src/ports/bar-file.ts';

const HEADER = 'timestamp,open,high,low,close,volume';
const ROW = '2018-01-01T00:00:00Z,10,12,9,11,100';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-bar-file-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string, bytesMax?: number): Promise<readonly RawRow[]> {
  const rows: RawRow[] = [];
  const bytes = readTextBytes(path, bytesMax);
  for await (const batch of readCsvBars(path, bytes)) rows.push(...batch);
  return rows;
}

async function fieldsOf(path: string): Promise<readonly (readonly RawCell[])[]> {
  return (await read(path)).map(({ fields }) => fields);
}

describe('readCsvBars', () => {
  const text = `${HEADER}\n${ROW}\n`;
  const fields = [HEADER.split(','), ROW.split(',')];

  it.each([
    ['plain', 'bars.csv', text],
    ['with a byte order mark', 'bom.csv', `\u{feff}${text}`],
    ['with Windows line ends', 'crlf.csv', text.replaceAll('\n', '\r\n')],
    ['with old Mac line ends', 'cr.csv', text.replaceAll('\n', '\r')],
    ['with semicolons', 'semicolon.csv', text.replaceAll(',', ';')],
    ['with tabs', 'tabs.tsv', text.replaceAll(',', '\t')],
    ['with quoted fields', 'quoted.csv', text.replaceAll(/[^,\n]+/g, '"$&"')],
    ['with blank lines at the end', 'blank.csv', `${text}\n\n`],
    ['packed', 'bars.csv.gz', gzipSync(text)],
    ['packed but named as plain', 'packed.csv', gzipSync(text)],
    ['plain but named as packed', 'plain.csv.gz', text],
    [
      'packed in two members',
      'two.csv.gz',
      Buffer.concat([gzipSync(`${HEADER}\n`), gzipSync(`${ROW}\n`)]),
    ],
  ])('reads a file %s', async (_, name, content) => {
    expect(await fieldsOf(write(name, content))).toEqual(fields);
  });

  it('takes the delimiter of the header where values hold other delimiters', async () => {
    const path = write('european.csv', 'date;open\n2018-01-01;"1.000,5"\n');
    expect(await fieldsOf(path)).toEqual([
      ['date', 'open'],
      ['2018-01-01', '1.000,5'],
    ]);
  });

  it('numbers rows by line, blank lines and quoted line breaks counted', async () => {
    const path = write('lines.csv', 'a,b\n\n1,2\n"3\n3",4\n5,6\n');
    expect((await read(path)).map(({ line }) => line)).toEqual([1, 3, 4, 6]);
  });

  it('hands over rows of unequal length, for whose reader to judge', async () => {
    expect(await fieldsOf(write('ragged.csv', 'a,b\n1\n1,2,3\n'))).toEqual([
      ['a', 'b'],
      ['1'],
      ['1', '2', '3'],
    ]);
  });

  it('marks the last row when the file ends inside its line', async () => {
    const rows = await read(write('cut.csv', `${HEADER}\n${ROW.slice(0, -2)}`));
    expect(rows.map(({ unterminated }) => unterminated)).toEqual([false, true]);
    const whole = await read(write('whole.csv', text));
    expect(whole.map(({ unterminated }) => unterminated)).toEqual([false, false]);
  });

  it('keeps every row in order over many batches', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index},x`);
    const rows = await read(write('long.csv.gz', gzipSync(`n,v\n${lines.join('\n')}\n`)));
    expect(rows).toHaveLength(20_001);
    expect(rows.slice(1).every(({ fields: [n], line }, i) => n === `${i}` && line === i + 2)).toBe(
      true,
    );
  });

  it('stops reading when the reader of the rows stops', async () => {
    const path = write('stop.csv', `${HEADER}\n${`${ROW}\n`.repeat(50_000)}`);
    const batches = readCsvBars(path, readTextBytes(path));
    await batches.next();
    await expect(batches.return()).resolves.toMatchObject({ done: true });
  });

  it.each([
    ['an empty file', 'empty.csv', '', ': rows of bars were expected, was empty'],
    ['a NUL byte', 'nul.csv', `${text}1,\0,2\n`, ':3: text was expected, was a NUL byte'],
    [
      'UTF-16',
      'utf16.csv',
      Buffer.from(`\u{feff}${text}`, 'utf16le'),
      ':1: text was expected, was a NUL byte',
    ],
    [
      'an unclosed quote',
      'quote.csv',
      `${text}"2018-01-01,1,2\n`,
      ': a closing quote was expected, was the end of the file',
    ],
    [
      'a quote unclosed for very long',
      'long-quote.csv',
      `${HEADER}\n"${ROW}\n${`${ROW}\n`.repeat(9000)}`,
      ': at most 131072 characters in a row were expected, was more (an unclosed quote?)',
    ],
    [
      'text after a closing quote',
      'after.csv',
      `${text}"a"b,1\n`,
      ':3: a delimiter was expected after a closing quote, was other text',
    ],
    [
      '5,000 columns',
      'wide.csv',
      `${Array.from({ length: 5000 }, (_, index) => `c${index}`).join(',')}\n`,
      ':1: at most 100 columns were expected, was 5000',
    ],
    [
      'gzip data that are cut off',
      'cut.csv.gz',
      gzipSync(`${text}${ROW}`.repeat(100)).subarray(0, 60),
      ': a whole gzip file was expected, was cut off',
    ],
    [
      'gzip data that are damaged',
      'damaged.csv.gz',
      Buffer.concat([gzipSync(text).subarray(0, 12), Buffer.alloc(40, 0xff)]),
      ': a whole gzip file was expected, was damaged',
    ],
  ])('refuses %s', async (_, name, content, sentence) => {
    const path = write(name, content);
    await expect(read(path)).rejects.toThrow(DataError);
    await expect(read(path)).rejects.toThrow(sentence);
    await expect(read(path)).rejects.toThrow(path);
  });

  it('refuses a missing file', async () => {
    await expect(read(join(folder, 'none.csv'))).rejects.toThrow(
      'none.csv: a file of candles was expected, was missing; check the path',
    );
  });

  it('refuses a directory', async () => {
    await expect(read(folder)).rejects.toThrow('a file of candles was expected, was a directory');
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe without waiting for it', async () => {
    const path = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [path]);
    await expect(read(path)).rejects.toThrow('a file of candles was expected, was no file');
  });

  it('refuses more bytes than its limit, unpacked bytes of gzip counted', async () => {
    const big = `${HEADER}\n${`${ROW}\n`.repeat(1000)}`;
    const sentence = 'at most 10000 bytes of text were expected, was more';
    await expect(read(write('big.csv', big), 10_000)).rejects.toThrow(sentence);
    await expect(read(write('bomb.csv.gz', gzipSync(big)), 10_000)).rejects.toThrow(sentence);
    await expect(read(write('fits.csv', big), 100_000)).resolves.toHaveLength(1001);
  });
});
