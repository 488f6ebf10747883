import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Bar } from '../../../src/core/bar.ts';
import { ConfigError, StrategyError } from '../../../src/core/errors.ts';
import { informativeSymbolsOf, watchedOnly } from '../../../src/strategies/declared-symbols.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import type { InformativeSymbols } from '../../../src/strategies/informative-symbols.ts';
import { Ema } from '../../../src/strategies/indicators/ema.ts';
import type { Strategy, StrategyDefinition } from '../../../src/strategies/strategy.ts';
import { HostFixture, hosted, strategyId } from './host-fixture.ts';
import { barAt } from './market-fixtures.ts';

const BTC = 'BTC/USD';
const ETH = 'ETH/USD';

function looking(
  create: (informative: InformativeSymbols) => Strategy,
  informative: readonly string[] = [BTC],
): StrategyDefinition {
  return defineStrategy({
    id: 'looking',
    params: z.strictObject({}),
    informative,
    create: (setup) => create(setup.informative),
  });
}

const onEth = (definition: StrategyDefinition) =>
  new HostFixture(hosted(definition, { symbols: [ETH] }));
const eth = (index: number, values: Partial<Bar> = {}) => barAt(index, { symbol: ETH, ...values });

describe('an informative symbol', () => {
  it('has the bar of the instant that is decided on, and the one before where it has a gap', () => {
    const seen: unknown[] = [];
    const fixture = onEth(
      looking((informative) => {
        const btc = informative.of(BTC);
        const mean = btc.indicators.sma({ period: 2 });
        return { onBar: () => (seen.push([btc.bar.close, mean.value]), null) };
      }),
    );
    fixture.watch(barAt(0, { close: 10 }));
    fixture.close(eth(0));
    fixture.watch(barAt(1, { close: 20 }));
    fixture.close(eth(1));
    fixture.close(eth(2));
    fixture.watch(barAt(3, { close: 40 }));
    fixture.close(eth(3));
    expect(seen).toEqual([
      [20, 15],
      [20, 15],
      [40, 30],
    ]);
  });

  it('has a bar without numbers until its first one is over, as its indicators have none', () => {
    const seen: unknown[] = [];
    const fixture = onEth(
      looking((informative) => {
        const btc = informative.of(BTC);
        const mean = btc.indicators.sma({ period: 1 });
        seen.push(btc.bar, mean.value);
        return { onBar: () => (seen.push(btc.bar.close), null) };
      }),
    );
    fixture.watch(barAt(0, { close: 10 }));
    fixture.close(eth(0));
    const [none, ...later] = seen;
    expect(none).toMatchObject({ symbol: BTC, timeframe: '1h', closeTime: NaN, close: NaN });
    expect(later).toEqual([NaN, 10]);
  });

  it('that is traded as well has its bar of the instant too, whichever comes first', () => {
    const seen: unknown[] = [];
    const both = defineStrategy({
      id: 'looking',
      params: z.strictObject({}),
      informative: [BTC, ETH],
      create: ({ symbol, informative }) => {
        const other = informative.of(symbol === BTC ? ETH : BTC);
        return { onBar: (bar) => (seen.push([bar.close, other.bar.close]), null) };
      },
    });
    const fixture = new HostFixture(hosted(both, { symbols: [ETH, BTC] }));
    fixture.close(barAt(0, { close: 1 }), eth(0, { close: 2 }));
    fixture.close(barAt(1, { close: 3 }), eth(1, { close: 4 }));
    expect(seen).toEqual([
      [1, 2],
      [2, 1],
      [3, 4],
      [4, 3],
    ]);
  });

  it('is warm before the strategy decides, by bars of its own', () => {
    let asked = 0;
    const fixture = onEth(
      looking((informative) => {
        informative.of(BTC, { history: 3 });
        return { onBar: () => (asked++, null) };
      }),
    );
    expect(fixture.host.warmupBars).toBe(3);
    for (let index = 0; index < 5; index++) fixture.close(eth(index));
    expect(asked).toBe(0);
    fixture.host.warmUp({ closeTime: 0, bars: [barAt(5), barAt(6)] });
    fixture.watch(barAt(7));
    fixture.close(eth(7));
    expect(asked).toBe(1);
    expect(fixture.host.readiness()).toMatchObject([
      { symbol: ETH, informative: [{ symbol: BTC, warmupBars: 3, barsSeen: 3 }] },
    ]);
  });

  it('keeps the history that was asked for, oldest first', () => {
    const seen: unknown[] = [];
    const fixture = onEth(
      looking((informative) => {
        const btc = informative.of(BTC, { history: 2 });
        expect(informative.of(BTC, { history: 1 })).toBe(btc);
        return { onBar: () => (seen.push(btc.history(2).map(({ close }) => close)), null) };
      }),
    );
    for (const index of [0, 1, 2]) {
      fixture.watch(barAt(index, { close: index }));
      fixture.close(eth(index));
    }
    expect(seen).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('hears nothing of bars of another timeframe', () => {
    const seen: unknown[] = [];
    const fixture = onEth(
      looking((informative) => {
        const btc = informative.of(BTC);
        return { onBar: () => (seen.push(btc.bar.close), null) };
      }),
    );
    fixture.watch(barAt(0, { close: 1 }), barAt(0, { close: 99, timeframe: '4h' }));
    fixture.close(eth(0));
    expect(seen).toEqual([1]);
  });

  it('is what an offline computation over the bars closed by then says', () => {
    const tick = fc.record({ eth: fc.boolean(), btc: fc.option(fc.integer({ min: 1, max: 50 })) });
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 60 }), (ticks) => {
        const seen: unknown[] = [];
        const fixture = onEth(
          looking((informative) => {
            const btc = informative.of(BTC);
            const ema = btc.indicators.ema({ period: 2 });
            return { onBar: (bar) => (seen.push([bar.openTime, btc.bar.close, ema.value]), null) };
          }),
        );
        const expected: unknown[] = [];
        const ema = new Ema({ period: 2 });
        let known = 0;
        let last = 0;
        ticks.forEach(({ eth: trades, btc }, index) => {
          if (btc !== null) {
            fixture.watch(barAt(index, { close: btc }));
            ema.update(btc);
            known++;
            last = btc;
          }
          if (!trades) return;
          fixture.close(eth(index));
          if (known >= ema.warmup) expected.push([index * 3_600_000, last, ema.value]);
        });
        expect(seen).toEqual(expected);
      }),
    );
  });
});

