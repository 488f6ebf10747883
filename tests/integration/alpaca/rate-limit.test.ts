import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { exchanges } from './sources.ts';

const execute = promisify(execFile);
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const PROGRAM = path.join(import.meta.dirname, 'ask-often.ts');
/** Alpaca's limit of a minute, and as many as a second and more has to be waited for. */
const TIMES = 200 + 4;

const start = exchanges();

it('a process that waits for the rate limit does not end meanwhile', async () => {
  const exchange = await start();
  const args = ['--import', LOADER, PROGRAM, exchange.url, String(TIMES)];
  const { stdout } = await execute(process.execPath, args);
  expect(stdout).toBe('done');
});
