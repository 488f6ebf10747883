import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../core/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'a file has to be written where a directory stands',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it is a file',
  EFBIG: 'the file is too large',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'a directory of the path is missing',
  EPERM: 'not permitted',
  EROFS: 'the disk is read-only',
};

/** Makes the directory that a flag names, and those above it. Throws a `ConfigError`. */
export function makeOutputDirectory(flag: string, directory: string): void {
  namingOutput(flag, directory, () => {
    createFolder(directory);
    accessSync(directory, constants.W_OK);
  });
}

/** Turns what the file system throws while files are written there into one sentence. */
export function namingOutput<T>(flag: string, directory: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    throw new ConfigError(
      `${flag}: a directory that can be written was expected, was "${directory}": ` +
        `${reason}; name another one`,
      { cause: error },
    );
  }
}

/** What the file system complains of, in words; null for an error of another kind. */
export function reasonOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const code = String(error.code);
  return REASONS[code] ?? code;
}

/** Level by level: Node's own recursive mkdir never returns in folders such as /proc. */
function createFolder(directory: string): void {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return;
  const parent = path.dirname(directory);
  if (stats === undefined && parent !== directory) createFolder(parent);
  mkdirSync(directory);
}
