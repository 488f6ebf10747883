import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const SOURCE = pathToFileURL(path.resolve('src/adapters/alpaca/alpaca-bar-source.ts')).href;
const OPTIONS = {
  keyId: 'PK1',
  secret: 'secret',
  feed: 'iex',
  adjustment: 'raw',
  endpoint: 'http://127.0.0.1:9',
  timeoutMs: 1000,
};

/** A module loader that writes down on stderr what is imported of Alpaca. */
const WITNESS = `
  import { writeSync } from 'node:fs';
  export async function resolve(specifier, context, next) {
    if (specifier.startsWith('@alpacahq/')) writeSync(2, specifier + '\\n');
    return next(specifier, context);
  }
`;

const asModule = (code: string) => `data:text/javascript;base64,${btoa(code)}`;

/** What a process of its own loads of Alpaca when it opens a source and then runs a line of code. */
function loadedBy(line: string): string {
  const register = `import { register } from 'node:module'; register('${asModule(WITNESS)}');`;
  const code = `
    import { createAlpacaBarSource } from '${SOURCE}';
    const source = createAlpacaBarSource(${JSON.stringify(OPTIONS)});
    ${line}
    console.log('done');
  `;
  const words = ['--import', LOADER, '--import', asModule(register)];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...words, '--input-type=module', '-e', code],
    { encoding: 'utf8' },
  );
  if (stdout !== 'done\n') throw new Error(stderr);
  return stderr;
}

describe('the client of Alpaca', () => {
  it('is loaded by the first request, not before', () => {
    expect(loadedBy('')).toBe('');
    expect(loadedBy('await source.serverTime(new AbortController().signal).catch(() => {});')).toBe(
      '@alpacahq/alpaca-trade-api/rest\n',
    );
  });
});
