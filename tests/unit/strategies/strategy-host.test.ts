import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Bar } from '../../../src/core/bar.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import { ConfigError, StrategyError } from '../../../src/core/errors.ts';
import { USUAL_TERMS } from '../../../src/core/signal.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { rule } from '../../../src/strategies/rule.ts';
import type {
  Entry,
  Strategy,
  StrategyContext,
  StrategyDefinition,
  StrategySetup,
} from '../../../src/strategies/strategy.ts';
import { HostFixture, hosted, openPosition, strategyId } from './host-fixture.ts';
import { barAt } from './market-fixtures.ts';

function strategyOf(create: (setup: StrategySetup) => Strategy): StrategyDefinition {
  return defineStrategy({ id: 'scripted', params: z.strictObject({}), create });
}

function deciding(onBar: Strategy['onBar'], rest: Partial<Strategy> = {}): StrategyDefinition {
  return strategyOf(() => ({ ...rest, onBar }));
}

const buys = (values: Partial<Entry> = {}) =>
  deciding((_, context) => context.enter({ side: 'buy', reason: 'because', ...values }));

const bars = (count: number, values: Partial<Bar> = {}): Bar[] =>
  Array.from({ length: count }, (_, index) => barAt(index, { close: 100 + index, ...values }));

describe('a signal', () => {
  it('carries strategy, symbol, bar, price and conditions without being told', () => {
    const rules = rule('close_high', (bar) => bar.close, '>', 99);
    const fixture = new HostFixture(hosted(buys({ rules })));
    expect(fixture.close(barAt(3, { close: 101 }))).toEqual([
      {
        intent: 'enter',
        strategy: 'under_test',
        symbol: 'BTC/USD',
        barOpenTime: 3 * 3_600_000,
        price: 101,
        side: 'buy',
        terms: USUAL_TERMS,
        oneCancelsOther: null,
        confidence: 1,
        reason: 'because',
        conditions: [
          { name: 'close_high', value: 101, comparison: '>', threshold: 99, holds: true },
        ],
        protection: { stopLoss: null, takeProfit: null },
      },
    ]);
  });

  it('to exit carries the same', () => {
    const fixture = new HostFixture(hosted(deciding((_, { exit }) => exit({ reason: 'enough' }))));
    expect(fixture.close(barAt(3, { close: 101 }))).toEqual([
      {
        intent: 'exit',
        strategy: 'under_test',
        symbol: 'BTC/USD',
        barOpenTime: 3 * 3_600_000,
        price: 101,
        reason: 'enough',
        conditions: [],
        terms: USUAL_TERMS,
      },
    ]);
  });

  it('cannot be changed by anybody who received it', () => {
    const [signal] = new HostFixture(hosted(buys())).close(barAt(0));
    expect(Object.isFrozen(signal)).toBe(true);
    expect(Object.isFrozen(signal?.conditions)).toBe(true);
    expect(signal?.intent === 'enter' && Object.isFrozen(signal.protection)).toBe(true);
  });

  it('may be one of several on a bar, published in their order', () => {
    const both = deciding((_, context) => [
      context.exit({ reason: 'first' }),
      context.enter({ side: 'sell', reason: 'second' }),
    ]);
    const signals = new HostFixture(hosted(both)).close(barAt(0));
    expect(signals.map(({ reason }) => reason)).toEqual(['first', 'second']);
  });
});

