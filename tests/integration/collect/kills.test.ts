import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/core/time.ts';
import { marketSketch } from '../../support/exchanges/candle-market.ts';
import { startCoinbase } from '../../support/exchanges/coinbase-server.ts';
import type { LoopbackServer } from '../../support/exchanges/loopback-server.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { userDirectories, type UserDirectory } from '../cli/command-line.ts';
import { collectWords, NOW, spoil, storedRows } from './collecting.ts';

/** All fifty run by `npm run test:kills`. */
const KILLS = Number(process.env['KILLS'] ?? 4);
const KILL_TIMEOUT_MS = 20_000;
const PAGES_BETWEEN = 4;
const PAGE_BARS = 300;
/** Enough pages that nearly every kill strikes a run at work. */
const HOURS = PAGE_BARS * Math.ceil(KILLS * PAGES_BETWEEN * 0.6 + 4);
const FROM = NOW - (NOW % HOUR_MS) - (HOURS / 2) * HOUR_MS;

const makeDirectory = userDirectories();

let server: LoopbackServer;

beforeAll(async () => {
  const hole = (at: number, hours: number) => ({
    from: FROM + at * HOUR_MS,
    to: FROM + (at + hours) * HOUR_MS,
  });
  // Within a page, across the border of two, and a whole page and more.
  const holes = [hole(40, 3), hole(298, 5), hole(700, 650)];
  const markets = [marketSketch('BTC/USD', { holes }), marketSketch('ETH/USD', { price: 2500 })];
  server = await startCoinbase({ now: NOW, markets });
  for (const symbol of ['BTC/USD', 'ETH/USD']) spoil(server.market, symbol, FROM, HOURS / 2);
});

afterAll(async () => server.stop());

/** Kills it at a random moment at work; false when it had ended by itself before. */
async function runAndKill(directory: UserDirectory, random: () => number): Promise<boolean> {
  const until = server.requestsFor('candles').length + Math.floor(random() * PAGES_BETWEEN);
  let ticksLeft = Math.floor(random() * 6);
  const child = directory.start(words());
  const watch = setInterval(() => {
    if (server.requestsFor('candles').length <= until || ticksLeft-- > 0) return;
    child.process.kill('SIGKILL');
  }, 1);
  const { code } = await child.outcome();
  clearInterval(watch);
  return code === null;
}

function words(): readonly string[] {
  const range = `${FROM}-${NOW}`;
  return collectWords(server, ['--symbols', 'BTC/USD,ETH/USD', '--timerange', range]);
}

describe(`collect, killed ${KILLS} times at random moments and then completed`, () => {
  it(
    'leaves the same bars, issues and covered spans as an undisturbed run, row for row',
    async () => {
      const [calm, killed] = [makeDirectory(), makeDirectory()];
      await calm.prepare(...words());
      const random = seededRandom(20_240_601);
      let struck = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        if (await runAndKill(killed, random)) struck += 1;
      }
      expect(struck, 'most kills strike before the end').toBeGreaterThan(KILLS / 2);
      await killed.prepare(...words());
      const [expected, found] = [storedRows(calm), storedRows(killed)];
      expect(expected.bars.length).toBeGreaterThan(HOURS / 2);
      expect(new Set(expected.issues.map(({ rule }) => rule))).toEqual(
        new Set(['bad-print', 'gap', 'large-move', 'ohlc-order', 'price-range', 'volume-range']),
      );
      expect(found.spans).toEqual(expected.spans);
      expect(found.issues).toEqual(expected.issues);
      expect(found.bars).toEqual(expected.bars);
    },
    KILLS * KILL_TIMEOUT_MS,
  );
});
