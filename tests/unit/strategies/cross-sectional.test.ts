import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Bar } from '../../../src/core/bar.ts';
import { ConfigError, StrategyError } from '../../../src/core/errors.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { rule } from '../../../src/strategies/rule.ts';
import type {
  CrossSectionalSetup,
  CrossSectionalStrategy,
  StrategyDefinition,
} from '../../../src/strategies/strategy.ts';
import { HostFixture, hosted, openPosition, strategyId } from './host-fixture.ts';
import { barAt } from './market-fixtures.ts';

const BTC = 'BTC/USD';
const ETH = 'ETH/USD';
const SOL = 'SOL/USD';
/** Not the order of the alphabet, which is the order of a slice. */
const symbols = [SOL, BTC, ETH];

function strategyOf(
  createForAll: (setup: CrossSectionalSetup) => CrossSectionalStrategy,
): StrategyDefinition {
  return defineStrategy({ id: 'ranking', params: z.strictObject({}), createForAll });
}

const deciding = (onBars: CrossSectionalStrategy['onBars'], rest = {}) =>
  strategyOf(() => ({ onBars, ...rest }));

const on = (definition: StrategyDefinition) => new HostFixture(hosted(definition, { symbols }));

const closes = (index: number, values: Readonly<Record<string, number>>): Bar[] =>
  Object.entries(values)
    .map(([symbol, close]) => barAt(index, { symbol, close }))
    .toSorted((one, other) => (one.symbol < other.symbol ? -1 : 1));