describe('warm-up', () => {
  const averaging = strategyOf(({ indicators }) => {
    const sma = indicators.sma({ period: 3 });
    return {
      onBar: (_, context) => context.enter({ side: 'buy', reason: `mean ${sma.value}` }),
    };
  });

  it('raises no signal before the indicators are ready, and one on the bar they are', () => {
    const fixture = new HostFixture(hosted(averaging));
    expect(bars(2).flatMap((bar) => fixture.close(bar))).toEqual([]);
    // (100 + 101 + 102) / 3
    expect(fixture.close(barAt(2, { close: 102 }))[0]?.reason).toBe('mean 101');
  });

  it('from before the trading period feeds indicators and decides nothing', () => {
    const fixture = new HostFixture(hosted(averaging));
    fixture.warmUp(bars(10));
    expect(fixture.signals).toEqual([]);
    expect(fixture.close(barAt(10, { close: 110 }))[0]?.reason).toBe('mean 109');
  });

  it('counts the history a strategy declares, and is one bar at least', () => {
    const keeping = deciding(() => null, { history: 5 });
    expect(new HostFixture(hosted(keeping)).host.warmupBars).toBe(5);
    expect(new HostFixture(hosted(deciding(() => null))).host.warmupBars).toBe(1);
    expect(new HostFixture().host.warmupBars).toBe(0);
  });

  it('is as long as the slowest strategy needs', () => {
    const fixture = new HostFixture(
      hosted(averaging),
      hosted(
        deciding(() => null, { history: 7 }),
        { id: strategyId('slow') },
      ),
    );
    expect(fixture.host.warmupBars).toBe(7);
  });

  it('tells since when each strategy decides on each symbol', () => {
    const fixture = new HostFixture(hosted(averaging, { symbols: ['BTC/USD', 'ETH/USD'] }));
    for (const bar of bars(4)) fixture.close(bar);
    expect(fixture.host.readiness()).toEqual([
      {
        strategy: 'under_test',
        symbol: 'BTC/USD',
        warmupBars: 3,
        barsSeen: 4,
        isWarm: true,
        further: [],
        informative: [],
        decidesSince: 2 * 3_600_000,
      },
      {
        strategy: 'under_test',
        symbol: 'ETH/USD',
        warmupBars: 3,
        barsSeen: 0,
        isWarm: false,
        further: [],
        informative: [],
        decidesSince: null,
      },
    ]);
  });
});

describe('the context', () => {
  const asking = (ask: (context: StrategyContext) => unknown, seen: unknown[]) =>
    deciding(
      (_, context) => {
        seen.push(ask(context));
        return null;
      },
      { history: 2 },
    );

  it('gives closed bars only, oldest first, the current one last', () => {
    const seen: unknown[] = [];
    const ask = ({ history }: StrategyContext) => history(2).map(({ close }) => close);
    const fixture = new HostFixture(hosted(asking(ask, seen)));
    for (const bar of bars(4)) fixture.close(bar);
    expect(seen).toEqual([
      [100, 101],
      [101, 102],
      [102, 103],
    ]);
  });

  it('gives the own open position as it is on the bar', () => {
    const seen: unknown[] = [];
    const fixture = new HostFixture(hosted(asking(({ position }) => position?.side, seen)));
    const [first, second, third, fourth, fifth] = bars(5);
    for (const bar of [first, second]) if (bar !== undefined) fixture.close(bar);
    fixture.position = openPosition('long');
    if (third !== undefined) fixture.close(third);
    fixture.position = openPosition('long', { strategy: strategyId('somebody_else') });
    if (fourth !== undefined) fixture.close(fourth);
    fixture.position = openPosition('long', { quantity: Decimal.zero });
    if (fifth !== undefined) fixture.close(fifth);
    expect(seen).toEqual([undefined, 'long', undefined, undefined]);
  });

  it('gives symbol, timeframe and whether shorts are allowed', () => {
    const seen: unknown[] = [];
    const ask = (c: StrategyContext) => [c.symbol, c.timeframe, c.allowShort];
    const fixture = new HostFixture(hosted(asking(ask, seen), { allowShort: true }));
    for (const bar of bars(2)) fixture.close(bar);
    expect(seen).toEqual([['BTC/USD', '1h', true]]);
  });
});

