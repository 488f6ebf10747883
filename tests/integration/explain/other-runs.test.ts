import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../src/adapters/sqlite/database.ts';
import { SqliteRunStore } from '../../../src/adapters/sqlite/sqlite-run-store.ts';
import { runData } from '../../../src/app/explain/run-data.ts';
import { RunReplay } from '../../../src/app/explain/run-replay.ts';
import { runBacktest } from '../../../src/app/run-backtest.ts';
import { present } from '../../../src/core/assert.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { BAR_STRIDE, type BarStore } from '../../../src/ports/bar-store.ts';
import { meanReversion } from '../../../src/strategies/mean-reversion.ts';
import { momentum } from '../../../src/strategies/momentum.ts';
import { DATABASE, userDirectories } from '../cli/command-line.ts';
import { wireRun } from '../../support/engine-run.ts';
import {
  openMarket,
  OPENING_MS,
  SAMPLE_MARKET,
  type MarketDatabase,
} from '../../support/market-database.ts';
import { capitalShares } from '../../../src/portfolio/capital-shares.ts';
import { strategyId } from '../../support/orders.ts';
import { explainLast } from './explaining.ts';

const makeDirectory = userDirectories();
const AGREES = 'computed again; they are what the signal recorded, to the last bit';

/** Bars and symbols with a signal, of the last run in that file. */
function signalsIn(file: string, where = 'TRUE') {
  const database = openDatabase(file, { readonly: true });
  try {
    return database
      .prepare<[], { at: number; symbol: string; strategy: string }>(
        `SELECT bar_open_time AS at, symbol, strategy_id AS strategy FROM signals
         WHERE ${where} ORDER BY seq`,
      )
      .all();
  } finally {
    database.close();
  }
}

describe('two strategies on one account', () => {
  let opened: MarketDatabase;
  let database: Database;

  beforeAll(async () => {
    opened = await openMarket(SAMPLE_MARKET);
    database = openDatabase(opened.file);
    const range = { start: Date.UTC(2023, 0), end: Date.UTC(2023, 6) };
    const { plan } = wireRun(opened.store, { definition: meanReversion, range });
    const [first] = plan.strategies;
    const second = {
      ...present(first, 'a strategy'),
      id: strategyId('momentum'),
      definition: momentum,
      params: momentum.params.parse({}),
      symbols: ['ETH/USD'],
    };
    const strategies = [...plan.strategies, second];
    await runBacktest(
      {
        ...plan,
        strategies,
        capitalShares: capitalShares(
          strategies.map(({ id }) => id),
          {},
        ),
      },
      {
        bars: opened.store,
        runs: new SqliteRunStore(database),
        exportDirectory: null,
        signal: new AbortController().signal,
        timer: () => 0,
        now: () => 0,
      },
    );
  }, OPENING_MS);

  afterAll(() => {
    database.close();
    opened.close();
  });

  it('are told of one by one, each on its own symbols', async () => {
    const { strategies } = await explainLast(opened.file, { at: Date.UTC(2023, 4, 5) });
    expect(strategies.map(({ strategy, symbol }) => `${strategy} ${symbol}`)).toEqual([
      'mean_reversion BTC/USD',
      'mean_reversion ETH/USD',
      'momentum ETH/USD',
    ]);
    expect(strategies.map(({ rules }) => rules?.length)).toEqual([4, 4, 4]);
  });

  it('may be asked for alone', async () => {
    const at = Date.UTC(2023, 4, 5);
    const { strategies } = await explainLast(opened.file, { at, strategy: 'momentum' });
    expect(strategies.map(({ strategy }) => strategy)).toEqual(['momentum']);
  });

  it('agree with what each recorded', async () => {
    for (const name of ['mean_reversion', 'momentum']) {
      const { at, symbol } = present(signalsIn(opened.file, `strategy_id = '${name}'`)[9], name);
      const told = await explainLast(opened.file, { at, symbol, strategy: name });
      expect(told.strategies.map(({ rulesNote }) => rulesNote)).toEqual([AGREES]);
    }
  });

  it('take only the bars their indicators need, wherever the bar is', async () => {
    let read = 0;
    const counting: BarStore = {
      ...methodsOf(opened.store),
      *pages(id, from, to) {
        for (const page of opened.store.pages(id, from, to)) {
          read += page.length / BAR_STRIDE;
          yield page;
        }
      },
    };
    const run = present(new SqliteRunStore(database).find('bt-1'), 'the run');
    const data = runData(counting, run, '{}');
    const { plan } = wireRun(opened.store, {
      definition: meanReversion,
      range: { start: data.start, end: data.end },
    });
    const replay = new RunReplay(data, plan.strategies, counting);
    const openTime = data.start + 4_000 * HOUR_MS;
    read = 0;
    const moment = await replay.moment(openTime, false);
    // 646 bars of warm-up and the bar itself, of two symbols.
    expect(read).toBe(2 * 647);
    const bar = present(moment.barOf('BTC/USD'), 'the bar');
    const near = moment.explain(strategyId('mean_reversion'), bar);
    const whole = await replay.moment(openTime, true);
    expect(read).toBeGreaterThan(2 * 4_000);
    expect(whole.explain(strategyId('mean_reversion'), bar)).toEqual(near);
  });
});

