import { readFile, stat } from 'node:fs/promises';
import {
  compressionRegistry,
  CompressionType,
  RecordBatchFileReader,
  RecordBatchReader,
} from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow';
import { DataError } from '../../core/errors.ts';
import type { RawCell, RawRow } from '../../ports/bar-file.ts';
import { cellReaderOf } from './arrow-cells.ts';
import { checkCounts } from './check-counts.ts';
import { unpackLz4Frame } from './lz4-frame.ts';

interface FeatherOptions {
  /** Null where this build of Node has none. */
  readonly unpackZstd: ((packed: Uint8Array) => Uint8Array) | null;
  readonly bytesMax?: number;
}

const ROWS_PER_BATCH = 4096;
const COLUMNS_MAX = 100;
/** Size of a file beyond which it is refused, since it is read whole: twenty million bars. */
const BYTES_MAX = 1024 ** 3;

/**
 * The rows of a Feather file (Arrow IPC, as freqtrade and data frames write it) in batches, the
 * header first. Throws a `DataError` for a damaged file and for one packed with zstd where Node
 * cannot unpack that.
 */
export async function* readFeatherBars(
  path: string,
  options: FeatherOptions,
): AsyncGenerator<readonly RawRow[], void> {
  registerCodecs(path, options);
  const bytes = await readBytes(path, options.bytesMax ?? BYTES_MAX);
  const reader = namingDamage(path, () => openReader(bytes));
  const names = reader.schema.fields.map(({ name }) => name);
  if (names.length > COLUMNS_MAX) throw tooWide(path, names.length);
  yield [{ line: 0, fields: names, unterminated: false }];
  let line = 1;
  for (let index = 0; index < reader.numRecordBatches; index += 1) {
    const batch = namingDamage(path, () => readBatch(reader, index));
    yield* rowsOf(path, batch, line);
    line += batch.numRows;
  }
}

function openReader(bytes: Uint8Array): RecordBatchFileReader {
  checkCounts(bytes);
  const reader = RecordBatchReader.from(bytes).open();
  if (reader instanceof RecordBatchFileReader) return reader;
  throw new Error('a stream of Arrow, not a file');
}

/** By number: asked for the next batch, the reader goes round in circles at a damaged one. */
function readBatch(reader: RecordBatchFileReader, index: number): RecordBatch {
  const batch = reader.readRecordBatch(index);
  if (batch !== null) return batch;
  throw new Error(`batch ${index} is missing`);
}

function* rowsOf(
  path: string,
  batch: RecordBatch,
  firstLine: number,
): Generator<readonly RawRow[], void> {
  const readers = namingDamage(path, () => {
    const vectors = batch.schema.fields.map((_, index) => batch.getChildAt(index));
    return vectors.map((vector) => cellReaderOf(vector, batch.numRows));
  });
  for (let from = 0; from < batch.numRows; from += ROWS_PER_BATCH) {
    const to = Math.min(from + ROWS_PER_BATCH, batch.numRows);
    yield namingDamage(path, () => {
      const rows: RawRow[] = [];
      for (let row = from; row < to; row += 1) {
        const fields: RawCell[] = [];
        for (const read of readers) fields.push(read(row));
        rows.push({ line: firstLine + row, fields, unterminated: false });
      }
      return rows;
    });
  }
}

/** The codecs of the library are of the process; they are the same for every file but for its name. */
function registerCodecs(path: string, { unpackZstd }: FeatherOptions): void {
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4Frame });
  const refuse = (): never => {
    throw new DataError(
      `${path}: columns that are plain or packed with lz4 were expected, was zstd; write the file ` +
        'again with compression "lz4", or run this on Node 22.15 or later; nothing was imported',
    );
  };
  compressionRegistry.set(CompressionType.ZSTD, { decode: unpackZstd ?? refuse });
}

async function readBytes(path: string, bytesMax: number): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > bytesMax) {
    throw new DataError(
      `${path}: at most ${bytesMax} bytes of Feather were expected, was ${size}; split the file and ` +
        'import the parts one by one; nothing was imported',
    );
  }
  // A copy of its own lies on a multiple of eight, where the columns are read from it in place.
  return Uint8Array.from(await readFile(path));
}

function tooWide(path: string, columns: number): DataError {
  return new DataError(
    `${path}: at most ${COLUMNS_MAX} columns were expected, was ${columns}; ` +
      'keep date, open, high, low, close and volume; nothing was imported',
  );
}

/** The parser throws whatever a wrong byte leads it to: all of it means that the file is damaged. */
function namingDamage<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      `${path}: a whole Feather file was expected, was damaged or of a kind that cannot be read ` +
        `(${reason.replaceAll(/\s+/g, ' ')}); fetch or write the file again; nothing was imported`,
      { cause: error },
    );
  }
}