describe('strategies side by side', () => {
  const counting = strategyOf(({ symbol }) => {
    let count = 0;
    return {
      onBar: (bar, context) => {
        count++;
        return context.enter({ side: 'buy', reason: `${symbol} ${count} ${bar.close}` });
      },
    };
  });
  const reasons = (fixture: HostFixture) => fixture.signals.map(({ reason }) => reason);

  it('have an instance for each symbol, with a state of its own', () => {
    const fixture = new HostFixture(hosted(counting, { symbols: ['BTC/USD', 'ETH/USD'] }));
    const eth = (index: number) => barAt(index, { symbol: 'ETH/USD', close: 7 });
    fixture.close(barAt(0), eth(0));
    fixture.close(eth(1));
    fixture.close(barAt(2), eth(2));
    expect(reasons(fixture)).toEqual([
      'BTC/USD 1 100',
      'ETH/USD 1 7',
      'ETH/USD 2 7',
      'BTC/USD 2 100',
      'ETH/USD 3 7',
    ]);
  });

  it('are asked in the order they were configured', () => {
    const named = (name: string) => hosted(buys({ reason: name }), { id: strategyId(name) });
    const fixture = new HostFixture(named('zeta'), named('alpha'));
    fixture.close(barAt(0));
    expect(reasons(fixture)).toEqual(['zeta', 'alpha']);
  });

  it('all have the bars of an instant in their indicators before the first is asked', () => {
    const seen: number[] = [];
    const watching = strategyOf(({ symbol, indicators }) => {
      const sma = indicators.sma({ period: 1 });
      return { onBar: () => (seen.push(sma.value), symbol === '' ? [] : null) };
    });
    const fixture = new HostFixture(hosted(watching, { symbols: ['BTC/USD', 'ETH/USD'] }));
    fixture.close(barAt(0, { close: 3 }), barAt(0, { symbol: 'ETH/USD', close: 4 }));
    expect(seen).toEqual([3, 4]);
  });

  it('hear nothing of symbols and timeframes they did not ask for', () => {
    const fixture = new HostFixture(hosted(counting));
    fixture.close(barAt(0, { symbol: 'SOL/USD' }));
    fixture.close(barAt(0, { timeframe: '4h' }));
    expect(reasons(fixture)).toEqual([]);
    expect(fixture.host.readiness()[0]?.barsSeen).toBe(0);
  });

  it('decide once on a symbol that was named twice', () => {
    const fixture = new HostFixture(hosted(counting, { symbols: ['BTC/USD', 'BTC/USD'] }));
    expect(fixture.close(barAt(0))).toHaveLength(1);
  });

  it('cannot share an id, because they would share positions', () => {
    expect(() => new HostFixture(hosted(counting), hosted(counting))).toThrow(
      'strategy ids must be distinct, was "under_test" twice',
    );
  });
});