describe('a strategy on all symbols together', () => {
  it('is made once, and asked once an instant with the bars of all symbols in their order', () => {
    let made = 0;
    const asked: string[][] = [];
    const fixture = on(
      strategyOf((setup) => {
        made++;
        expect(setup.symbols).toEqual(symbols);
        return {
          onBars: (bars) => {
            asked.push([...bars].map(([symbol, { close }]) => `${symbol} ${close}`));
            return null;
          },
        };
      }),
    );
    fixture.close(...closes(0, { [BTC]: 1, [ETH]: 2, [SOL]: 3 }));
    fixture.close(...closes(1, { [ETH]: 4 }));
    fixture.close(...closes(2, { [BTC]: 5, [SOL]: 6 }), barAt(2, { symbol: 'DOGE/USD' }));
    expect(made).toBe(1);
    expect(asked).toEqual([
      ['SOL/USD 3', 'BTC/USD 1', 'ETH/USD 2'],
      ['ETH/USD 4'],
      ['SOL/USD 6', 'BTC/USD 5'],
    ]);
  });

  it('decides on several symbols, each signal on the bar of its own', () => {
    const fixture = on(
      deciding((bars, contexts) =>
        [...bars.keys()].map((symbol) => contexts.of(symbol).exit({ reason: `of ${symbol}` })),
      ),
    );
    expect(fixture.close(...closes(3, { [BTC]: 1, [ETH]: 2 }))).toMatchObject([
      { symbol: BTC, price: 1, barOpenTime: 3 * 3_600_000, reason: 'of BTC/USD' },
      { symbol: ETH, price: 2, barOpenTime: 3 * 3_600_000, reason: 'of ETH/USD' },
    ]);
  });

  it('has all bars of the instant in its indicators', () => {
    const seen: number[][] = [];
    const fixture = on(
      strategyOf(({ of }) => {
        const means = symbols.map((symbol) => of(symbol).indicators.sma({ period: 2 }));
        return { onBars: () => (seen.push(means.map(({ value }) => value)), null) };
      }),
    );
    fixture.close(...closes(0, { [BTC]: 1, [ETH]: 2, [SOL]: 3 }));
    fixture.close(...closes(1, { [BTC]: 3, [ETH]: 4, [SOL]: 5 }));
    expect(seen).toEqual([[4, 2, 3]]);
  });

  it('sees a symbol from the bar on that it is warm at, and the others before', () => {
    const seen: string[][] = [];
    const fixture = on(
      strategyOf(({ of }) => {
        of(ETH).indicators.sma({ period: 3 });
        return { onBars: (bars) => (seen.push([...bars.keys()]), null) };
      }),
    );
    for (let index = 0; index < 3; index++) {
      fixture.close(...closes(index, { [BTC]: 1, [ETH]: 1, [SOL]: 1 }));
    }
    expect(seen).toEqual([[SOL, BTC], [SOL, BTC], symbols]);
    expect(fixture.host.warmupBars).toBe(3);
    expect(fixture.host.readiness()).toMatchObject([
      { symbol: SOL, warmupBars: 1, barsSeen: 3, decidesSince: 0 },
      { symbol: BTC, warmupBars: 1, barsSeen: 3, decidesSince: 0 },
      { symbol: ETH, warmupBars: 3, barsSeen: 3, decidesSince: 2 * 3_600_000 },
    ]);
  });

  it('warms up before the trading period without being asked', () => {
    let asked = 0;
    const fixture = on(deciding(() => (asked++, null), { history: 2 }));
    fixture.warmUp([...closes(0, { [BTC]: 1 }), ...closes(1, { [BTC]: 2 })]);
    expect(asked).toBe(0);
    fixture.close(...closes(2, { [BTC]: 3, [ETH]: 1 }));
    expect(asked).toBe(1);
  });

  it('reads position, orders and history of symbols without a bar, and can make no signal there', () => {
    const seen: unknown[] = [];
    const fixture = on(
      deciding(
        (bars, contexts) => {
          const eth = contexts.of(ETH);
          seen.push([eth.position?.side, eth.history(1)[0]?.close, bars.has(ETH)]);
          return bars.has(ETH) ? null : eth.exit({ reason: 'blind' });
        },
        { history: 1 },
      ),
    );
    fixture.position = openPosition('long', { symbol: ETH });
    fixture.close(...closes(0, { [ETH]: 7, [BTC]: 1 }));
    expect(() => fixture.close(...closes(1, { [BTC]: 2 }))).toThrow(
      'strategy "under_test" on BTC/USD, bar 1970-01-01T01:00:00Z, threw: a signal on a symbol ' +
        'with a bar of this instant was expected, was one on ETH/USD, which has none',
    );
    expect(seen).toEqual([
      ['long', 7, true],
      ['long', 7, false],
    ]);
  });

  it('is asked after strategies on single symbols, and costs them nothing they see', () => {
    const order: string[] = [];
    const single = defineStrategy({
      id: 'single',
      params: z.strictObject({}),
      create: ({ symbol }) => ({ onBar: () => (order.push(symbol), null) }),
    });
    const fixture = new HostFixture(
      hosted(
        deciding(() => (order.push('all'), null)),
        { symbols },
      ),
      hosted(single, { symbols, id: strategyId('single') }),
    );
    fixture.close(...closes(0, { [BTC]: 1, [ETH]: 1, [SOL]: 1 }));
    fixture.close(...closes(1, { [BTC]: 1 }));
    expect(order).toEqual([BTC, ETH, SOL, 'all', BTC, 'all']);
  });

  it('explains a bar by the rules of its symbol', () => {
    const rules = { [ETH]: { cheap: rule('close_low', (bar) => bar.close, '<', 5) } };
    const fixture = on(deciding(() => null, { rules }));
    const [btc, eth] = closes(0, { [BTC]: 1, [ETH]: 2 });
    if (btc === undefined || eth === undefined) throw new Error('two bars were made');
    fixture.close(btc, eth);
    expect(fixture.host.explain(btc)).toEqual([]);
    expect(fixture.host.explain(eth)).toMatchObject([
      { strategy: 'under_test', rule: 'cheap', holds: true, conditions: [{ value: 2 }] },
    ]);
    expect(fixture.host.explain(barAt(0, { symbol: 'DOGE/USD' }))).toEqual([]);
  });

  it('keeps what it was given: a later instant changes no map of an earlier one', () => {
    const kept: ReadonlyMap<string, Bar>[] = [];
    const fixture = on(deciding((bars) => (kept.push(bars), null)));
    fixture.close(...closes(0, { [BTC]: 1 }));
    fixture.close(...closes(1, { [ETH]: 2 }));
    expect(kept.map((bars) => [...bars.keys()])).toEqual([[BTC], [ETH]]);
  });

  it('does the same whatever order the bars of an instant come in', () => {
    const ranking = () =>
      on(
        strategyOf(({ of }) => {
          const means = new Map(
            symbols.map((each) => [each, of(each).indicators.sma({ period: 2 })]),
          );
          const score = ([symbol, { close }]: readonly [string, Bar]) =>
            close / (means.get(symbol)?.value ?? Number.NaN);
          return {
            onBars: (bars, contexts) => {
              const [best] = [...bars].toSorted((one, other) => score(other) - score(one));
              if (best === undefined) return null;
              return contexts.of(best[0]).enter({ side: 'buy', reason: `${score(best)}` });
            },
          };
        }),
      );
    const price = fc.integer({ min: 1, max: 9 });
    const instant = fc.record({ [BTC]: price, [ETH]: price, [SOL]: price }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(instant, { maxLength: 12 }), (instants) => {
        const [one, other] = [ranking(), ranking()];
        instants.forEach((values, index) => {
          const bars = closes(index, values);
          one.close(...bars);
          other.close(...bars.toReversed());
        });
        expect(other.signals).toEqual(one.signals);
      }),
    );
  });
});

