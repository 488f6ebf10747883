import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { StrategyWatch } from '../../../../src/app/check-strategy/strategy-watch.ts';
import type { Place } from '../../../../src/app/check-strategy/trial.ts';
import type { Signal } from '../../../../src/core/signal.ts';
import { defineStrategy } from '../../../../src/strategies/define-strategy.ts';
import { rule } from '../../../../src/strategies/rule.ts';
import type {
  CrossSectionalStrategy,
  StrategyDefinition,
} from '../../../../src/strategies/strategy.ts';
import { HostFixture, hosted } from '../../strategies/host-fixture.ts';
import { barAt } from '../../strategies/market-fixtures.ts';

const SYMBOLS = ['BTC/USD', 'ETH/USD'];

function together(
  onBars: CrossSectionalStrategy['onBars'],
  rest: Partial<CrossSectionalStrategy> = {},
): StrategyDefinition {
  return defineStrategy({
    id: 'together',
    params: z.strictObject({}),
    createForAll: () => ({ ...rest, onBars }),
  });
}

/** What a watch sees over some instants of both symbols. */
function watchOver(definition: StrategyDefinition, instants: number): StrategyWatch {
  const watch = new StrategyWatch({ asksRules: true });
  const fixture = new HostFixture({
    ...hosted(watch.watched(definition)),
    symbols: SYMBOLS,
  });
  for (let index = 0; index < instants; index++) {
    fixture.close(
      ...SYMBOLS.map((symbol, at) => barAt(index, { symbol, close: 100 + index + at })),
    );
  }
  return watch;
}

const buys = together((bars, { of }) =>
  [...bars.keys()].toReversed().map((symbol) => of(symbol).enter({ side: 'buy', reason: 'so' })),
);

describe('a watched strategy that decides on all symbols', () => {
  it('is written down symbol by symbol', () => {
    const { bars } = watchOver(buys, 2);
    expect(bars.map(({ symbol, turn }) => `${symbol} ${turn}`)).toEqual([
      'BTC/USD 1',
      'ETH/USD 0',
      'BTC/USD 1',
      'ETH/USD 0',
    ]);
    expect(bars.every(({ symbol, signals }) => signals.includes(`"symbol":"${symbol}"`))).toBe(
      true,
    );
  });

  it('is asked for the rules of each symbol on its bar', () => {
    const close = (above: number) => ({ high: rule('close', (bar) => bar.close, '>', above) });
    const rules = { 'BTC/USD': close(1), 'ETH/USD': close(2) };
    const { bars, shapes } = watchOver(
      together(() => null, { rules }),
      1,
    );
    expect(bars.map(({ values }) => values)).toEqual([
      [100, 1],
      [101, 2],
    ]);
    expect(shapes).toEqual([['high: close']]);
  });

  it('stands in a place of its own while it is made and asked, and in none in between', () => {
    const places: (Place | null)[] = [];
    const watch = new StrategyWatch({ asksRules: false });
    const definition = defineStrategy({
      id: 'placed',
      params: z.strictObject({}),
      informative: () => {
        places.push(watch.place);
        return [];
      },
      createForAll: () => {
        places.push(watch.place);
        return {
          onBars: () => {
            places.push(watch.place);
            return null;
          },
        };
      },
    });
    const fixture = new HostFixture({ ...hosted(watch.watched(definition)), symbols: SYMBOLS });
    expect(watch.place).toBeNull();
    fixture.close(barAt(3, { close: 100 }));
    const made = places.slice(-3);
    expect(made).toEqual([
      { phase: 'declare', symbol: null, openTime: null },
      { phase: 'create', symbol: null, openTime: null },
      { phase: 'decide', symbol: null, openTime: 3 * 3_600_000 },
    ]);
    expect(watch.lastPlace).toEqual(made.at(-1));
  });

  it('is seen to change a signal that it handed out', () => {
    let last: readonly Signal[] = [];
    const changing = together((bars, { of }) => {
      const [, second] = last;
      if (second?.intent === 'enter') Reflect.set(second.terms.pricing, 'limitPrice', 1);
      last = [...bars.values()].map(({ symbol, close }) =>
        of(symbol).enter({
          side: 'buy',
          reason: 'so',
          order: { type: 'limit', limitPrice: close },
        }),
      );
      return last;
    });
    const watch = watchOver(changing, 3);
    watch.finish(9);
    expect(watch.repainting.map(({ symbol, openTime }) => `${symbol} ${openTime}`)).toEqual([
      'ETH/USD 0',
      'ETH/USD 3600000',
    ]);
  });

  it('may use its list again', () => {
    const list: Signal[] = [];
    const thrifty = together((bars, { of }) => {
      list.length = 0;
      for (const symbol of bars.keys()) list.push(of(symbol).exit({ reason: 'so' }));
      return list;
    });
    const watch = watchOver(thrifty, 3);
    watch.finish(9);
    expect(watch.repainting).toEqual([]);
  });
});
