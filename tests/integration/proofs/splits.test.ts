import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { importFile } from '../../../src/app/import-file.ts';
import { DAY_MS, type EpochMs } from '../../../src/core/time.ts';
import {
  BAR_STRIDE,
  type BarRow,
  type BarStore,
  type SeriesWrite,
} from '../../../src/ports/bar-store.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { cutAfter } from '../../support/altered-store.ts';
import { reportRun } from '../../support/engine-run.ts';
import { openMarket, OPENING_MS, type MarketDatabase } from '../../support/market-database.ts';
import { instrumentOf, write } from '../sqlite/bar-rows.ts';

const FOLDER = '../shared/data';
const SPLIT = Date.parse('2014-06-09');

/** Buys with the first bar and never sells. */
const HOLDER = defineStrategy({
  id: 'holder',
  params: z.strictObject({}),
  create: () => ({
    onBar: (_, context) =>
      context.position === null ? context.enter({ side: 'buy', reason: 'hold' }) : null,
  }),
});

/** Buys unless the close lies below half the mean of the last twenty, which the warm-up gives. */
const ABOVE_MEAN = defineStrategy({
  id: 'above_mean',
  params: z.strictObject({}),
  create: ({ indicators }) => {
    const mean = indicators.sma({ period: 20 });
    return {
      onBar: ({ close }, context) =>
        context.position === null && close > mean.value / 2
          ? context.enter({ side: 'buy', reason: 'no fall by half' })
          : null,
    };
  },
});

const RANGE = { start: Date.parse('2014-03-03'), end: Date.parse('2014-09-01') };

const SETTINGS = [
  'data.symbols=["AAPL"]',
  'data.timeframe=1d',
  'data.exchange=lean',
  // Nothing but the price decides: no stop, no target, no share of volume.
  'risk_limits.position.stop_loss.stock=null',
  'risk_limits.position.take_profit_ratio=null',
];

function run(store: BarStore, splits: string, range = RANGE, definition = HOLDER) {
  const settings = [...SETTINGS, `data.splits=${splits}`];
  return reportRun(store, { definition, range, settings });
}

/** The last close before a time, as stored. */
function closeBefore(store: BarStore, time: EpochMs): number {
  const [series] = store.series();
  if (series === undefined) throw new Error('a series must be stored');
  const from = store.openTimeBefore(series.id, time, 1) ?? 0;
  for (const page of store.pages(series.id, from, time))
    return page[page.length - BAR_STRIDE + 4] ?? 0;
  throw new Error('there must be a bar before');
}

describe.skipIf(!existsSync(FOLDER))(`a split in raw prices (skipped without ${FOLDER})`, () => {
  let database: MarketDatabase;

  beforeAll(async () => {
    database = await openMarket({
      title: 'AAPL',
      isThere: true,
      range: { start: null, end: null },
      fill: async (store) => {
        const file = `${FOLDER}/lean_AAPL_1d.csv`;
        const identity = { exchange: 'lean', symbol: 'AAPL', timeframe: '1d' } as const;
        const policy = { outliers: 'keep', assumeUtc: false } as const;
        await importFile(
          { file, ...identity, assetClass: 'stock', policy, maxBadRows: 0 },
          () => store,
        );
      },
    });
  }, OPENING_MS);

  afterAll(() => database.close());

  it('is carried across: who holds the shares loses nothing by it', async () => {
    const report = await run(database.store, 'adjust');
    expect(report.labels).toContain(
      'AAPL: split 7:1 on 2014-06-09 found in raw prices; prices carried on across it',
    );
    expect(report.data_quality).toMatchObject({ missing_bars: 0, splits: 1 });
    expect(report.metrics.total_trades).toBe(1);
    const { worst_trade, buy_and_hold_return } = report.metrics;
    // From 523 on 2014-03-03 to 7 × 102.5 at the end of August.
    expect(worst_trade).toBeGreaterThan(0);
    expect(buy_and_hold_return).toBeCloseTo(
      (7 * closeBefore(database.store, RANGE.end)) / 523.42 - 1,
      1,
    );
    expect(Math.abs(report.metrics.max_drawdown ?? Number.NaN)).toBeLessThan(0.1);
  });

  it('is traded as a crash where the user says so, and the report says it too', async () => {
    const report = await run(database.store, 'trade');
    expect(report.labels).toContain('splits traded as price moves: AAPL 7:1 on 2014-06-09');
    expect(report.metrics.buy_and_hold_return).toBeLessThan(-0.75);
    expect(report.metrics.worst_trade).toBeLessThan(0);
  });

  it('is refused where the user says so, with the other choices', async () => {
    await expect(run(database.store, 'refuse')).rejects.toThrow(
      'prices without splits were expected, there is AAPL 7:1 on 2014-06-09; carry prices on across ' +
        'them with --set data.splits=adjust, or trade them as price moves with --set data.splits=trade',
    );
    const before = { ...RANGE, end: SPLIT };
    expect((await run(database.store, 'refuse', before)).metrics.total_trades).toBe(1);
  });

  it('changes nothing before it: data that end there give the same', async () => {
    for (const end of [Date.parse('2014-06-07'), SPLIT, Date.parse('2014-06-10')]) {
      const short = { ...RANGE, end };
      const whole = await run(database.store, 'adjust', short);
      const cut = await run(cutAfter(database.store, end), 'adjust', short);
      expect(cut.data_fingerprint).toBe(whole.data_fingerprint);
      expect(cut.result_hash).toBe(whole.result_hash);
      expect(cut.final_equity).toBe(whole.final_equity);
    }
  });

  it('is found by what came before, though the run begins with it', async () => {
    const report = await run(database.store, 'trade', { ...RANGE, start: SPLIT });
    expect(report.labels).toContain('splits traded as price moves: AAPL 7:1 on 2014-06-09');
  });

  it('is carried across, told of and refused in the bars of the warm-up as well', async () => {
    const after = { start: SPLIT + 3 * DAY_MS, end: SPLIT + 12 * DAY_MS };
    const adjusted = await run(database.store, 'adjust', after, ABOVE_MEAN);
    expect(adjusted.metrics.total_trades).toBe(1);
    expect(adjusted.labels.join('; ')).toContain('split 7:1 on 2014-06-09 found');
    expect((await run(database.store, 'trade', after, ABOVE_MEAN)).metrics.total_trades).toBe(0);
    await expect(run(database.store, 'refuse', after, ABOVE_MEAN)).rejects.toThrow('AAPL 7:1');
    // Without a warm-up nothing of before is read.
    expect((await run(database.store, 'refuse', after)).metrics.total_trades).toBe(1);
  });

  it('is carried across four times over twenty years', async () => {
    const all = { start: Date.parse('1998-01-02'), end: Date.parse('2021-04-01') };
    const report = await run(database.store, 'adjust', all);
    expect(report.labels.filter((label) => label.includes('carried on'))).toHaveLength(4);
    // 112 shares for one, from 16.25 to 122.15 a share.
    expect(report.metrics.buy_and_hold_return).toBeGreaterThan(112 * (122 / 16.25) - 50);
  });
});

