import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { ConfigError } from '../core/errors.ts';

const SIZE_MAX = 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ELOOP: 'a symbolic link that leads to itself',
  ENOTDIR: 'a part of the path is no directory',
};

interface Confinement {
  /** The file must really lie under this directory; null where the user named the file himself. */
  readonly within: string | null;
}

/**
 * The text of a small UTF-8 file without its byte order mark, or null when there is no such file.
 * Throws a `ConfigError` on anything but a regular file of at most 1 MiB inside `within`.
 */
export function readTextFile(path: string, { within }: Confinement): string | null {
  let descriptor: number;
  try {
    // Without O_NONBLOCK opening a FIFO would wait for a writer, perhaps for ever.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw unreadable(path, error);
  }
  try {
    checkKind(path, descriptor);
    if (within !== null) checkInside(path, within);
    return decode(path, readFileSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function checkKind(path: string, descriptor: number): void {
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    const kind = stat.isDirectory() ? 'a directory' : 'a pipe, socket or device';
    throw new ConfigError(`${path}: a regular file was expected, was ${kind}`);
  }
  if (stat.size > SIZE_MAX) {
    throw new ConfigError(
      `${path}: a file of at most ${SIZE_MAX} bytes was expected, was ${stat.size} bytes`,
    );
  }
}

function checkInside(path: string, within: string): void {
  const [real, base] = [realpathSync(path), realpathSync(within)];
  if (real.startsWith(base + sep)) return;
  throw new ConfigError(
    `${path}: a file inside ${within} was expected, was a link to ${real}; ` +
      'copy the file, or name it with -c',
  );
}

function decode(path: string, bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  if (text !== null) return text;
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    if (decodeUtf8(bytes.subarray(start, end)) === null) break;
    start = end + 1;
    line += 1;
  }
  throw new ConfigError(`${path}:${line}: UTF-8 text was expected; save the file as UTF-8`);
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function unreadable(path: string, cause: unknown): ConfigError {
  const code = codeOf(cause);
  return new ConfigError(`${path}: a readable file was expected: ${REASONS[code] ?? code}`, {
    cause,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
