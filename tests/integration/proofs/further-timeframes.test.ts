import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { SqliteBarStore } from '../../../src/adapters/sqlite/sqlite-bar-store.ts';
import { barReader, readableSeries } from '../../../src/app/readable-series.ts';
import { present } from '../../../src/core/assert.ts';
import { DAY_MS, HOUR_MS, timeframeMs, type EpochMs } from '../../../src/core/time.ts';
import {
  BAR_STRIDE,
  type BarPage,
  type BarRow,
  type BarStore,
} from '../../../src/ports/bar-store.ts';
import { momentum } from '../../../src/strategies/momentum.ts';
import { meanReversion } from '../../../src/strategies/mean-reversion.ts';
import { cutAfter, garbledAfter } from '../../support/altered-store.ts';
import { reportRun, type RunSketch } from '../../support/engine-run.ts';
import { higherTrend, higherTrendOf } from '../../support/higher-trend.ts';
import {
  MARKETS,
  openMarket,
  OPENING_MS,
  type Market,
  type MarketDatabase,
} from '../../support/market-database.ts';
import {
  at,
  firstDifference,
  isEntry,
  isExit,
  isFill,
  isMark,
  outcomesOf,
  timesOf,
  until,
  type Outcome,
} from '../../support/run-outcomes.ts';

const SEED = 20_180_101;
const GARBAGE_MS = 30 * DAY_MS;
const SETTINGS = ['risk_limits.system.max_drawdown=null'];

type Sketch = Omit<RunSketch, 'range'>;

/** Runs whose decisions rest on bars built from shorter ones, and how often they trade at least. */
const RUNS: readonly (readonly [string, Sketch, number])[] = [
  ['mean_reversion on 4h bars from 1h', { definition: meanReversion, timeframe: '4h' }, 10],
  ['momentum on 2h bars from 1h', { definition: momentum, timeframe: '2h' }, 10],
  ['a strategy on 1h and 4h bars', { definition: higherTrend }, 50],
  [
    'a strategy on 2h bars from 1h, and 1d bars',
    { definition: higherTrendOf('1d'), timeframe: '2h' },
    20,
  ],
];

const MOMENTS: readonly (readonly [string, (run: readonly Outcome[]) => EpochMs])[] = [
  ['the close of an entry signal in the middle', (run) => at(timesOf(run, isEntry), 0.5)],
  ['the bar in which an order fills', (run) => at(timesOf(run, isFill), 0.6)],
  ['the close of an exit signal', (run) => at(timesOf(run, isExit), 0.7)],
  ['nine tenths of the period', (run) => at(timesOf(run, isMark), 0.9)],
];

for (const market of MARKETS) {
  describe.skipIf(!market.isThere)(`no look-ahead over timeframes ${market.title}`, () => {
    let database: MarketDatabase;

    beforeAll(async () => {
      database = await openMarket(market);
    }, OPENING_MS);

    afterAll(() => database.close());

    describe.each(RUNS)('%s', (_, run, least) => {
      const sketch = { ...run, range: market.range, settings: SETTINGS };
      let whole: readonly Outcome[];

      beforeAll(async () => {
        whole = await outcomesOf(database.store, sketch);
      });

      it('signals and fills often enough to prove something', () => {
        expect(timesOf(whole, isEntry).length).toBeGreaterThanOrEqual(least);
        expect(timesOf(whole, isFill).length).toBeGreaterThanOrEqual(2 * least);
      });

      it.each(MOMENTS)('does until %s what it does when the data end there', async (_, pick) => {
        const time = pick(whole);
        const cut = await outcomesOf(cutAfter(database.store, time), sketch);
        expect(cut.at(-1)?.ts).toBe(time);
        expect(firstDifference(until(whole, time), cut)).toBeNull();
      });

      it.each(MOMENTS.slice(0, 2))(
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

      it('sees nothing of a bar that is still forming', async () => {
        const step = timeframeMs(run.timeframe ?? '1h');
        const time = at(timesOf(whole, isEntry), 0.5);
        // The last hour before the close is missing: the bar is not over.
        const cut = await outcomesOf(cutAfter(database.store, time - HOUR_MS), sketch);
        expect(cut.at(-1)?.ts).toBe(time - step);
        expect(firstDifference(until(whole, time - step), cut)).toBeNull();
      });
    });
  });
}

/** A database that holds what was built in another. */
function storeBuilt(from: BarStore, folder: string): Database {
  const connection = openDatabase(path.join(folder, 'stored.db'));
  const store = new SqliteBarStore(connection);
  for (const base of from.series()) {
    const key = { ...base, timeframe: '4h' } as const;
    const series = present(readableSeries(from, key), 'the built series');
    const bars: BarRow[] = [];
    for (const page of barReader(from, [series]).pages(series.id, 0, Number.MAX_SAFE_INTEGER)) {
      for (let row = 0; row < page.length; row += BAR_STRIDE) bars.push(rowAt(page, row));
    }
    const { exchange, symbol, adjustment, assetClass, calendar } = base;
    const instrument = present(from.instruments(exchange, symbol).at(-1), 'it').instrument;
    store.save({
      key: { exchange, symbol, timeframe: '4h', adjustment },
      assetClass,
      calendar,
      instrument,
      bars,
      covers: null,
      onConflict: 'report',
      at: 0,
      issues: [],
      source: 'built',
    });
  }
  return connection;
}

function rowAt(page: BarPage, row: number): BarRow {
  const [openTime = NaN, open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] =
    page.subarray(row, row + BAR_STRIDE);
  return { openTime, open, high, low, close, volume, flags: page[row + 6] ?? NaN };
}

describe.each(MARKETS.filter(({ isThere }) => isThere))(
  'bars that were built $title',
  (market: Market) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'quantsage-'));
    let database: MarketDatabase;
    let stored: Database;

    beforeAll(async () => {
      database = await openMarket(market);
      stored = storeBuilt(database.store, folder);
    }, OPENING_MS);

    afterAll(() => {
      database.close();
      stored.close();
      rmSync(folder, { recursive: true });
    });

    it.each([meanReversion, momentum, higherTrend])(
      'give the result and the fingerprint that the same bars give when stored: $id',
      async (definition) => {
        const sketch = { definition, timeframe: '4h', range: market.range } as const;
        const built = await reportRun(database.store, sketch);
        const again = await reportRun(database.store, sketch);
        const plain = await reportRun(new SqliteBarStore(stored), sketch);
        expect(again).toEqual(built);
        expect({ ...plain, built_from: built.built_from, labels: built.labels }).toEqual(built);
        expect(plain.labels).not.toContain('4h bars built from 1h bars');
        expect(built.labels).toContain('4h bars built from 1h bars');
        expect(Object.values(built.built_from)).toEqual(built.symbols.map(() => '1h'));
      },
    );
  },
);
