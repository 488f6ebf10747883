import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/core/time.ts';
import {
  defineStrategy,
  rule,
  runBacktest,
  StrategyError,
  z,
  type BacktestOptions,
  type Signal,
} from '../../../src/quantsage.ts';
import { days, MONDAY, PLAIN } from './scheduled-run.ts';

/** Holds what closed highest above its close two days before. */
const strongest = defineStrategy({
  id: 'strongest',
  params: z.object({ from: z.number().default(0) }),
  createForAll({ params, symbols, of }) {
    const members = symbols.map((symbol) => {
      const roc = of(symbol).indicators.library('roc', { period: 2 });
      return { symbol, roc, rises: rule('rises', () => roc.value, '>', params.from) };
    });
    return {
      rules: Object.fromEntries(members.map(({ symbol, rises }) => [symbol, { rises }])),
      onBars(bars, contexts) {
        const [best] = members
          .filter(({ symbol, roc }) => bars.has(symbol) && roc.value > params.from)
          .toSorted((one, other) => other.roc.value - one.roc.value);
        return members.flatMap(({ symbol, rises }): Signal[] => {
          if (!bars.has(symbol)) return [];
          const { position, enter, exit } = contexts.of(symbol);
          if ((position !== null) === (symbol === best?.symbol)) return [];
          if (position !== null) return [exit({ reason: 'overtaken' })];
          return [enter({ side: 'buy', reason: 'the strongest', rules: rises })];
        });
      },
    };
  },
});

/** Buys when the leader has risen, sells when it has fallen. */
const follower = defineStrategy({
  id: 'follower',
  params: z.object({}),
  informative: ['BTC/USD'],
  create({ informative }) {
    const leader = informative.of('BTC/USD', { history: 2 });
    return {
      onBar(bar, { position, enter, exit }) {
        const [before, now] = leader.history(2);
        if (before === undefined || now === undefined) return null;
        if (now.closeTime !== bar.closeTime) return null;
        if (position === null && now.close > before.close) {
          return enter({ side: 'buy', reason: 'the leader rose' });
        }
        return position !== null && now.close < before.close
          ? exit({ reason: 'the leader fell' })
          : null;
      },
    };
  },
});

const RANKED: BacktestOptions = {
  strategy: strongest,
  timeframe: '1d',
  bars: {
    'BTC/USD': days(100, 100, 110, 120, 120, 110, 100, 100),
    'ETH/USD': days(100, 100, 101, 102, 103, 130, 140, 150),
  },
  config: PLAIN,
};

describe('runBacktest with a strategy that decides on all symbols', () => {
  it('trades the symbols of the bars on one account, each as it is ranked', async () => {
    const { trades, report } = await runBacktest(RANKED);
    expect(report.symbols).toEqual(['BTC/USD', 'ETH/USD']);
    const path = trades.map((each) => [
      each.symbol,
      (each.entryTime - MONDAY) / DAY_MS,
      (each.exitTime - MONDAY) / DAY_MS,
    ]);
    // Ahead on the third day (110 against 101) and overtaken on the sixth (110 : 120 < 130 : 102).
    expect(path).toEqual([
      ['BTC/USD', 3, 6],
      ['ETH/USD', 6, 8],
    ]);
  });

  it('gives the numbers its signals were raised on', async () => {
    const { signals } = await runBacktest(RANKED);
    expect(signals.map(({ symbol, intent }) => `${intent} ${symbol}`)).toEqual([
      'enter BTC/USD',
      'exit BTC/USD',
      'enter ETH/USD',
    ]);
    expect(signals[0]?.conditions).toEqual([
      { name: 'rises', value: 10, comparison: '>', threshold: 0, holds: true },
    ]);
  });

  it('takes parameters and the symbols it is given, and leaves other bars alone', async () => {
    const { report, trades } = await runBacktest({
      ...RANKED,
      strategy: { definition: strongest, params: { from: 25 }, symbols: ['ETH/USD'] },
    });
    expect(report.symbols).toEqual(['ETH/USD']);
    expect(trades.map(({ symbol }) => symbol)).toEqual(['ETH/USD']);
    expect(report.per_symbol).not.toHaveProperty('BTC/USD');
  });

  it('rejects with the instant where it raises a signal on a symbol without a bar', async () => {
    const late = defineStrategy({
      id: 'late',
      params: z.object({}),
      createForAll: ({ symbols }) => ({
        onBars: (_, contexts) =>
          symbols.map((symbol) => contexts.of(symbol).enter({ side: 'buy', reason: 'always' })),
      }),
    });
    const bars = { ...RANKED.bars, 'ETH/USD': days(100, 100, 100).slice(1) };
    const failure = runBacktest({ ...RANKED, strategy: late, bars });
    await expect(failure).rejects.toThrow(StrategyError);
    await expect(failure).rejects.toThrow(
      /^strategy "late" on BTC\/USD, bar 2024-01-01T00:00:00Z, threw: .* was one on ETH\/USD/,
    );
  });
});

const LED: BacktestOptions = {
  strategy: follower,
  timeframe: '1d',
  bars: {
    'BTC/USD': days(100, 100, 110, 120, 110, 100, 100, 100),
    'ETH/USD': days(10, 10, 10, 11, 12, 13, 14, 15),
  },
  config: PLAIN,
};

describe('runBacktest with a strategy that looks at another symbol', () => {
  it('trades the bars of the others, and decides by those it looks at', async () => {
    const { report, trades, orders } = await runBacktest(LED);
    expect(report).toMatchObject({
      symbols: ['ETH/USD'],
      informative_symbols: ['BTC/USD'],
      bars: 8,
    });
    expect(Object.keys(report.per_symbol)).toEqual(['ETH/USD']);
    expect(orders.every(({ symbol }) => symbol === 'ETH/USD')).toBe(true);
    // The leader rises on the third day and falls on the fifth.
    const path = trades.map(({ entryTime, exitTime }) => [
      (entryTime - MONDAY) / DAY_MS,
      (exitTime - MONDAY) / DAY_MS,
    ]);
    expect(path).toEqual([[3, 5]]);
  });

  it('trades the leader as well where it is asked to', async () => {
    const { report } = await runBacktest({ ...LED, symbols: ['ETH/USD', 'BTC/USD'] });
    expect(report.symbols).toEqual(['ETH/USD', 'BTC/USD']);
    expect(report.informative_symbols).toEqual([]);
  });

  it('trades the leader where there are no other bars', async () => {
    const bars = { 'BTC/USD': days(100, 100, 110, 120, 110, 100, 100, 100) };
    const { report } = await runBacktest({ ...LED, bars });
    expect(report.symbols).toEqual(['BTC/USD']);
  });

  it('lets each of several strategies have symbols of its own', async () => {
    const { report, trades } = await runBacktest({
      ...RANKED,
      strategy: [follower, { definition: strongest, symbols: ['BTC/USD'] }],
    });
    expect(report.symbols).toEqual(['ETH/USD', 'BTC/USD']);
    expect(report.informative_symbols).toEqual([]);
    const pairs = new Set(trades.map(({ strategy, symbol }) => `${strategy} ${symbol}`));
    expect([...pairs].toSorted()).toEqual(['follower ETH/USD', 'strongest BTC/USD']);
  });

  it('is refused without bars of the leader', async () => {
    const { 'ETH/USD': own = [] } = LED.bars ?? {};
    const failure = runBacktest({ ...LED, bars: { 'ETH/USD': own } });
    await expect(failure).rejects.toThrow(/^no bars for BTC\/USD 1d/);
  });
});
