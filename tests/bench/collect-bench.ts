import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MINUTE_MS } from '../../src/core/time.ts';
import { startBinance } from '../support/exchanges/binance-server.ts';
import { startCoinbase } from '../support/exchanges/coinbase-server.ts';
import type { LoopbackServer } from '../support/exchanges/loopback-server.ts';

/**
 * Collects so many candles from a server on this machine with the built program, and prints bars per
 * second and the memory of that process as it goes. Needs Linux (`/proc`) and `npm run build`.
 */
const BARS = Number(process.argv[2] ?? 100_000);
const PROGRAM = path.resolve('dist/cli/main.js');
const NOW = Date.UTC(2024, 5, 1);
const SAMPLE_EVERY_MS = 50;

interface Sample {
  readonly pages: number;
  readonly rssMb: number;
}

async function bench(exchange: string, symbol: string, server: LoopbackServer): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'quantsage-bench-'));
  const range = `${NOW - BARS * MINUTE_MS}-${NOW}`;
  const words = ['collect', '--exchange', exchange, '--symbols', symbol, '--timeframe', '1m'];
  const settings = ['--timerange', range, '--set', `data.endpoints.${exchange}=${server.url}`];
  const child = spawn(process.execPath, [PROGRAM, ...words, ...settings], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  const samples: Sample[] = [];
  const sampling = setInterval(() => {
    const rssMb = residentMb(child.pid ?? 0);
    const pages = server.requestsFor('candles').length;
    if (rssMb !== null && pages > 0) samples.push({ pages, rssMb });
  }, SAMPLE_EVERY_MS);
  const started = performance.now();
  const code = await new Promise((resolve) => child.on('close', resolve));
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampling);
  rmSync(folder, { recursive: true });
  if (code !== 0) throw new Error(`exit 0 was expected, was ${String(code)}: ${said}`);
  const rate = [...said.matchAll(/[\d,]+ bars\/s(?=\n)/g)].at(-1)?.[0] ?? 'unknown';
  const pages = server.requestsFor('candles').length;
  return [
    `${exchange}: ${BARS} bars in ${pages} pages, ${seconds.toFixed(1)} s with the start; ${rate}`,
    ...[0.1, 0.25, 0.5, 0.75, 1].map((share) => memoryLine(samples, share, pages)),
  ].join('\n');
}

/** Mean memory around a share of the pages. */
function memoryLine(samples: readonly Sample[], share: number, pages: number): string {
  const near = samples.filter(({ pages: at }) => Math.abs(at / pages - share) <= 0.1);
  const mean = near.reduce((sum, { rssMb }) => sum + rssMb, 0) / near.length;
  return `  at ${(100 * share).toFixed(0)} % of the pages: ${mean.toFixed(0)} MB resident`;
}

function residentMb(pid: number): number | null {
  try {
    const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb === undefined ? null : Number(kb) / 1024;
  } catch {
    return null;
  }
}

for (const [exchange, symbol, start] of [
  ['coinbase', 'BTC/USD', startCoinbase],
  ['binance', 'BTC/USDT', startBinance],
] as const) {
  const server = await start({ now: NOW });
  process.stdout.write(`${await bench(exchange, symbol, server)}\n`);
  await server.stop();
}
