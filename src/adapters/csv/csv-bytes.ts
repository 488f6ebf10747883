import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError } from '../../core/errors.ts';

/** Unpacked size of a file beyond which it is refused: 4 GiB is eighty million rows. */
export const CSV_BYTES_MAX = 4 * 1024 ** 3;

const GZIP_MAGIC = [0x1f, 0x8b];
const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/**
 * The text of a plain or gzip-packed file, told apart by content and not by name. Throws a
 * `DataError` for anything but a readable regular file, for damaged gzip data, for bytes that no
 * text has, and beyond `bytesMax` unpacked bytes (a few MB of gzip can hold terabytes).
 */
export async function* readCsvBytes(path: string, bytesMax: number): AsyncGenerator<Buffer, void> {
  const isPacked = await checkFile(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const chunks: AsyncIterable<Buffer> = isPacked ? unpack(file) : file;
  let bytes = 0;
  let lines = 1;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw tooLarge(path, bytesMax);
      const nulAt = chunk.indexOf(0);
      if (nulAt !== -1) throw notText(path, lines + countNewlines(chunk.subarray(0, nulAt)));
      lines += countNewlines(chunk);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof DataError ? error : unreadable(path, error);
  }
}

function unpack(file: Readable): Readable {
  // The callback is empty because a failure also destroys the unpacked stream, which throws below.
  return pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

/** True for a gzip file, false for any other regular file that is not empty. */
async function checkFile(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw notFile(path, found.isDirectory() ? 'a directory' : 'no file');
    if (found.size === 0) throw new DataError(`${path}: rows of bars were expected, was empty`);
    const handle = await open(path, 'r');
    try {
      const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return GZIP_MAGIC.every((byte, index) => buffer[index] === byte);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof DataError ? error : unreadable(path, error);
  }
}

function countNewlines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function notFile(path: string, was: string): DataError {
  return new DataError(
    `${path}: a CSV file was expected, was ${was}; name one .csv or .csv.gz file`,
  );
}

function notText(path: string, line: number): DataError {
  return new DataError(
    `${path}:${line}: text was expected, was a NUL byte; save the file as UTF-8 CSV or gzip of it`,
  );
}

function tooLarge(path: string, bytesMax: number): DataError {
  return new DataError(
    `${path}: at most ${bytesMax} bytes of CSV were expected, was more; split the file and import ` +
      'the parts one by one',
  );
}

function unreadable(path: string, cause: unknown): DataError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT') {
    return new DataError(`${path}: a CSV file was expected, was missing; check the path`, {
      cause,
    });
  }
  if (code.startsWith('Z_')) {
    const was = code === 'Z_BUF_ERROR' ? 'cut off' : 'damaged';
    return new DataError(
      `${path}: a whole gzip file was expected, was ${was}; fetch the file again`,
      { cause },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DataError(`${path}: a readable file was expected, was "${reason}"; check the file`, {
    cause,
  });
}
