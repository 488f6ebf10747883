import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import {
  ConfigError,
  DataError,
  defineStrategy,
  QuantSageError,
  runBacktest,
  StrategyError,
  z,
  type BacktestOptions,
  type BarInput,
} from '../../../src/quantsage.ts';
import {
  OPENING_MS,
  openMarket,
  SAMPLE_MARKET,
  type MarketDatabase,
} from '../../support/market-database.ts';
import { BASIC, days, MONDAY, PLAIN, scheduled } from './scheduled-run.ts';

/** Sells short on the second bar and buys back at the end. */
const seller = defineStrategy({
  id: 'seller',
  params: z.object({}),
  create: () => ({
    onBar: (_, { position, enter }) =>
      position === null ? enter({ side: 'sell', reason: 'down' }) : null,
  }),
});

async function failureOf(options: BacktestOptions): Promise<QuantSageError> {
  const error: unknown = await runBacktest(options).then(
    () => new Error('a failure was expected'),
    (reason: unknown) => reason,
  );
  if (error instanceof QuantSageError) return error;
  throw error;
}

describe('runBacktest over bars in memory', () => {
  it('gives the trade with numbers to reckon with and with all their digits', async () => {
    const { trades, report } = await runBacktest(BASIC);
    // Bought 50 at the open of the second day, sold at the open of the fourth.
    expect(trades).toEqual([
      {
        strategy: 'scheduled',
        symbol: 'BTC/USD',
        side: 'long',
        entryTime: MONDAY + DAY_MS,
        exitTime: MONDAY + 3 * DAY_MS,
        quantity: 50,
        entryPrice: 100,
        exitPrice: 110,
        grossPnl: 500,
        fees: 0,
        slippage: 0,
        spreadCost: 0,
        impactCost: 0,
        financing: 0,
        netPnl: 500,
        exact: {
          quantity: '50',
          entryPrice: '100',
          exitPrice: '110',
          grossPnl: '500',
          fees: '0',
          slippage: '0',
          spreadCost: '0',
          impactCost: '0',
          financing: '0',
          netPnl: '500',
        },
        netReturn: 0.1,
        exitReason: 'off',
        entryOrder: 'o1',
        exitOrder: 'o2',
      },
    ]);
    expect(report).toMatchObject({
      run_id: 'unrecorded',
      strategy: 'scheduled',
      symbols: ['BTC/USD'],
      timeframe: '1d',
      final_equity: 10_500,
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('gives orders, fills, signals and equity as they came about', async () => {
    const { orders, fills, signals, equity } = await runBacktest(BASIC);
    expect(signals.map(({ intent, side, order, reason }) => [intent, side, order, reason])).toEqual(
      [
        ['enter', 'buy', 'o1', 'on'],
        ['exit', null, 'o2', 'off'],
      ],
    );
    expect(
      orders.map(({ id, type, state, quantity, limitPrice }) => [
        id,
        type,
        state,
        quantity,
        limitPrice,
      ]),
    ).toEqual([
      ['o1', 'market', 'filled', 50, null],
      ['o2', 'market', 'filled', 50, null],
    ]);
    expect(fills.map(({ order, side, exact }) => [order, side, exact.price])).toEqual([
      ['o1', 'buy', '100'],
      ['o2', 'sell', '110'],
    ]);
    expect(orders[0]).toMatchObject({
      expiresAt: null,
      trail: null,
      replaces: null,
      sizedAtFill: null,
    });
    expect(equity.map((point) => point.equity)).toEqual([10_000, 10_000, 10_500, 10_500, 10_500]);
    expect(equity.at(-1)?.time).toBe(MONDAY + 5 * DAY_MS);
  });

  it('attributes what a trade cost to the last digit', async () => {
    const { trades, fills } = await runBacktest({
      ...BASIC,
      strategy: { definition: seller, allowShort: true },
      config: {
        ...PLAIN,
        transaction_costs: { slippage: { model: 'volume_based' } },
        portfolio: { ...PLAIN.portfolio, margin: { borrow_rate: 0.365 } },
      },
    });
    const [trade] = trades;
    expect(trade).toBeDefined();
    if (trade === undefined) return;
    const { grossPnl, slippage, fees, financing, netPnl, spreadCost, impactCost } = trade.exact;
    const of = (amount: string) => Decimal.parse(amount);
    const net = of(grossPnl).minus(of(slippage)).minus(of(fees)).minus(of(financing));
    expect(net.toString()).toBe(netPnl);
    expect(of(spreadCost).plus(of(impactCost)).toString()).toBe(slippage);
    expect(fills.reduce((sum, fill) => sum + fill.impactCost, 0)).toBeCloseTo(trade.impactCost, 9);
    for (const cost of [trade.spreadCost, trade.impactCost, trade.fees, trade.financing]) {
      expect(cost).toBeGreaterThan(0);
    }
  });

  it('runs several strategies with parameters and ids of their own', async () => {
    const { report, trades } = await runBacktest({
      ...BASIC,
      strategy: [scheduled, { definition: scheduled, id: 'later', params: { on: 1, off: 3 } }],
    });
    expect(report.strategy).toBe('scheduled, later');
    expect(trades.map(({ strategy, entryPrice }) => [strategy, entryPrice])).toEqual([
      ['scheduled', 100],
      ['later', 100],
    ]);
    const sum = Object.values(report.per_strategy).reduce((s, each) => s + each.contribution, 0);
    expect(sum).toBeCloseTo(report.final_equity - report.initial_capital, 9);
  });

  it('takes times as numbers, dates and text alike', async () => {
    const rows = days(100, 100, 110, 120, 120);
    const dates = rows.map((row) => ({ ...row, openTime: new Date(row.openTime) }));
    const texts = dates.map((row) => ({
      ...row,
      openTime: row.openTime.toISOString().slice(0, 10),
    }));
    const hashes = [];
    for (const bars of [rows, dates, texts]) {
      const { report } = await runBacktest({ ...BASIC, bars: { 'BTC/USD': bars } });
      hashes.push(report.result_hash);
    }
    expect(new Set(hashes).size).toBe(1);
  });

  it('cuts to a start and an end, the end not included', async () => {
    for (const [start, end] of [
      ['2024-01-02', '2024-01-05'],
      [new Date(MONDAY + DAY_MS), MONDAY + 4 * DAY_MS],
    ] as const) {
      const { report } = await runBacktest({ ...BASIC, start, end });
      expect([report.start, report.end, report.bars]).toEqual([
        '2024-01-02T00:00:00Z',
        '2024-01-05T00:00:00Z',
        3,
      ]);
    }
  });

  it('trades stocks in whole shares where they are said to have such', async () => {
    const { trades } = await runBacktest({
      ...BASIC,
      bars: { GOOG: days(99.5, 99.5, 110, 120, 120) },
      config: {
        ...PLAIN,
        execution: { ...PLAIN.execution, instruments: [{ symbol: 'GOOG', lot_step: 1 }] },
      },
    });
    expect(trades.map(({ symbol, quantity }) => [symbol, quantity])).toEqual([['GOOG', 50]]);
  });

  it('is interrupted by a signal and says so', async () => {
    const { report } = await runBacktest({ ...BASIC, signal: AbortSignal.abort() });
    expect([report.status, report.bars]).toEqual(['interrupted', 0]);
  });

  it('leaves no file behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('quantsage'));
    const home = process.cwd();
    const empty = mkdtempSync(path.join(tmpdir(), 'empty-'));
    process.chdir(empty);
    try {
      await runBacktest(BASIC);
      expect(readdirSync('.')).toEqual([]);
    } finally {
      process.chdir(home);
      rmSync(empty, { recursive: true });
    }
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('quantsage'))).toEqual(before);
  });

  it('reads no configuration of the directory it runs in', async () => {
    // The project's own files set other symbols, costs and capital.
    expect(existsSync('config/config.yaml')).toBe(true);
    const { report } = await runBacktest({
      strategy: scheduled,
      bars: BASIC.bars,
      timeframe: '1d',
    });
    expect(report.initial_capital).toBe(100_000);
  });
});

describe('runBacktest over a database', () => {
  let market: MarketDatabase;
  beforeAll(async () => {
    market = await openMarket(SAMPLE_MARKET);
  }, OPENING_MS);
  afterAll(() => market.close());

  const runs = () => {
    const database = openDatabase(market.file, { readonly: true });
    try {
      return new SqliteRunStore(database).list();
    } finally {
      database.close();
    }
  };
  const week = () =>
    ({
      strategy: { definition: scheduled, id: 'mine' },
      database: market.file,
      start: '2023-02-01',
      end: '2023-02-08',
    }) satisfies BacktestOptions;

  it('reads it, and records the run there only where asked to', async () => {
    const { report } = await runBacktest(week());
    expect(report).toMatchObject({ run_id: 'unrecorded', bars: 7 * 24 * 2 });
    expect(runs()).toEqual([]);
    const recorded = await runBacktest({ ...week(), record: true });
    expect(recorded.report.result_hash).toBe(report.result_hash);
    expect(runs().map(({ runId, strategyIds }) => [runId, strategyIds])).toEqual([
      [recorded.report.run_id, ['mine']],
    ]);
  });

  it('neither makes one nor fills it with the sample market', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'library-'));
    const database = path.join(folder, 'none.db');
    const error = await failureOf({ ...week(), database });
    expect([error.name, readdirSync(folder)]).toEqual(['DataError', []]);
    openDatabase(database).close();
    expect((await failureOf({ ...week(), database })).message).toMatch(/^no bars for BTC\/USD 1h/);
    rmSync(folder, { recursive: true });
  });
});

