import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fail, ok, warn, type Finding } from './finding.ts';

/** Files that only their owner may read: the keys, and everything that was written with their help. */
export function secretChecks(environmentFile: string, databasePath: string): readonly Finding[] {
  return [keyFileCheck(environmentFile), ...privateChecks(databasePath)];
}

function keyFileCheck(file: string): Finding {
  if (!existsSync(file)) return ok('.env', 'no .env file: keys come from the environment');
  const mode = lstatSync(file).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    return fail(
      '.env',
      `mode 600 was expected of ${file}, was ${mode.toString(8)}: others may read your keys; ` +
        `chmod 600 ${file}`,
    );
  }
  const repository = repositoryOf(resolve(file));
  if (repository !== null && !isIgnored(repository, resolve(file))) {
    return fail(
      '.env',
      `${file} lies in a git repository that does not ignore it; add .env to its .gitignore, and ` +
        'change the keys if it was ever committed',
    );
  }
  return ok('.env', `${file} can be read by its owner alone`);
}

function privateChecks(databasePath: string): readonly Finding[] {
  const files = ['', '-wal', '-shm'].map((ending) => `${databasePath}${ending}`);
  const open = files.filter((file) => existsSync(file) && (lstatSync(file).mode & 0o077) !== 0);
  if (open.length === 0) return [];
  return [warn('files', `others may read ${open.join(', ')}; chmod 600 ${open.join(' ')}`)];
}

function repositoryOf(file: string): string | null {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (existsSync(join(directory, '.git'))) return directory;
    if (directory === dirname(directory)) return null;
  }
}

/** A plain reading of `.gitignore` that errs on the side of a warning: names and globs of `.env`. */
function isIgnored(repository: string, file: string): boolean {
  const path = relative(repository, file);
  const lines = [join(repository, '.gitignore'), join(repository, '.git', 'info', 'exclude')]
    .filter((each) => existsSync(each))
    .flatMap((each) => readFileSync(each, 'utf8').split('\n'))
    .map((line) => line.trim());
  return ['.env', '/.env', '.env*', '*.env', path, `/${path}`].some((each) => lines.includes(each));
}