describe('a split in the middle of a week', () => {
  let database: MarketDatabase;

  beforeAll(async () => {
    database = await openMarket({
      title: 'half a year of days',
      isThere: true,
      range: { start: null, end: null },
      fill: async (store) => {
        store.save(halvedOnAWednesday());
      },
    });
  }, OPENING_MS);

  afterAll(() => database.close());

  const RAW = ['data.symbols=["ACME"]', 'data.exchange=test', ...SETTINGS.slice(3)];
  const weekly = (splits: string, end: EpochMs | null = null) =>
    reportRun(database.store, {
      definition: HOLDER,
      timeframe: '1w',
      range: { start: null, end },
      settings: [...RAW, `data.splits=${splits}`],
    });

  it('is carried across in the days that weeks are built from', async () => {
    const report = await weekly('adjust');
    expect(report).toMatchObject({ timeframe: '1w', built_from: { ACME: '1d' } });
    expect(report.labels).toContain(
      'ACME: split 2:1 on 2019-04-10 found in raw prices; prices carried on across it',
    );
    expect(report.data_quality).toMatchObject({ splits: 1 });
    expect(Math.abs(report.metrics.buy_and_hold_return ?? NaN)).toBeLessThan(0.02);
    expect(Math.abs(report.metrics.max_drawdown ?? NaN)).toBeLessThan(0.01);
  });

  it('is refused, or traded as a fall, where the user says so', async () => {
    await expect(weekly('refuse')).rejects.toThrow('there is ACME 2:1 on 2019-04-10;');
    expect((await weekly('trade')).metrics.buy_and_hold_return).toBeLessThan(-0.45);
  });

  it('is told of a run with that week, and not of one that ends before', async () => {
    const before = await weekly('adjust', Date.parse('2019-04-08'));
    expect(before.labels.join('; ')).not.toContain('split');
    expect(before.data_quality).not.toHaveProperty('splits');
    const within = await weekly('adjust', Date.parse('2019-04-09'));
    expect(within.data_quality).toMatchObject({ splits: 1 });
  });
});

/** Weekdays of half a year around 100, and around 50 from Wednesday, 2019-04-10, on. */
function halvedOnAWednesday(): SeriesWrite {
  const bars: BarRow[] = [];
  for (let day = Date.parse('2019-01-07'); day < Date.parse('2019-07-01'); day += DAY_MS) {
    if ([0, 6].includes(new Date(day).getUTCDay())) continue;
    const shares = day < Date.parse('2019-04-10') ? 1 : 2;
    const close = (100 + (bars.length % 3) / 2) / shares;
    const row = { open: close, high: close * 1.002, low: close * 0.998, close, flags: 0 };
    bars.push({ ...row, openTime: day, volume: 1e6 * shares });
  }
  return write(bars, {
    key: { exchange: 'test', symbol: 'ACME', timeframe: '1d', adjustment: 'raw' },
    assetClass: 'stock',
    calendar: 'us',
    instrument: instrumentOf('ACME', { assetClass: 'stock' }),
  });
}