describe('runBacktest refuses', () => {
  const bars = (change: Partial<Record<keyof BarInput, unknown>>) => {
    const rows = days(100, 101, 102, 103);
    // As a program without types would hand it over.
    const bad = { ...rows[2], ...change } as BarInput;
    return { 'BTC/USD': [...rows.slice(0, 2), bad, ...rows.slice(3)] };
  };

  it.each([
    [{ high: 101.5 }, 'bars["BTC/USD"][2].close: ', 'ohlc-order'],
    [{ low: -1 }, 'bars["BTC/USD"][2].low: ', 'price-range'],
    [{ volume: Number.NaN }, 'bars["BTC/USD"][2].volume: ', 'decimal'],
    [{ close: undefined }, 'bars["BTC/USD"][2].close: ', 'decimal'],
    [{ openTime: MONDAY + 2 * DAY_MS + 1 }, 'bars["BTC/USD"][2].openTime: ', 'alignment'],
    [{ openTime: MONDAY + DAY_MS }, 'bars["BTC/USD"][2]', 'duplicate-time'],
    [{ openTime: 'yesterday' }, 'bars["BTC/USD"][2].openTime: ', 'timestamp'],
  ])('a bar with %j, naming it and the rule', async (change, place, rule) => {
    const error = await failureOf({ ...BASIC, bars: bars(change) });
    expect(error).toBeInstanceOf(DataError);
    expect(error.message.slice(0, place.length)).toBe(place);
    expect(error.message).toMatch(/ was expected, was .*\(rule [a-z-]+\)$/);
    expect(error.details['rule']).toBe(rule);
  });

  // What a program without types may give, too.
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'no bars',
      { bars: { 'BTC/USD': [] } },
      'bars["BTC/USD"]: at least one bar was expected, was none',
    ],
    ['both sources', { database: 'x.db' }, 'either bars or database was expected, was both'],
    [
      'nowhere to record',
      { record: true },
      'a database was expected to record the run in, was none',
    ],
    ['no strategy', { strategy: [] }, 'strategy: at least one was expected, was none'],
    [
      'an id twice',
      { strategy: [scheduled, scheduled] },
      'strategies of different ids were expected, was "scheduled" twice; give one of them another: ' +
        "{ definition, id: 'scheduled_2' }",
    ],
    [
      'a strategy nobody defined',
      { strategy: { ...scheduled } },
      'strategy: what defineStrategy returns, or { definition } with it, was expected, was another object',
    ],
    [
      'an id that is none',
      { strategy: { definition: scheduled, id: '../x' } },
      'strategy: an id of at most 64 lower-case letters, digits and underscores that begins with a ' +
        'letter was expected, was "../x"',
    ],
    [
      'a parameter it does not have',
      { strategy: { definition: scheduled, params: { offf: 3 } } },
      'strategy "scheduled": unknown key "offf"; did you mean "off"?',
    ],
    [
      'a parameter out of bounds',
      { strategy: { definition: scheduled, params: { off: 0.5 } } },
      'strategy "scheduled": params.off: a whole number was expected, was 0.5',
    ],
    [
      'a setting out of bounds',
      { config: { portfolio: { initial_capital: -5 } } },
      'config: portfolio.initial_capital: a number above 0 and at most 1000000000000 was expected, was -5',
    ],
    [
      'an option it does not have',
      { params: { off: 3 } },
      'options: unknown key "params"; known ones: strategy, bars, database,',
    ],
    [
      'an option that is misspelt',
      { symbol: ['BTC/USD'] },
      'options: unknown key "symbol"; did you',
    ],
    [
      'a setting of a strategy as YAML spells it',
      { strategy: { definition: scheduled, allow_short: true } },
      'strategy: unknown key "allow_short"; did you mean "allowShort"?',
    ],
    [
      'a timeframe there is not',
      { timeframe: '7d' },
      'timeframe: one of 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 1w was expected, was "7d"',
    ],
    ['a start that is none', { start: '2024-13-01' }, 'start: a date of the calendar was expected'],
    [
      'an end that is none',
      { end: Number.NaN },
      'end: a time in whole UTC milliseconds was expected',
    ],
    ['a symbol without bars', { symbols: ['ETH/USD'] }, 'no bars for ETH/USD 1d'],
  ])('%s', async (_, options, said) => {
    const { message } = await failureOf({ ...BASIC, ...options });
    expect(message.slice(0, said.length)).toBe(said);
  });

  it('values that no YAML could hold', async () => {
    const config = {
      portfolio: { initial_capital: new Date(0) },
    } as unknown as BacktestOptions['config'];
    const error = await failureOf({ ...BASIC, ...(config === undefined ? {} : { config }) });
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/^config\.portfolio\.initial_capital: .* was \[object Date\]$/);
  });

  it('a strategy that breaks its contract, with what it did', async () => {
    const broken = defineStrategy({
      id: 'broken',
      params: z.object({}),
      create: () => ({
        onBar() {
          throw new Error('no');
        },
      }),
    });
    const error = await failureOf({ ...BASIC, strategy: broken });
    expect(error).toBeInstanceOf(StrategyError);
    expect(error.message).toMatch(
      /^strategy "broken" on BTC\/USD, bar 2024-01-01T00:00:00Z, threw: no \(run-backtest\.test\.ts:\d+\)$/,
    );
  });
});
