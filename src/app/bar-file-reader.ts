import * as zlib from 'node:zlib';
import { readFileHead } from '../adapters/files/file-head.ts';
import { readTextBytes } from '../adapters/files/text-bytes.ts';
import { DataError } from '../core/errors.ts';
import { isSymbol } from '../core/instrument.ts';
import { ADJUSTMENTS } from '../core/instrument.ts';
import { isTimeframe } from '../core/time.ts';
import type { FileIdentity, RawRows, RowNoun } from '../ports/bar-file.ts';

/** Rows of a file of candles, and how they are counted. */
export interface BarFileRows {
  readonly rows: RawRows;
  readonly rowNoun: RowNoun;
}

/** First bytes of files that are taken for candles at times but cannot be read, and what to do. */
const FOREIGN: readonly (readonly [start: string, was: string, advice: string])[] = [
  ['FEA1', 'Feather of version 1', 'write it again as version 2'],
  ['PARE', 'encrypted Parquet', 'write it again without encryption'],
  ['\x89HDF', 'HDF5', 'turn it into Feather with "freqtrade convert-data"'],
  ['PK\x03\x04', 'a ZIP archive', 'unpack it first'],
  ['BZh', 'a bzip2 archive', 'unpack it first'],
  ['\xfd7zXZ', 'an xz archive', 'unpack it first'],
  ['\x28\xb5\x2f\xfd', 'a zstd archive', 'unpack it first'],
  ['SQLite format', 'a SQLite database', 'name it with --db, or export its bars first'],
];
/** A column of a row group: a few MB of zstd can hold terabytes. */
const UNPACK_LIMIT = { maxOutputLength: 1024 ** 3 };
const PARQUET = 'PAR1';
const ARROW = 'ARROW1';

/** Opens a file of candles as what its first bytes say it is, whatever its name. */
export async function openBarFile(path: string): Promise<BarFileRows> {
  const start = await startOf(path);
  if (start.startsWith(PARQUET)) {
    const { readParquetBars } = await import('../adapters/parquet/parquet-bars.ts');
    return { rows: readParquetBars(path, { unpackZstd: zstdUnpacker() }), rowNoun: 'row' };
  }
  if (start.startsWith(ARROW)) {
    const { readFeatherBars } = await import('../adapters/arrow/feather-bars.ts');
    return { rows: readFeatherBars(path, { unpackZstd: zstdUnpacker() }), rowNoun: 'row' };
  }
  return openText(path);
}

/** What the file itself says of its bars; silent for a format that has no place for it. */
export async function readBarFileIdentity(path: string): Promise<FileIdentity> {
  const start = await startOf(path);
  let notes: ReadonlyMap<string, string> = new Map();
  if (start.startsWith(PARQUET)) {
    const { readParquetNotes } = await import('../adapters/parquet/parquet-bars.ts');
    notes = await readParquetNotes(path);
  }
  // Only an export of ours is known to mean by these words what we do.
  if (!notes.has('quantsage_version')) notes = new Map();
  const symbol = notes.get('symbol') ?? '';
  const timeframe = notes.get('timeframe') ?? '';
  return {
    exchange: notes.get('exchange') ?? null,
    symbol: isSymbol(symbol) ? symbol : null,
    timeframe: isTimeframe(timeframe) ? timeframe : null,
    adjustment: ADJUSTMENTS.find((each) => each === notes.get('adjustment')) ?? null,
  };
}

async function startOf(path: string): Promise<string> {
  const start = (await readFileHead(path)).toString('latin1');
  const foreign = FOREIGN.find(([magic]) => start.startsWith(magic));
  if (foreign === undefined) return start;
  const [, was, advice] = foreign;
  throw new DataError(
    `${path}: CSV, JSON, Feather or Parquet was expected, was ${was}; ${advice}; nothing was imported`,
  );
}

async function openText(path: string): Promise<BarFileRows> {
  const bytes = readTextBytes(path);
  const first = await bytes.next();
  const head = first.done === true ? Buffer.alloc(0) : first.value;
  const all = withHead(head, bytes);
  const start = head
    .toString('utf8', 0, 1024)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^[[{]/.test(start)) {
    const { readJsonBars } = await import('../adapters/freqtrade/json-bars.ts');
    return { rows: readJsonBars(path, all), rowNoun: 'row' };
  }
  const { readCsvBars } = await import('../adapters/csv/csv-bars.ts');
  return { rows: readCsvBars(path, all), rowNoun: 'line' };
}

async function* withHead(
  head: Buffer,
  rest: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  yield head;
  yield* rest;
}

/** Node has zstd from 22.15 on. */
function zstdUnpacker(): ((packed: Uint8Array) => Uint8Array) | null {
  const unpack: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (typeof unpack !== 'function') return null;
  return (packed) => {
    const plain: unknown = Reflect.apply(unpack, zlib, [packed, UNPACK_LIMIT]);
    if (plain instanceof Uint8Array) return plain;
    throw new TypeError('bytes were expected of the zstd unpacker');
  };
}