describe('a strategy that breaks its contract', () => {
  const close = (definition: StrategyDefinition) => () =>
    new HostFixture(hosted(definition)).close(barAt(24));
  const untyped = (value: unknown) => deciding(() => value as null);
  const tampered = (values: Readonly<Record<string, unknown>>) =>
    deciding((_, { enter }) => ({ ...enter({ side: 'buy', reason: 'x' }), ...values }));

  it('by throwing is named with symbol and bar, the error kept as cause', () => {
    const cause = new Error('division by zero');
    const throwing = deciding(() => {
      throw cause;
    });
    expect(close(throwing)).toThrow(StrategyError);
    expect(close(throwing)).toThrow(expect.objectContaining({ cause }));
    expect(close(throwing)).toThrow(
      /^strategy "under_test" on BTC\/USD, bar 1970-01-02T00:00:00Z, threw: division by zero \(strategy-host\.test\.ts:\d+\)$/,
    );
  });

  it.each([
    [
      'nothing at all',
      untyped(undefined),
      'was "undefined"; write "return null" where there is nothing to do',
    ],
    ['a number', untyped(1), 'a signal made with context.enter, exit, cancel, replace or protect'],
    ['a list with a hole', untyped([null]), 'or protect, or null was expected, was "null"'],
    ['a promise', untyped(Promise.resolve(null)), 'a promise (onBar must not be async)'],
    ['an unknown intent', tampered({ intent: 'hold' }), 'was expected, was "hold"'],
    ['a foreign strategy', tampered({ strategy: 'b' }), 'strategy "under_test" was expected'],
    ['a foreign symbol', tampered({ symbol: 'ETH/USD' }), 'symbol "BTC/USD" was expected'],
    ['another bar', tampered({ barOpenTime: 0 }), 'the bar time 86400000 was expected, was "0"'],
    ['another price', tampered({ price: 99 }), 'the close 100 was expected, was "99"'],
    ['no reason', tampered({ reason: '' }), 'a reason in words was expected'],
    ['no conditions', tampered({ conditions: undefined }), 'a list of conditions was expected'],
    ['an unknown side', tampered({ side: 'long' }), 'the side buy or sell was expected'],
    ['no protection', tampered({ protection: null }), 'a protection with stopLoss'],
    ['no confidence', buys({ confidence: 0 }), 'a confidence in (0, 1] was expected, was "0"'],
    ['too much confidence', buys({ confidence: 1.01 }), 'a confidence in (0, 1]'],
    ['undefined confidence', buys({ confidence: NaN }), 'a confidence in (0, 1]'],
  ])('by returning %s is told so', (_, definition, message) => {
    expect(close(definition)).toThrow(StrategyError);
    expect(close(definition)).toThrow(message);
  });

  it.each([
    ['name', { name: '' }, 'a named condition was expected'],
    ['comparison', { comparison: '=' }, 'a comparison in "c" was expected, was "="'],
    ['value', { value: NaN }, 'a finite value of "c" was expected, was "NaN"'],
    ['threshold', { threshold: Infinity }, 'a finite threshold of "c" was expected'],
  ])('by a condition with a bad %s is told so', (_, fault, message) => {
    const condition = { name: 'c', value: 1, comparison: '>', threshold: 0, holds: true };
    expect(close(tampered({ conditions: [{ ...condition, ...fault }] }))).toThrow(message);
  });

  it.each([
    [{ kind: 'price', price: 0 }, 'stop-loss price'],
    [{ kind: 'distance', distance: NaN }, 'stop-loss distance'],
    [{ kind: 'fraction', fraction: -0.02 }, 'stop-loss fraction'],
    [{ kind: 'toward', reference: Infinity, multiple: 1 }, 'stop-loss reference'],
    [{ kind: 'toward', reference: 1, multiple: 0 }, 'stop-loss multiple'],
  ] as const)('by the stop-loss %o is told so', (stopLoss, name) => {
    const message = `a positive, finite ${name} was expected`;
    expect(close(buys({ protection: { stopLoss } }))).toThrow(message);
    const takeProfit = stopLoss;
    expect(close(buys({ protection: { takeProfit } }))).toThrow(
      message.replace('stop-loss', 'take-profit'),
    );
  });

  it('by a protective level nobody knows is told so', () => {
    const protection = (stopLoss: unknown) => tampered({ protection: { stopLoss } });
    expect(close(protection({ kind: 'moon' }))).toThrow('a stop-loss kind (price, distance,');
    expect(close(protection(95))).toThrow(
      'a stop-loss level such as { kind: \'fraction\', fraction: 0.02 } was expected, was "95"',
    );
  });

  it('raises nothing of a list that holds one bad signal', () => {
    const half = deciding((_, context) => [
      context.exit({ reason: 'good' }),
      context.enter({ side: 'buy', reason: 'bad', confidence: 2 }),
    ]);
    const fixture = new HostFixture(hosted(half));
    expect(() => fixture.close(barAt(0))).toThrow(StrategyError);
    expect(fixture.signals).toEqual([]);
  });

  it('by failing in create is named with its symbol; a wrong parameter stays a usage error', () => {
    const build = (create: (setup: StrategySetup) => Strategy) => () =>
      new HostFixture(hosted(strategyOf(create)));
    const failing = build(() => {
      throw new Error('no luck');
    });
    expect(failing).toThrow(StrategyError);
    expect(failing).toThrow('strategy "under_test" could not be made for BTC/USD: no luck');
    const misconfigured = build(({ indicators }) => {
      indicators.sma({ period: 0 });
      return { onBar: () => null };
    });
    expect(misconfigured).toThrow(ConfigError);
    expect(misconfigured).toThrow('sma period: a whole number of bars');
  });

  it('by making an indicator in onBar is told where to make it', () => {
    const late = strategyOf(({ indicators }) => ({
      onBar: () => (indicators.sma({ period: 2 }), null),
    }));
    expect(close(late)).toThrow('indicators were expected to be made in create()');
  });
});

describe('explaining a bar', () => {
  it('gives every named rule with its numbers, signal or not', () => {
    const rules = { entry: rule('close_low', (bar) => bar.close, '<', 90) };
    const fixture = new HostFixture(hosted(deciding(() => null, { rules })));
    fixture.close(barAt(0));
    const low = { name: 'close_low', value: 100, comparison: '<', threshold: 90, holds: false };
    expect(fixture.host.explain(barAt(0))).toEqual([
      {
        strategy: 'under_test',
        rule: 'entry',
        holds: false,
        conditions: [low],
        firstFailing: low,
      },
    ]);
    expect(fixture.host.explain(barAt(0, { symbol: 'ETH/USD' }))).toEqual([]);
  });
});
