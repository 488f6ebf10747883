import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError } from '../../core/errors.ts';
import { isGzip, readFileHead, unreadable } from './file-head.ts';

/** Unpacked size of a text file beyond which it is refused: 4 GiB is eighty million rows. */
const TEXT_BYTES_MAX = 4 * 1024 ** 3;

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/**
 * The text of a plain or gzip-packed file, told apart by content and not by name. Throws a
 * `DataError` for anything but a readable regular file, for damaged gzip data, for bytes that no
 * text has, and beyond `bytesMax` unpacked bytes (a few MB of gzip can hold terabytes).
 */
export async function* readTextBytes(
  path: string,
  bytesMax = TEXT_BYTES_MAX,
): AsyncGenerator<Buffer, void> {
  const isPacked = isGzip(await readFileHead(path));
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

function countNewlines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function notText(path: string, line: number): DataError {
  return new DataError(
    `${path}:${line}: text was expected, was a NUL byte; save the file as UTF-8 text or gzip of it`,
  );
}

function tooLarge(path: string, bytesMax: number): DataError {
  return new DataError(
    `${path}: at most ${bytesMax} bytes of text were expected, was more; split the file and import ` +
      'the parts one by one',
  );
}
