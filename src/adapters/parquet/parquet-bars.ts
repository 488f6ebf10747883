import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetScan,
  snappyUncompress,
} from 'hyparquet';
import type { AsyncBuffer, Compressors, DecodedArray, FileMetaData, ParquetScan } from 'hyparquet';
import { DataError } from '../../core/errors.ts';
import type { RawCell, RawRow } from '../../ports/bar-file.ts';
import { cellReaderOf, TIME_PARSERS, type CellReader } from './parquet-cells.ts';
import { flatColumns } from './parquet-columns.ts';

interface ParquetOptions {
  /** Null where this build of Node has none. */
  readonly unpackZstd: ((packed: Uint8Array) => Uint8Array) | null;
}

const ROWS_PER_BATCH = 4096;
const COLUMNS_MAX = 100;
/** Unpacked size of a row group, which is held in memory whole: twenty million bars of six doubles. */
const GROUP_BYTES_MAX = 1024 ** 3;
const GROUP_ROWS_MAX = 20_000_000;
/** A copy of three bytes stands for 64 at most. */
const SNAPPY_RATIO_MAX = 22;

/**
 * Streams the rows of a Parquet file in batches, the header first: the flat columns, row group by row
 * group. Throws a `DataError` for a damaged file and for what is packed in a way Node cannot unpack.
 */
export async function* readParquetBars(
  path: string,
  options: ParquetOptions,
): AsyncGenerator<readonly RawRow[], void> {
  const { file, metadata } = await openParquet(path);
  const columns = flatColumns(metadata);
  checkSize(path, metadata, columns.length);
  yield [{ line: 0, fields: columns.map(({ name }) => name), unterminated: false }];
  const scan = await namingDamage(path, async () =>
    parquetScan({
      file,
      metadata,
      columns: columns.map(({ name }) => name),
      compressors: compressorsOf(path, options),
      parsers: TIME_PARSERS,
      geoparquet: false,
      useOffsetIndex: false,
    }),
  );
  for (const range of scan.ranges) {
    const readers: CellReader[] = [];
    for (const column of columns) {
      const values = await namingDamage(path, () => readColumn(scan, column.name, range));
      readers.push(cellReaderOf(column, values));
    }
    yield* rowsOf(readers, range);
  }
}

/** What the file says of itself: the key-value pairs of its footer. */
export async function readParquetNotes(path: string): Promise<ReadonlyMap<string, string>> {
  const { metadata } = await openParquet(path);
  return new Map(metadata.key_value_metadata?.map(({ key, value = '' }) => [key, value]));
}

interface RowRange {
  readonly rowStart: number;
  readonly rowEnd: number;
}

function* rowsOf(
  readers: readonly CellReader[],
  { rowStart, rowEnd }: RowRange,
): Generator<readonly RawRow[], void> {
  let batch: RawRow[] = [];
  for (let row = rowStart; row < rowEnd; row += 1) {
    const fields: RawCell[] = [];
    for (const read of readers) fields.push(read(row - rowStart));
    batch.push({ line: row + 1, fields, unterminated: false });
    if (batch.length < ROWS_PER_BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function readColumn(
  scan: ParquetScan,
  column: string,
  range: RowRange,
): Promise<DecodedArray> {
  const values = await scan.readColumn({ column, ...range });
  const expected = range.rowEnd - range.rowStart;
  if (values.length === expected) return values;
  throw new Error(`${expected} values of ${column} were promised, ${values.length} are there`);
}

async function openParquet(
  path: string,
): Promise<{ readonly file: AsyncBuffer; readonly metadata: FileMetaData }> {
  return namingDamage(path, async () => {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file, { geoparquet: false }) };
  });
}

function checkSize(path: string, { row_groups: groups }: FileMetaData, columns: number): void {
  if (columns > COLUMNS_MAX) {
    throw new DataError(
      `${path}: at most ${COLUMNS_MAX} columns were expected, was ${columns}; ` +
        'keep timestamp, open, high, low, close and volume; nothing was imported',
    );
  }
  for (const { columns, num_rows: rows } of groups) {
    const isTrue = columns.every(({ meta_data: meta }) => (meta?.num_values ?? rows) >= rows);
    if (rows > GROUP_ROWS_MAX || !isTrue) {
      throw new DataError(
        `${path}: row groups of at most ${GROUP_ROWS_MAX} rows were expected, was ${rows}; write the ` +
          'file with smaller row groups; nothing was imported',
      );
    }
  }
  const largest = groups.reduce((most, group) => Math.max(most, Number(group.total_byte_size)), 0);
  if (largest <= GROUP_BYTES_MAX) return;
  throw new DataError(
    `${path}: row groups of at most ${GROUP_BYTES_MAX} bytes were expected, was ${largest}; ` +
      'write the file with smaller row groups; nothing was imported',
  );
}

function compressorsOf(path: string, { unpackZstd }: ParquetOptions): Compressors {
  const refuse =
    (codec: string, remedy = '') =>
    () => {
      throw new DataError(
        `${path}: columns packed with snappy, gzip or brotli were expected, was ${codec}; ` +
          `write the file again with compression "snappy"${remedy}; nothing was imported`,
      );
    };
  return {
    SNAPPY: unpackSnappy,
    GZIP: (packed, length) => gunzipSync(packed, { maxOutputLength: length }),
    BROTLI: (packed, length) => brotliDecompressSync(packed, { maxOutputLength: length }),
    ZSTD: unpackZstd ?? refuse('zstd', ', or run this on Node 22.15 or later'),
    LZ4: refuse('lz4'),
    LZ4_RAW: refuse('lz4'),
    LZO: refuse('lzo'),
  };
}

/** Refuses a length that no bytes can unpack to: a damaged one takes minutes to fail otherwise. */
function unpackSnappy(packed: Uint8Array, length: number): Uint8Array {
  if (length > packed.length * SNAPPY_RATIO_MAX) {
    throw new Error(`${length} bytes were promised of ${packed.length} packed ones`);
  }
  const plain = new Uint8Array(length);
  snappyUncompress(packed, plain);
  return plain;
}

/** The parser throws whatever a wrong byte leads it to: all of it means that the file is damaged. */
async function namingDamage<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      `${path}: a whole Parquet file was expected, was damaged or of a kind that cannot be read ` +
        `(${reason.replaceAll(/\s+/g, ' ')}); fetch or write the file again; nothing was imported`,
      { cause: error },
    );
  }
}