describe('informative symbols of a strategy on all symbols', () => {
  it('are asked for once, and as fresh', () => {
    const seen: unknown[] = [];
    const ranking = defineStrategy({
      id: 'ranking',
      params: z.strictObject({}),
      informative: ['SOL/USD'],
      createForAll: ({ informative }) => {
        const sol = informative.of('SOL/USD');
        return { onBars: (bars) => (seen.push([bars.size, sol.bar.close]), null) };
      },
    });
    const fixture = new HostFixture(hosted(ranking, { symbols: [BTC, ETH] }));
    fixture.close(barAt(0), eth(0));
    fixture.watch(barAt(1, { symbol: 'SOL/USD', close: 7 }));
    fixture.close(barAt(1), eth(1));
    expect(seen).toEqual([[2, 7]]);
  });
});

describe('an informative symbol that cannot be had', () => {
  const made = (definition: StrategyDefinition) => () => onEth(definition);

  it('is one that is not declared', () => {
    const undeclared = (declared: readonly string[]) =>
      looking((informative) => (informative.of('SOL/USD'), { onBar: () => null }), declared);
    expect(made(undeclared([BTC, ETH]))).toThrow(StrategyError);
    expect(made(undeclared([BTC, ETH]))).toThrow(
      'strategy "under_test" could not be made for ETH/USD: informative.of: a symbol that the ' +
        'definition declares (BTC/USD, ETH/USD) was expected, was "SOL/USD"; write ' +
        `"informative: ['SOL/USD']" beside "params"`,
    );
    expect(made(undeclared([]))).toThrow('a symbol that the definition declares (none is)');
  });

  it('is one that is asked for after create', () => {
    const late = looking((informative) => ({ onBar: () => (informative.of(BTC), null) }));
    expect(() => onEth(late).close(eth(0))).toThrow(
      'informative.of was expected in create(), was called later: "BTC/USD" would have missed',
    );
    const lateIndicator = looking((informative) => {
      const btc = informative.of(BTC);
      return { onBar: () => (btc.indicators.sma({ period: 2 }), null) };
    });
    const fixture = onEth(lateIndicator);
    fixture.watch(barAt(0));
    expect(() => fixture.close(eth(0))).toThrow('indicators were expected to be made in create()');
  });
});

describe('the declaration of informative symbols', () => {
  const id = strategyId('mine');
  const params = { leader: BTC };
  const declared = (informative: StrategyDefinition['informative']) =>
    informativeSymbolsOf({
      id,
      params,
      definition: defineStrategy({
        id: 'mine',
        params: z.object({ leader: z.string() }),
        ...(informative === undefined ? {} : { informative }),
        create: () => ({ onBar: () => null }),
      }),
    });

  it('is a list, or follows from the parameters; each symbol counts once', () => {
    expect(declared(undefined)).toEqual([]);
    expect(declared([ETH, BTC, ETH])).toEqual([ETH, BTC]);
    expect(declared((values: unknown) => [(values as typeof params).leader])).toEqual([BTC]);
  });

  it.each([
    ['what is no symbol', () => ['btc/usd'], ConfigError, 'did you mean "BTC/USD"?'],
    ['a pair as others write it', () => ['BTC-USD'], ConfigError, 'did you mean "BTC/USD"?'],
    ['no list', () => BTC, StrategyError, "a list of symbols such as ['BTC/USD'] was expected"],
    ['numbers', () => [1], StrategyError, 'was expected, was "a list of 1"'],
    ['nothing', () => undefined, StrategyError, 'was expected, was "undefined"'],
  ])('is refused for %s', (_, informative, kind, message) => {
    const declare = () => declared(informative as () => string[]);
    expect(declare).toThrow(kind);
    expect(declare).toThrow(message);
    expect(declare).toThrow('strategy "mine": informative: ');
  });

  it('is refused for throwing', () => {
    const declare = () =>
      declared(() => {
        throw new Error('no');
      });
    expect(declare).toThrow('strategy "mine": informative: threw: no');
  });

  it('leaves out what some strategy of the run trades', () => {
    const definition = looking(() => ({ onBar: () => null }), [BTC, ETH, 'SOL/USD']);
    const strategies = [
      { id, params: {}, definition, symbols: [ETH] },
      { id: strategyId('other'), params: {}, definition, symbols: ['SOL/USD'] },
    ];
    expect(watchedOnly(strategies)).toEqual([BTC]);
  });
});
