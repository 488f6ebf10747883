import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_CLOCK } from '../../../src/adapters/system/system-clock.ts';
import { compileProgram, type CompiledProgram } from '../../support/compiled-program.ts';
import { makeExchange } from '../../support/exchange-sim/make-exchange.ts';
import {
  serveOnLoopback,
  type LoopbackExchange,
} from '../../support/exchange-sim/serve-on-loopback.ts';
import { units } from '../../support/exchange-sim/units.ts';
import { StartedCommand, userDirectories } from '../cli/command-line.ts';

const MINUTE = 60_000;
const CANARY = 'canary-0123456789/+secret';
const made = makeExchange('binance', { clock: SYSTEM_CLOCK });
const makeDirectory = userDirectories();
let program: CompiledProgram;
let server: LoopbackExchange;

beforeAll(async () => {
  program = compileProgram();
  server = await serveOnLoopback(made.core, made.frontEnd);
  for (let minute = 1; minute <= 30; minute++) {
    made.core.market('BTC/USDT').print(units('60000'), units('1'), Date.now() - minute * MINUTE);
  }
});
afterAll(async () => {
  await server.stop();
  program.delete();
});

/** A strategy that does nothing, but for what its file does when it is loaded. */
const strategy = (atLoad = '') => `
import { defineStrategy, z } from 'quantsage';
${atLoad}
export default defineStrategy({
  id: 'idle', params: z.object({}), create: () => ({ onBar: () => null }),
});
`;

function start(
  mode: 'paper' | 'live',
  { atLoad = '', node = [] }: { readonly atLoad?: string; readonly node?: readonly string[] } = {},
): StartedCommand {
  const { apiKey } = made.credentials;
  const directory = makeDirectory({
    'idle.ts': strategy(atLoad),
    'here.yaml': `data: { endpoints: { binance: "${server.url}" } }\nlive: { enabled: true }\n`,
    '.env': `BINANCE_API_KEY=${apiKey}\nBINANCE_API_SECRET=${CANARY}\n`,
  });
  chmodSync(directory.at('.env'), 0o600);
  const traded = ['--strategy', './idle.ts', '--symbols', 'BTC/USDT', '--timeframe', '1m'];
  const where = ['--exchange', 'binance', '-c', 'here.yaml'];
  const words = [...node, program.main, mode, ...traded, ...where];
  const env = { PATH: process.env['PATH'], HOME: directory.path };
  return new StartedCommand(spawn(process.execPath, words, { cwd: directory.path, env }));
}

/** Once it has reported its start. */
async function running(command: StartedCommand): Promise<StartedCommand> {
  await new Promise((resolve) => command.process.stdout.once('data', resolve));
  return command;
}

describe('a process that trades', () => {
  it.each([
    ['SIGTERM', 0],
    ['SIGHUP', 0],
    ['SIGINT', 130],
  ] as const)('ends in good order on %s', async (signal, expected) => {
    const command = await running(start('paper'));
    command.process.kill(signal);
    const { code, stdout, stderr } = await command.outcome();
    expect([code, stderr]).toEqual([expected, expect.stringContaining('ended in good order')]);
    expect(stdout).toContain('shutdown by engine');
  });

  it('ends in good order where nobody reads it any more', async () => {
    const command = await running(start('paper'));
    command.process.stdout.destroy();
    command.process.kill('SIGTERM');
    expect((await command.outcome()).code).toBe(0);
  });

  it('opens no debugger on a signal', async () => {
    const command = await running(start('paper'));
    command.process.kill('SIGUSR1');
    command.process.kill('SIGTERM');
    const { code, stderr } = await command.outcome();
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Debugger')]);
  });

  it('refuses real money under a debugger', async () => {
    const { code, stderr } = await start('live', { node: ['--inspect=127.0.0.1:0'] }).outcome();
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/debugger: no --inspect was expected/),
    ]);
  });

  it.each([
    ['nobody caught', `setTimeout(() => { throw new Error('bad ${CANARY}\\nmore'); }, 5);`],
    ['nobody awaited', `void Promise.reject(new Error('bad ${encodeURIComponent(CANARY)}'));`],
  ])('says one sentence without a key of what %s, and exits 1', async (_what, atLoad) => {
    const { code, stdout, stderr } = await start('paper', { atLoad }).outcome();
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      'error: unexpected: bad ***; run again with --debug for the stack',
      '',
    ]);
    expect(stdout).not.toContain('canary');
  });
});