describe('a strategy on all symbols that breaks its contract', () => {
  const close = (definition: StrategyDefinition) => () =>
    on(definition).close(...closes(24, { [BTC]: 1, [ETH]: 2 }));
  const AT = 'strategy "under_test" on BTC/USD, ETH/USD, bar 1970-01-02T00:00:00Z,';

  it('by throwing is named with its symbols and the bar', () => {
    const throwing = deciding(() => {
      throw new Error('no');
    });
    expect(close(throwing)).toThrow(StrategyError);
    expect(close(throwing)).toThrow(`${AT} threw: no`);
  });

  it('by a signal on a symbol that has no bar now is told so', () => {
    const foreign = deciding((_, contexts) => ({
      ...contexts.of(BTC).exit({ reason: 'x' }),
      symbol: SOL,
    }));
    expect(close(foreign)).toThrow(
      `${AT} returned what the engine cannot act on: a symbol with a bar of this instant was ` +
        'expected, was "SOL/USD"',
    );
  });

  it('by a signal on one symbol with the price of another is told which', () => {
    const mixed = deciding((_, contexts) => ({
      ...contexts.of(BTC).exit({ reason: 'x' }),
      symbol: ETH,
    }));
    expect(close(mixed)).toThrow(
      'strategy "under_test" on ETH/USD, bar 1970-01-02T00:00:00Z, returned what the engine ' +
        'cannot act on: the close 2 was expected, was "1"',
    );
  });

  it('by asking for a symbol that is not of the run is told which are', () => {
    const asking = deciding((_, contexts) => (contexts.of('DOGE/USD'), null));
    const message = 'of: a symbol of the run (SOL/USD, BTC/USD, ETH/USD) was expected, was';
    expect(close(asking)).toThrow(`${AT} threw: ${message} "DOGE/USD"`);
    const early = strategyOf(({ of }) => (of('DOGE/USD'), { onBars: () => null }));
    expect(close(early)).toThrow(`could not be made for SOL/USD, BTC/USD, ETH/USD: ${message}`);
  });

  it.each([
    ['nothing', undefined, 'was "undefined"'],
    ['onBar', { onBar: () => null }, 'was "an object with onBar"'],
    ['a promise', Promise.resolve(), 'was "a promise (createForAll must not be async)"'],
  ])('by making %s is told what it should', (_, value, shown) => {
    const making = strategyOf(() => value as unknown as CrossSectionalStrategy);
    expect(close(making)).toThrow(
      `createForAll: an object with a function onBars was expected, ${shown}`,
    );
  });

  it('by a wrong parameter of an indicator stays a usage error', () => {
    const wrong = strategyOf(({ of }) => {
      of(BTC).indicators.sma({ period: 0 });
      return { onBars: () => null };
    });
    expect(close(wrong)).toThrow(ConfigError);
  });

  it('by making an indicator later is told where to make it', () => {
    const late = strategyOf(({ of }) => ({
      onBars: () => (of(BTC).indicators.sma({ period: 2 }), null),
    }));
    expect(close(late)).toThrow('indicators were expected to be made in create()');
  });
});
