import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Decimal } from '../../../src/core/decimal.ts';
import { orderId } from '../../../src/core/ids.ts';
import type { OpenOrder } from '../../../src/ports/portfolio-view.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import type { StrategyContext, SymbolContexts } from '../../../src/strategies/strategy.ts';
import { HostFixture, hosted, openPosition } from './host-fixture.ts';
import { barAt } from './market-fixtures.ts';

const ORDER: OpenOrder = Object.freeze({
  id: orderId(1),
  symbol: 'BTC/USD',
  side: 'buy',
  role: 'entry',
  reduceOnly: false,
  quantity: Decimal.one,
  filled: Decimal.zero,
  timeInForce: 'gtc',
  expiresAt: null,
  requestedAt: 0,
  type: 'limit',
  limitPrice: Decimal.one,
});

/** The context as it is in `onBar`, with a position held and an order open. */
function insideOnBar<T>(look: (context: StrategyContext) => T): T {
  const seen: T[] = [];
  const definition = defineStrategy({
    id: 'looking',
    params: z.strictObject({}),
    create: () => ({ history: 1, onBar: (_, context) => (seen.push(look(context)), null) }),
  });
  const fixture = new HostFixture(hosted(definition));
  fixture.position = openPosition('long');
  fixture.orders = [ORDER];
  fixture.close(barAt(0));
  const [first] = seen;
  if (first === undefined) throw new Error('the strategy was not asked');
  return first;
}

/** Everything that property after property leads to, what getters give and prototypes included. */
function reachableFrom(root: object): ReadonlySet<object> {
  const reached = new Set<object>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject || reached.has(value) || isBuiltIn(value)) continue;
    reached.add(value);
    waiting.push(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      // Own accessors of a shared prototype say nothing without an object to ask.
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (descriptor?.get === undefined || value === root) waiting.push(Reflect.get(value, key));
    }
  }
  return reached;
}

const BUILT_IN: ReadonlySet<unknown> = new Set([
  Object.prototype,
  Function.prototype,
  Array.prototype,
  Object,
  Function,
  Array,
]);

function isBuiltIn(value: object): boolean {
  return BUILT_IN.has(value);
}

describe('the context of a strategy', () => {
  const NAMES = [
    'symbol',
    'timeframe',
    'allowShort',
    'position',
    'orders',
    'history',
    'enter',
    'exit',
    'cancel',
    'replace',
    'protect',
  ];

  it('has what it promises and nothing besides, on itself or on a prototype', () => {
    const [own, prototype] = insideOnBar((context) => [
      Reflect.ownKeys(context),
      Object.getPrototypeOf(context) as unknown,
    ]);
    expect(own).toEqual(NAMES);
    expect(prototype).toBe(Object.prototype);
  });

  it('leads to its own functions, the position, the orders and their decimals alone', () => {
    const foreign = insideOnBar((context) => {
      const { position, orders } = context;
      const own: readonly unknown[] = NAMES.map((name): unknown => Reflect.get(context, name));
      const decimals = reachableFrom(Decimal);
      return [...reachableFrom(context)].filter(
        (each) =>
          ![context, position, orders, ...orders, ...own].includes(each) &&
          !(each instanceof Decimal || decimals.has(each)),
      );
    });
    expect(foreign).toEqual([]);
  });

  it('is frozen, and so is what it gives of orders', () => {
    const attempts = insideOnBar((context) => [
      Reflect.set(context, 'symbol', 'ETH/USD'),
      Reflect.set(context, 'enter', () => null),
      Reflect.set(context, 'note', 1),
      Reflect.deleteProperty(context, 'position'),
      Reflect.set(context.orders[0] ?? {}, 'side', 'sell'),
    ]);
    expect(attempts).toEqual([false, false, false, false, false]);
  });

  it('may be taken apart: its functions need no object', () => {
    const signals = insideOnBar(({ history, enter, exit, cancel, replace, protect }) => [
      history(1).length,
      enter({ side: 'buy', reason: 'x' }).intent,
      exit({ reason: 'x' }).intent,
      cancel(ORDER, { reason: 'x' }).intent,
      replace(ORDER.id, { reason: 'x', quantity: 2 }).intent,
      protect({ reason: 'x', stopLoss: null }).intent,
    ]);
    expect(signals).toEqual([1, 'enter', 'exit', 'cancel', 'replace', 'protect']);
  });

  it('gives bars nobody can change, those of the warm-up too', () => {
    const attempts: boolean[] = [];
    const definition = defineStrategy({
      id: 'looking',
      params: z.strictObject({}),
      create: () => ({
        history: 2,
        onBar: (_, { history }) => {
          for (const bar of history(2)) attempts.push(Reflect.set(bar, 'close', 0));
          return null;
        },
      }),
    });
    const fixture = new HostFixture(hosted(definition));
    fixture.warmUp([barAt(0)]);
    fixture.close(barAt(1));
    expect(attempts).toEqual([false, false]);
  });

  it('of all symbols leads to the contexts of each and to nothing else', () => {
    const seen: (readonly PropertyKey[])[] = [];
    const look = (contexts: SymbolContexts) => {
      seen.push(Reflect.ownKeys(contexts), Reflect.ownKeys(contexts.of('BTC/USD')));
      expect(Object.isFrozen(contexts)).toBe(true);
      return null;
    };
    const definition = defineStrategy({
      id: 'looking',
      params: z.strictObject({}),
      createForAll: () => ({ onBars: (_, contexts) => look(contexts) }),
    });
    new HostFixture(hosted(definition)).close(barAt(0));
    expect(seen).toEqual([['of'], NAMES]);
  });
});

describe('the parameters of a strategy', () => {
  it('cannot be changed by one symbol for the others, however deep', () => {
    const params = { list: [1, { deep: 2 }], when: new Date(0) };
    const attempts: boolean[] = [];
    const definition = defineStrategy({
      id: 'looking',
      params: z.any(),
      create: (setup) => {
        const given = setup.params as typeof params;
        attempts.push(
          Reflect.set(given, 'list', []),
          Reflect.set(given.list, 0, 9),
          Reflect.set(given.list[1] as object, 'deep', 9),
        );
        return { onBar: () => null };
      },
    });
    const symbols = ['BTC/USD', 'ETH/USD'];
    expect(new HostFixture(hosted(definition, { params, symbols })).host.warmupBars).toBe(1);
    expect(attempts).toEqual([false, false, false, false, false, false]);
    expect(params.list).toEqual([1, { deep: 2 }]);
    expect(Object.isFrozen(params.when)).toBe(false);
  });
});
