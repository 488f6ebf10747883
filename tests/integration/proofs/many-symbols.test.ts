import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, type EpochMs } from '../../../src/core/time.ts';
import { cutAfter, garbledAfter } from '../../support/altered-store.ts';
import { wireRun } from '../../support/engine-run.ts';
import { follower, ranking } from '../../support/many-symbols.ts';
import {
  MARKETS,
  openMarket,
  OPENING_MS,
  type MarketDatabase,
} from '../../support/market-database.ts';
import {
  at,
  firstDifference,
  isEntry,
  isExit,
  isFill,
  outcomesOf,
  timesOf,
  until,
  type Outcome,
} from '../../support/run-outcomes.ts';

const SEED = 7;
const ON_AND_ON = [
  'risk_limits.system.max_drawdown=null',
  'risk_limits.system.max_daily_loss=null',
];
const RANKING = { title: 'that ranks its symbols', definition: ranking, settings: ON_AND_ON };
const FOLLOWER = {
  title: 'that looks at another symbol',
  definition: follower,
  settings: [...ON_AND_ON, 'data.symbols=[ETH/USD]'],
};

const MOMENTS: readonly (readonly [string, (run: readonly Outcome[]) => EpochMs])[] = [
  ['the close of an entry signal', (run) => at(timesOf(run, isEntry), 0.4)],
  ['the bar before an entry signal', (run) => at(timesOf(run, isEntry), 0.6) - HOUR_MS],
  ['the bar in which an order fills', (run) => at(timesOf(run, isFill), 0.5)],
  ['the close of an exit signal', (run) => at(timesOf(run, isExit), 0.7)],
];

for (const market of MARKETS) {
  describe.skipIf(!market.isThere)(`many symbols ${market.title}`, () => {
    let database: MarketDatabase;

    beforeAll(async () => {
      database = await openMarket(market);
    }, OPENING_MS);

    afterAll(() => database.close());

    describe.each([RANKING, FOLLOWER])('a strategy $title', ({ definition, settings }) => {
      const sketch = { definition, range: market.range, settings };
      let whole: readonly Outcome[];

      beforeAll(async () => {
        whole = await outcomesOf(database.store, sketch);
      });

      it('signals and fills often enough to prove something', () => {
        expect(timesOf(whole, isEntry).length).toBeGreaterThan(70);
        expect(timesOf(whole, isExit).length).toBeGreaterThan(40);
        expect(timesOf(whole, isFill).length).toBeGreaterThan(100);
      });

      it('does the same again, event by event', async () => {
        expect(firstDifference(whole, await outcomesOf(database.store, sketch))).toBeNull();
      });

      it.each(MOMENTS)('does until %s what it does when the data end there', async (_, pick) => {
        const time = pick(whole);
        const cut = await outcomesOf(cutAfter(database.store, time), sketch);
        expect(firstDifference(until(whole, time), cut)).toBeNull();
      });

      it.each(MOMENTS)('does until %s what it does when garbage follows', async (_, pick) => {
        const time = pick(whole);
        const end = time + 30 * DAY_MS;
        const store = cutAfter(garbledAfter(database.store, time, SEED), end);
        const garbled = await outcomesOf(store, sketch);
        expect(firstDifference(until(whole, time), until(garbled, time))).toBeNull();
        expect(firstDifference(until(whole, end), garbled), 'garbage was seen').not.toBeNull();
      });
    });

    it('shows the bars of a symbol that is only looked at to strategies, and to nobody else', async () => {
      const { engine } = wireRun(database.store, { ...FOLLOWER, range: market.range });
      const seen = new Set<string>();
      engine.bus.tap(({ type, payload }) => {
        if (type === 'bar.watched' || type === 'bar.arrived' || type === 'bar.closed') {
          seen.add(`${type} ${payload.symbol}`);
        } else if (type === 'slice.closed') {
          for (const { symbol } of payload.bars) seen.add(`${type} ${symbol}`);
        }
        return undefined;
      });
      await engine.run(new AbortController().signal);
      expect([...seen].toSorted()).toEqual([
        'bar.arrived ETH/USD',
        'bar.closed ETH/USD',
        'bar.watched BTC/USD',
        'slice.closed ETH/USD',
      ]);
      expect(engine.portfolio.lastPrice('BTC/USD')).toBeNull();
    });
  });
}
