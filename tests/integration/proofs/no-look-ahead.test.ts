import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { AnyEvent } from '../../../src/core/events.ts';
import { DAY_MS, HOUR_MS, type EpochMs } from '../../../src/core/time.ts';
import type { BarStore } from '../../../src/ports/bar-store.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { builtinStrategies } from '../../../src/strategies/strategy-registry.ts';
import { cutAfter, garbledAfter } from '../../support/altered-store.ts';
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
  isMark,
  isRefusal,
  outcomesOf,
  timesOf,
  until,
  type Outcome,
} from '../../support/run-outcomes.ts';

const SEED = 20_180_101;

const SETTINGS = [
  // A losing strategy goes on to the last bar.
  'risk_limits.system.max_drawdown=null',
  // What moves together may not be held together: risk refuses often, on what it saw of returns.
  'risk_limits.portfolio.correlation.threshold=0.5',
  'risk_limits.portfolio.correlation.max_group_exposure=0.1',
];

/** Garbage need not go on for ever. */
const GARBAGE_MS = 30 * DAY_MS;

/** The middle of the time that the position held longest was open. */
function middleOfLongest(outcomes: readonly Outcome[]): EpochMs {
  const closed = outcomes.flatMap(({ ts, event }) => {
    if (event.type !== 'position.updated' || !event.payload.quantity.isZero) return [];
    return [{ from: event.payload.entryTime, to: ts }];
  });
  const [longest] = closed.sort((one, other) => other.to - other.from - (one.to - one.from));
  if (longest === undefined) throw new Error('the run must close a position');
  return longest.from + Math.floor((longest.to - longest.from) / 2 / HOUR_MS) * HOUR_MS;
}

const MOMENTS: readonly (readonly [string, (run: readonly Outcome[]) => EpochMs])[] = [
  ['the close of its first entry signal', (run) => at(timesOf(run, isEntry), 0)],
  ['the close of an entry signal in the middle', (run) => at(timesOf(run, isEntry), 0.5)],
  ['the bar before an entry signal', (run) => at(timesOf(run, isEntry), 0.3) - HOUR_MS],
  ['the bar in which an order fills', (run) => at(timesOf(run, isFill), 0.6)],
  ['the middle of its longest position', middleOfLongest],
  ['the bar before an exit signal', (run) => at(timesOf(run, isExit), 0.4) - HOUR_MS],
  ['the close of an exit signal', (run) => at(timesOf(run, isExit), 0.7)],
  ['the close at which an order was refused', (run) => at(timesOf(run, isRefusal), 0.5)],
  ['nine tenths of the period', (run) => at(timesOf(run, isMark), 0.9)],
];

for (const market of MARKETS) {
  describe.skipIf(!market.isThere)(`no look-ahead ${market.title}`, () => {
    let database: MarketDatabase;

    beforeAll(async () => {
      database = await openMarket(market);
    }, OPENING_MS);

    afterAll(() => database.close());

    describe.each(builtinStrategies)('$id', (definition) => {
      const sketch = { definition, range: market.range, settings: SETTINGS };
      let whole: readonly Outcome[];

      beforeAll(async () => {
        whole = await outcomesOf(database.store, sketch);
      });

      it('signals, orders, is refused and fills often enough to prove something', () => {
        const count = (wanted: (event: AnyEvent) => boolean) => timesOf(whole, wanted).length;
        expect(count(isEntry)).toBeGreaterThan(70);
        expect(count(isExit)).toBeGreaterThan(10);
        expect(count(isFill)).toBeGreaterThan(100);
        expect(count(isRefusal)).toBeGreaterThan(5);
      });

      it.each(MOMENTS)('does until %s what it does when the data end there', async (_, pick) => {
        const time = pick(whole);
        const cut = await outcomesOf(cutAfter(database.store, time), sketch);
        expect(cut.at(-1)?.ts).toBe(time);
        expect(firstDifference(until(whole, time), cut)).toBeNull();
      });

      it.each(MOMENTS.slice(0, 6))(
        'does until %s what it does when garbage follows',
        async (_, pick) => {
          const time = pick(whole);
          const end = time + GARBAGE_MS;
          const store = cutAfter(garbledAfter(database.store, time, SEED), end);
          const garbled = await outcomesOf(store, sketch);
          expect(firstDifference(until(whole, time), until(garbled, time))).toBeNull();
          expect(firstDifference(until(whole, end), garbled), 'garbage was seen').not.toBeNull();
        },
      );
    });

    it('is told from a strategy that knows the next close', async () => {
      const { store } = database;
      const run = (from: BarStore) =>
        outcomesOf(from, { definition: clairvoyant(from), range: market.range });
      const whole = await run(store);
      const time = at(timesOf(whole, isEntry), 0.5);
      const cut = await run(cutAfter(store, time));
      const garbled = await run(garbledAfter(store, time, SEED));
      expect(firstDifference(until(whole, time), cut)).not.toBeNull();
      expect(firstDifference(until(whole, time), until(garbled, time))).not.toBeNull();
    });
  });
}

/** Buys whenever the next close is at least one percent higher but less than two. */
function clairvoyant(store: BarStore) {
  const closes = new Map<string, number>();
  for (const { id, symbol } of store.series()) {
    for (const page of store.pages(id, 0, Number.MAX_SAFE_INTEGER)) {
      for (let row = 0; row < page.length; row += 7) {
        closes.set(`${symbol} ${page[row]}`, page[row + 4] ?? Number.NaN);
      }
    }
  }
  return defineStrategy({
    id: 'clairvoyant',
    params: z.strictObject({}),
    create: () => ({
      onBar: ({ symbol, close, closeTime }, context) => {
        const gain = (closes.get(`${symbol} ${closeTime}`) ?? close) / close - 1;
        const knows = gain >= 0.01 && gain < 0.02;
        if (context.position !== null || !knows) return null;
        return context.enter({ side: 'buy', reason: 'it knows' });
      },
    }),
  });
}
