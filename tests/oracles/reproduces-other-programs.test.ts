import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { userDirectories } from '../integration/cli/command-line.ts';
import { oracleRows, runCase, type OracleResult, type Row } from './oracle-run.ts';

const FOLDER = '../shared/oracles/backtests';
const PRICE_DIGITS = 9;

const newUser = userDirectories();

function near(expected: number, relative: number): readonly [number, number] {
  return [expected * (1 - relative), expected * (1 + relative)];
}

function expectFinalEquity(result: OracleResult, expected: number): void {
  const [low, high] = near(expected, 1e-6);
  expect(result.finalEquity).toBeGreaterThan(low);
  expect(result.finalEquity).toBeLessThan(high);
}

interface Trade {
  readonly side: string;
  readonly quantity: number;
  readonly entryDay: string;
  readonly exitDay: string;
  readonly entryPrice: string;
  readonly exitPrice: string;
  readonly fees: string;
}

const price = (text: string | undefined) => Number(text).toFixed(PRICE_DIGITS);

function ourTrade(row: Row): Trade {
  return {
    side: row['side'] ?? '',
    quantity: Number(row['quantity']),
    entryDay: (row['entry_time'] ?? '').slice(0, 10),
    exitDay: (row['exit_time'] ?? '').slice(0, 10),
    entryPrice: price(row['entry_price']),
    exitPrice: price(row['exit_price']),
    fees: Number(row['fees']).toFixed(6),
  };
}

/** A row of backtesting.py: the sign of its size is the side. */
function theirTrade(row: Row): Trade {
  const size = Number(row['Size']);
  return {
    side: size > 0 ? 'long' : 'short',
    quantity: Math.abs(size),
    entryDay: row['EntryTime'] ?? '',
    exitDay: row['ExitTime'] ?? '',
    entryPrice: price(row['EntryPrice']),
    exitPrice: price(row['ExitPrice']),
    fees: Number(row['Commission']).toFixed(6),
  };
}

const byExit = (first: Trade, second: Trade) =>
  first.exitDay.localeCompare(second.exitDay) || first.entryDay.localeCompare(second.entryDay);

const GOOG = { candles: 'backtestingpy_GOOG_1d.csv', symbol: 'GOOG' } as const;
const ORCL = {
  candles: 'yahoo-backtrader_ORCL_1d.csv',
  symbol: 'ORCL',
  strategy: 'every_nth_bar.ts',
  config: 'backtrader.yaml',
  timerange: '20030101-20060101',
} as const;

describe.skipIf(!existsSync(FOLDER))(`strategies of users (skipped without ${FOLDER})`, () => {
  it('make the 66 trades of backtesting.py, all in and always in the market', async () => {
    const result = await runCase(newUser(), {
      ...GOOG,
      strategy: 'sma_cross_always_in.ts',
      config: 'backtesting-py.yaml',
      set: ['allow_short=true'],
    });
    const theirs = oracleRows('goog_sma10_30_test', 'trades.csv').map(theirTrade);
    expect(theirs).toHaveLength(66);
    expect(result.trades.map(ourTrade).sort(byExit)).toEqual([...theirs].sort(byExit));
    expectFinalEquity(result, 51422.99);
  });

  it('make the 29 trades of backtesting.py with stop and target', async () => {
    const result = await runCase(newUser(), {
      ...GOOG,
      strategy: 'sma_cross_bracket.ts',
      config: 'backtesting-py.yaml',
      set: [
        'transaction_costs.commission.stock.taker=0.001',
        'transaction_costs.commission.stock.maker=0.001',
      ],
    });
    const theirs = oracleRows('goog_bracket', 'trades.csv').map(theirTrade);
    expect(theirs).toHaveLength(29);
    expect(result.trades.map(ourTrade).sort(byExit)).toEqual([...theirs].sort(byExit));
    expectFinalEquity(result, 13757.60326);
  });

  it.each([
    ['limit', 'orcl_limit', 99851.64836, 14],
    ['stop', 'orcl_stop', 99975.74246, 16],
  ])('make the %s orders of backtrader', async (kind, name, finalValue, closed) => {
    const result = await runCase(newUser(), { ...ORCL, set: [`params.kind=${kind}`] });
    const theirs = oracleRows(name, 'orders.csv')
      .filter((row) => row['status'] === 'Completed')
      .map((row) => ({
        day: (row['exec_dt'] ?? '').slice(0, 10),
        side: (row['side'] ?? '').toLowerCase(),
        price: price(row['exec_price']),
        fee: Number(row['commission']).toFixed(7),
      }));
    const ours = result.fills.map((row) => ({
      day: (row['time'] ?? '').slice(0, 10),
      side: row['side'] ?? '',
      price: price(row['price']),
      fee: Number(row['fee']).toFixed(7),
    }));
    expect(ours).toEqual(theirs);
    expect(oracleRows(name, 'trades.csv')).toHaveLength(closed);
    expectFinalEquity(result, finalValue);
    const canceled = (rows: readonly Row[], state: string) =>
      rows.filter((row) => (row['status'] ?? row['state']) === state).length;
    const theirCanceled = canceled(oracleRows(name, 'orders.csv'), 'Canceled');
    const endOfData = result.orders.filter((row) => row['outcome'] === 'end of data').length;
    expect(canceled(result.orders, 'canceled') - endOfData).toBe(theirCanceled);
  });

  it('say that the limits of risk were off', async () => {
    const { labels } = await runCase(newUser(), { ...ORCL, set: ['params.kind=limit'] });
    expect(labels.join('\n')).toContain('RISK LIMITS ARE OFF');
  });
});