/** Its methods, bound, so that some may be replaced. */
function methodsOf(store: BarStore): BarStore {
  return {
    save: (write) => store.save(write),
    series: () => store.series(),
    findSeries: (key) => store.findSeries(key),
    drop: (...series) => store.drop(...series),
    instruments: (...which) => store.instruments(...which),
    recordInstrument: (...told) => store.recordInstrument(...told),
    covered: (id) => store.covered(id),
    revisions: (id) => store.revisions(id),
    issues: (id) => store.issues(id),
    pages: (...span) => store.pages(...span),
    openTimeBefore: (...before) => store.openTimeBefore(...before),
  };
}

describe('bars that are built from shorter ones', () => {
  it('are explained as the run built them', async () => {
    const directory = makeDirectory();
    await directory.prepare('data', 'sample');
    const args = ['--strategy', 'mean_reversion_crypto', '--timeframe', '4h'] as const;
    await directory.prepare('backtest', ...args, '--timerange', '20230601-20240601');
    const file = directory.at(DATABASE);
    const { at, symbol } = present(signalsIn(file)[9], 'a signal');
    // Three hours and a half into a bar of four.
    const told = await explainLast(file, { at: at + 3.5 * HOUR_MS, symbol });
    expect(told.data.isSame).toBe(true);
    expect(told.bars.map(({ openTime }) => Date.parse(openTime))).toEqual([at]);
    expect(told.strategies.map(({ rulesNote }) => rulesNote)).toEqual([AGREES]);
  });
});

const AAPL = '../shared/data/lean_AAPL_1d.csv';
const SPLIT = Date.UTC(2014, 5, 9);

describe.skipIf(!existsSync(AAPL))(
  `prices carried across a split (skipped without ${AAPL})`,
  () => {
    it('are explained as the run saw them', async () => {
      const directory = makeDirectory();
      const identity = ['--symbol', 'AAPL', '--timeframe', '1d', '--exchange', 'lean'] as const;
      await directory.prepare('import', path.resolve(AAPL), ...identity);
      directory.write('dip.ts', DIP);
      const series = ['--symbols', 'AAPL', '--timeframe', '1d', '--exchange', 'lean'] as const;
      const range = ['--timerange', '20140303-20141201'] as const;
      await directory.prepare('backtest', '--strategy', './dip.ts', ...series, ...range);
      const file = directory.at(DATABASE);
      const found = signalsIn(file, `bar_open_time > ${SPLIT} AND conditions <> '[]'`);
      const { at } = present(found[4], 'a signal after the split');
      const told = await explainLast(file, { at });
      expect(told.data.isSame).toBe(true);
      // Raw prices are near 100 by then, those of the shares of March near 700.
      expect(told.bars[0]?.close).toBeGreaterThan(500);
      expect(told.strategies.map(({ rulesNote }) => rulesNote)).toEqual([AGREES]);
    });
  },
);

const DIP = `import { defineStrategy, rule, z } from 'quantsage';
export default defineStrategy({
  id: 'dip',
  params: z.object({}),
  create({ indicators }) {
    const mean = indicators.sma({ period: 5 });
    const entry = rule('below', (bar) => bar.close, '<', () => mean.value);
    return {
      rules: { entry },
      onBar(bar, context) {
        if (context.position !== null) return context.exit({ reason: 'next day' });
        return entry.holds(bar) ? context.enter({ side: 'buy', reason: 'dip', rules: entry }) : null;
      },
    };
  },
});
`;
