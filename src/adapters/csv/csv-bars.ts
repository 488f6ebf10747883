import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { DataError } from '../../core/errors.ts';
import type { RawRow } from '../../ports/bar-file.ts';

const ROWS_PER_BATCH = 4096;
const COLUMNS_MAX = 100;
const RECORD_LENGTH_MAX = 128 * 1024;
const HEAD_BYTES = 64 * 1024;
const EXPECTED_INSTEAD: ReadonlyMap<string, string> = new Map([
  ['CSV_QUOTE_NOT_CLOSED', 'a closing quote was expected, was the end of the file'],
  ['CSV_INVALID_CLOSING_QUOTE', 'a delimiter was expected after a closing quote, was other text'],
  ['INVALID_OPENING_QUOTE', 'a quote was expected only around a whole field, was one inside it'],
  [
    'CSV_MAX_RECORD_SIZE',
    `at most ${RECORD_LENGTH_MAX} characters in a row were expected, was more (an unclosed quote?)`,
  ],
]);
const DELIMITERS = [',', ';', '\t'];

/**
 * Streams the rows of delimited text in batches, header first: comma, semicolon or tab, whichever
 * the first line has most of; with or without a byte order mark. Rows need not be of one length: the
 * reader of the rows knows better what to say of it. Blank lines give no row but count as lines.
 * Throws a `DataError` with path and line.
 */
export async function* readCsvBars(
  path: string,
  bytes: AsyncGenerator<Buffer, void>,
): AsyncGenerator<readonly RawRow[], void> {
  const head = await readHead(bytes);
  let lastByte = 0;
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(head.toString('utf8')),
    relax_column_count: true,
    max_record_size: RECORD_LENGTH_MAX,
  });
  const watched = async function* (): AsyncGenerator<Buffer, void> {
    for await (const chunk of withHead(head, bytes)) {
      lastByte = chunk.at(-1) ?? lastByte;
      yield chunk;
    }
  };
  // The callback is empty because a failure also destroys the parser, which throws below.
  const records: AsyncIterable<string[]> = pipeline(watched(), parser, () => {});
  let batch: RawRow[] = [];
  let line = 1;
  try {
    for await (const fields of records) {
      if (fields.length > COLUMNS_MAX) throw tooWide(path, line, fields.length);
      if (batch.length === ROWS_PER_BATCH) {
        yield batch;
        batch = [];
      }
      if (fields.length > 1 || fields[0] !== '') batch.push({ line, fields, unterminated: false });
      line += linesOf(fields);
    }
  } catch (error) {
    throw error instanceof CsvError ? malformed(path, error) : error;
  }
  yield isLineBreak(lastByte) ? batch : markLast(batch);
}

/** The first bytes of the file, enough to hold its header. */
async function readHead(bytes: AsyncGenerator<Buffer, void>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await bytes.next();
    if (next.done === true) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(chunks);
}

async function* withHead(
  head: Buffer,
  rest: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** The most frequent delimiter of the first line that has any, text in quotes left out. */
function delimiterOf(head: string): string {
  for (const line of head.split(/\r\n?|\n/)) {
    const bare = line.replaceAll(/"[^"]*"/g, '');
    const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length - 1);
    const most = Math.max(...counts);
    if (most > 0) return DELIMITERS[counts.indexOf(most)] ?? ',';
  }
  return ',';
}

/** Lines a record takes: a quoted field may hold line breaks. */
function linesOf(fields: readonly string[]): number {
  let lines = 1;
  for (const field of fields) {
    if (field.includes('\n')) lines += field.split('\n').length - 1;
  }
  return lines;
}

function isLineBreak(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function markLast(batch: readonly RawRow[]): readonly RawRow[] {
  return batch.map((row, index) => ({ ...row, unterminated: index === batch.length - 1 }));
}

function tooWide(path: string, line: number, columns: number): DataError {
  return new DataError(
    `${path}:${line}: at most ${COLUMNS_MAX} columns were expected, was ${columns}; ` +
      'keep timestamp,open,high,low,close,volume; nothing was imported',
  );
}

function malformed(path: string, error: CsvError): DataError {
  const line = typeof error['lines'] === 'number' ? error['lines'] : 0;
  return new DataError(
    `${path}:${line}: ${expectedInstead(error.code)}; mend the row; nothing was imported`,
    { cause: error },
  );
}

function expectedInstead(code: string): string {
  return EXPECTED_INSTEAD.get(code) ?? `well-formed CSV was expected, was "${code}"`;
}
