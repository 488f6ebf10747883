import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startBinance } from '../../support/exchanges/binance-server.ts';
import { startKraken } from '../../support/exchanges/kraken-server.ts';
import { MARKETS, NOW } from './venue-stages.ts';

const execute = promisify(execFile);
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const PROGRAM = path.join(import.meta.dirname, 'watch-and-leave.ts');

it.each([
  ['kraken', startKraken],
  ['binance', startBinance],
] as const)('a process that followed %s ends by itself', async (venue, start) => {
  const server = await start({ now: NOW, markets: MARKETS });
  server.stream?.sendFormingEvery(50);
  // Well below the half minute that a WebSocket waits for a goodbye, or ccxt between two pings.
  const options = { timeout: 15_000 };
  const args = ['--import', LOADER, PROGRAM, venue, server.url];
  const { stdout } = await execute(process.execPath, args, options);
  await server.stop();
  expect(JSON.parse(stdout)).toEqual({ heard: true });
});
