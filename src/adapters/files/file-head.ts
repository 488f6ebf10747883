import { open, stat } from 'node:fs/promises';
import { DataError } from '../../core/errors.ts';

const HEAD_BYTES = 16;
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * The first bytes of a file, which tell what it is. Throws a `DataError` for anything but a readable
 * regular file that is not empty.
 */
export async function readFileHead(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw notFile(path, found.isDirectory() ? 'a directory' : 'no file');
    if (found.size === 0) throw new DataError(`${path}: rows of bars were expected, was empty`);
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof DataError ? error : unreadable(path, error);
  }
}

export function isGzip(head: Buffer): boolean {
  return GZIP_MAGIC.every((byte, index) => head[index] === byte);
}

/** What the file system or the unpacker threw, as one sentence. */
export function unreadable(path: string, cause: unknown): DataError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT') {
    return new DataError(`${path}: a file of candles was expected, was missing; check the path`, {
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

function notFile(path: string, was: string): DataError {
  return new DataError(
    `${path}: a file of candles was expected, was ${was}; name one file of CSV, JSON, Feather or ` +
      'Parquet',
  );
}
