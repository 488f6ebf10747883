import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oracleRows } from './oracle-run.ts';
import { candlesOf } from './reference/candles.ts';
import { NextOpenBroker } from './reference/next-open-broker.ts';
import type { Candle, Script, Step, Terms } from './reference/script.ts';
import { TouchingBroker, type ShareOrder } from './reference/touching-broker.ts';

const FOLDER = '../shared/oracles/backtests';

const FREE: Terms = {
  cash: 10_000,
  fixedFee: 0,
  feeRate: 0,
  spread: 0,
  margin: 1,
  fraction: 1 - Number.EPSILON,
  sizedAt: 'fill',
  cashBuffer: 0,
  fillAt: 'next_open',
  opposite: 'reverse',
};

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** +1 where the 10-bar mean crosses above the 30-bar one, −1 where it crosses below. */
function crosses(candles: readonly Candle[]): ReadonlyMap<number, 1 | -1> {
  const closes = candles.map(({ close }) => close);
  const gap = (end: number) =>
    mean(closes.slice(end - 9, end + 1)) - mean(closes.slice(end - 29, end + 1));
  const found = new Map<number, 1 | -1>();
  for (let bar = 30; bar < closes.length; bar++) {
    const [before, now] = [gap(bar - 1), gap(bar)];
    if (before < 0 && now > 0) found.set(bar, 1);
    if (before > 0 && now < 0) found.set(bar, -1);
  }
  return found;
}

const MARKET = {
  do: 'enter',
  order: 'market',
  price: null,
  stopLoss: null,
  takeProfit: null,
} as const;

describe.skipIf(!existsSync(FOLDER))(`the reference brokers (skipped without ${FOLDER})`, () => {
  const goog = existsSync(FOLDER) ? candlesOf('backtestingpy_GOOG_1d.csv') : [];

  it('have all of backtesting.py for a strategy that reverses', () => {
    const script: Script = new Map(
      [...crosses(goog)].map(([bar, way]): [number, Step] => [
        bar,
        { ...MARKET, side: way > 0 ? 'buy' : 'sell', quantity: null },
      ]),
    );
    const { trades, finalEquity } = new NextOpenBroker(goog, FREE).run(script);
    const theirs = oracleRows('goog_sma10_30_test', 'trades.csv');
    expect(trades.map(({ entryBar, exitBar }) => [entryBar, exitBar])).toEqual(
      theirs.map((row) => [Number(row['EntryBar']), Number(row['ExitBar'])]),
    );
    expect(finalEquity).toBeCloseTo(51422.99, 6);
  });

  it('have all of backtesting.py for a bracket', () => {
    const script: Script = new Map(
      [...crosses(goog)]
        .filter(([, way]) => way > 0)
        .map(([bar]): [number, Step] => {
          const close = goog[bar]?.close ?? 0;
          const levels = { stopLoss: close * 0.95, takeProfit: close * 1.1 };
          return [bar, { ...MARKET, ...levels, side: 'buy', quantity: 10 }];
        }),
    );
    const terms: Terms = { ...FREE, feeRate: 0.001, opposite: 'ignore' };
    const { trades, finalEquity } = new NextOpenBroker(goog, terms).run(script);
    const theirs = oracleRows('goog_bracket', 'trades.csv');
    expect(
      trades.map(({ entryBar, exitBar, exitPrice }) => [entryBar, exitBar, exitPrice]),
    ).toEqual(
      theirs.map((row) => [
        Number(row['EntryBar']),
        Number(row['ExitBar']),
        Number(row['ExitPrice']),
      ]),
    );
    expect(finalEquity).toBeCloseTo(13757.60326, 6);
  });

  it.each(['limit', 'stop'] as const)('have all of backtrader for %s orders', (kind) => {
    const candles = candlesOf('yahoo-backtrader_ORCL_1d.csv').filter(
      ({ day }) => day >= '2003-01-01' && day < '2006-01-01',
    );
    const broker = new TouchingBroker();
    let held = 0;
    let id = 0;
    const order = (
      side: 'buy' | 'sell',
      type: ShareOrder['kind'],
      price: number | null,
    ): ShareOrder => ({
      id: ++id,
      side,
      quantity: 100,
      kind: type,
      price,
      limit: null,
      trail: null,
      lastBar: null,
      group: null,
      children: [],
    });
    for (const [bar, candle] of candles.entries()) {
      for (const _ of broker.meet(bar, candle)) held = held === 0 ? 100 : 0;
      if (bar + 1 < 30 || (bar + 1) % 20 !== 0) continue;
      broker.cancelAll();
      const { close } = candle;
      if (held > 0) broker.place(order('sell', 'market', null), close);
      else broker.place(order('buy', kind, close * (kind === 'limit' ? 0.98 : 1.02)), close);
    }
    const theirs = oracleRows(`orcl_${kind}`, 'orders.csv').filter(
      (row) => row['status'] === 'Completed',
    );
    expect(broker.fills.map(({ bar, price }) => [candles[bar]?.day, price.toFixed(9)])).toEqual(
      theirs.map((row) => [row['exec_dt']?.slice(0, 10), Number(row['exec_price']).toFixed(9)]),
    );
  });
});
