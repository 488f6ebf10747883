import { describe, expect, it } from 'vitest';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import { userDirectories } from '../cli/command-line.ts';
import { collectWords, NOW, storedRows } from './collecting.ts';

const makeDirectory = userDirectories();

describe('two collects of overlapping ranges on one database', () => {
  it('end together with the right rows', async () => {
    const server = await startCoinbase({ now: NOW });
    const [both, one] = [makeDirectory(), makeDirectory()];
    const ranges = ['20240101-20240420', '20240215-20240601'];
    const runs = ranges.map((range) =>
      both.start(collectWords(server, ['--symbols', 'BTC/USD,ETH/USD', '--timerange', range])),
    );
    for (const run of runs) {
      const { code, stderr } = await run.outcome();
      expect([code, stderr.includes('locked')]).toEqual([0, false]);
    }
    const whole = ['--symbols', 'BTC/USD,ETH/USD', '--timerange', '20240101-20240601'];
    await one.prepare(...collectWords(server, whole));
    await server.stop();
    expect(storedRows(both)).toEqual(storedRows(one));
  });
});
