/**
 * Proves at compile time what an author has in hand: parameters typed by their schema in both forms
 * of a definition, a context that leads nowhere else, and orders that can be meant. Each line marked
 * as an expected error fails the type check as soon as it would compile.
 */
import {
  defineStrategy,
  z,
  type CrossSectionalSetup,
  type OpenOrder,
  type Signal,
  type StrategyContext,
  type StrategyDefinition,
  type StrategySetup,
  type SymbolContexts,
} from 'quantsage';

const params = z.object({
  period: z.int().default(14),
  leader: z.string().default('BTC/USD'),
  mode: z.enum(['fast', 'slow']).default('fast'),
});

export const single = defineStrategy({
  id: 'single',
  params,
  informative: ({ leader }) => [leader],
  create(setup) {
    const period: number = setup.params.period;
    const mode: 'fast' | 'slow' = setup.params.mode;
    // @ts-expect-error a number is no text
    const text: string = setup.params.period;
    // @ts-expect-error there is no such parameter
    const other: unknown = setup.params.other;
    // @ts-expect-error parameters are not to be changed by name of another type
    const wrong: 'medium' = setup.params.mode;
    const leading: number = setup.informative.of(setup.params.leader).bar.close;
    const above: number = setup.timeframes.of('4h').bar.close;
    const kept = [period, mode, text, other, wrong, leading, above];
    return { onBar: () => (kept.length > 0 ? null : []) };
  },
});

export const together = defineStrategy({
  id: 'together',
  params,
  informative: ['BTC/USD'],
  createForAll(setup) {
    const period: number = setup.params.period;
    // @ts-expect-error there is no such parameter
    const other: unknown = setup.params.other;
    // @ts-expect-error it is made for all symbols, not for one
    const symbol: unknown = setup.symbol;
    const rsi = setup.of(setup.symbols[0] ?? '').indicators.rsi({ period });
    const kept = [other, symbol, rsi.value];
    return { onBars: (bars) => (bars.size > kept.length ? null : []) };
  },
});

/** Definitions with other schemas fit one list. */
export const list: readonly StrategyDefinition[] = [single, together];

export const neither = () =>
  // @ts-expect-error a strategy is made for each symbol or for all together
  defineStrategy({ id: 'neither', params });

export const both = () =>
  // @ts-expect-error and not both ways
  defineStrategy({
    id: 'both',
    params,
    create: () => ({ onBar: () => null }),
    createForAll: () => ({ onBars: () => null }),
  });

export const late = () =>
  defineStrategy({
    id: 'late',
    params,
    // @ts-expect-error a decision does not wait
    create: () => ({ onBar: async () => Promise.resolve(null) }),
  });

export const forgetful = () =>
  defineStrategy({
    id: 'forgetful',
    params,
    // @ts-expect-error "nothing to do" is null
    create: () => ({ onBar: () => undefined }),
  });

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Neither clock nor bus, neither portfolio nor log. */
export const contextHolds: Same<
  keyof StrategyContext,
  | 'symbol'
  | 'timeframe'
  | 'allowShort'
  | 'position'
  | 'orders'
  | 'history'
  | 'enter'
  | 'exit'
  | 'cancel'
  | 'replace'
  | 'protect'
> = true;
export const contextsHold: Same<keyof SymbolContexts, 'of'> = true;
export const setupHolds: Same<
  keyof StrategySetup,
  'params' | 'symbol' | 'timeframe' | 'allowShort' | 'indicators' | 'timeframes' | 'informative'
> = true;
export const setupOfAllHolds: Same<
  keyof CrossSectionalSetup,
  'params' | 'symbols' | 'timeframe' | 'allowShort' | 'informative' | 'of'
> = true;

export function wishes(context: StrategyContext, order: OpenOrder): readonly Signal[] {
  // @ts-expect-error the context is read-only
  context.position = null;
  const entry = { side: 'buy', reason: 'x' } as const;
  return [
    context.enter({ ...entry, order: { type: 'limit', limitPrice: 1, timeInForce: 'fok' } }),
    // @ts-expect-error a limit order needs its price
    context.enter({ ...entry, order: { type: 'limit' } }),
    // @ts-expect-error a market order has none
    context.enter({ ...entry, order: { type: 'market', limitPrice: 1 } }),
    context.enter({
      ...entry,
      // @ts-expect-error a take-profit does not trail
      protection: { takeProfit: { kind: 'trailing_fraction', fraction: 0.1 } },
    }),
    context.cancel(order.id, { reason: 'x' }),
    // @ts-expect-error any text is no order id
    context.cancel('o1', { reason: 'x' }),
    context.replace(order, { reason: 'x', trail: { kind: 'distance', distance: 1 } }),
    // @ts-expect-error a price is a number, not a decimal
    context.replace(order, { reason: 'x', limitPrice: order.quantity }),
    context.protect({ reason: 'x', stopLoss: null }),
  ];
}
