import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';

/** Temporary configuration directories that go when their test is over. */
export function temporaryDirectories(): (
  files: Readonly<Record<string, string | Buffer>>,
) => string {
  const made: string[] = [];
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
  });
  return (files) => {
    const root = mkdtempSync(join(tmpdir(), 'quantsage-config-'));
    made.push(root);
    const directory = join(root, 'config');
    mkdirSync(directory);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
    return directory;
  };
}

/** Message of the `ConfigError` (exit 2) that the action ends in, `directory` shown as `config`. */
export function problemOf(action: () => unknown, directory = '\0'): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError && error.exitCode === 2) {
      return error.message.replaceAll(directory, 'config');
    }
    throw error;
  }
  return 'no error';
}
