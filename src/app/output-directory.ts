import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../core/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'a file has to be written where a directory stands',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
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
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const code = String(error.code);
    throw new ConfigError(
      `${flag}: a directory that can be written was expected, was "${directory}": ` +
        `${REASONS[code] ?? code}; name another one`,
      { cause: error },
    );
  }
}

/** Level by level: Node's own recursive mkdir never returns in folders such as /proc. */
function createFolder(directory: string): void {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return;
  const parent = path.dirname(directory);
  if (stats === undefined && parent !== directory) createFolder(parent);
  mkdirSync(directory);
}
