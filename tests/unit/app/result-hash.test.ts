import { USUAL_TERMS } from '../../../src/core/signal.ts';
import { describe, expect, it } from 'vitest';
import { ResultHash } from '../../../src/app/result-hash.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { Fill } from '../../../src/core/fill.ts';
import { entryGroupOf, orderId } from '../../../src/core/ids.ts';
import type { OrderRequest } from '../../../src/core/order.ts';
import type { OrderRejection } from '../../../src/core/risk.ts';
import type { Signal } from '../../../src/core/signal.ts';
import { dec, entryOrder, fillOf, strategyId } from '../../support/orders.ts';

const SIGNAL: Signal = {
  intent: 'enter',
  terms: USUAL_TERMS,
  oneCancelsOther: null,
  strategy: strategyId('test'),
  symbol: 'BTC/USD',
  side: 'buy',
  confidence: 1,
  barOpenTime: 0,
  price: 100,
  reason: 'cheap',
  conditions: [],
  protection: { stopLoss: null, takeProfit: null },
};
const ORDER = entryOrder({ quantity: '1' });
const FILL = fillOf(ORDER, { quantity: '1', price: '100', fee: '0.6' });
const REJECTION: OrderRejection = {
  order: ORDER,
  refusal: { layer: 'symbol', check: 'symbol-exposure', limit: 0.15, actual: 0.2, message: 'x' },
};

interface Decisions {
  readonly signal?: Signal;
  readonly order?: OrderRequest;
  readonly rejection?: OrderRejection;
  readonly fill?: Fill;
  /** Events between the decisions that are none. */
  readonly marks?: number;
}

function hashOf(decisions: Decisions, now = 0): string {
  const bus = new EventBus({ now: () => now });
  const hash = new ResultHash(bus);
  const mark = bus.publisher('equity.marked');
  for (let count = 0; count < (decisions.marks ?? 0); count++) {
    mark({ time: 0, equity: 1, cash: 1, exposure: 0, peak: 1, drawdown: 0 });
  }
  bus.publisher('signal.raised')(decisions.signal ?? SIGNAL);
  bus.publisher('order.requested')(decisions.order ?? ORDER);
  bus.publisher('order.rejected')(decisions.rejection ?? REJECTION);
  bus.publisher('order.filled')(decisions.fill ?? FILL);
  return hash.digest();
}

describe('ResultHash', () => {
  it('is the same for the same decisions, whatever the clock and the event numbers', () => {
    expect(hashOf({ marks: 3 }, 5)).toBe(hashOf({}));
    expect(hashOf({})).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Decisions]>([
    ['a signal of another bar', { signal: { ...SIGNAL, barOpenTime: 1 } }],
    ['a signal the other way', { signal: { ...SIGNAL, side: 'sell' } }],
    ['another confidence', { signal: { ...SIGNAL, confidence: 0.5 } }],
    ['another quantity', { order: { ...ORDER, quantity: dec('1.00000001') } }],
    ['another type of order', { order: { ...ORDER, type: 'stop', stopPrice: dec(99) } }],
    [
      'another check',
      { rejection: { ...REJECTION, refusal: { ...REJECTION.refusal, check: 'halted' } } },
    ],
    ['another fill price', { fill: { ...FILL, price: dec('100.01') } }],
    ['another fee', { fill: { ...FILL, fee: dec('0.61') } }],
    ['another time of the fill', { fill: { ...FILL, time: 60_000 } }],
  ])('changes with %s', (_title, decisions) => {
    expect(hashOf(decisions)).not.toBe(hashOf({}));
  });

  const EXIT: Signal = {
    intent: 'exit',
    strategy: SIGNAL.strategy,
    symbol: SIGNAL.symbol,
    barOpenTime: 0,
    price: 100,
    reason: 'dear',
    conditions: [],
    terms: USUAL_TERMS,
  };
  const limit = { ...USUAL_TERMS, pricing: { type: 'limit', limitPrice: 99 } } as const;
  const stop = { ...USUAL_TERMS, pricing: { type: 'stop', stopPrice: 99 } } as const;
  const { terms: _terms, ...origin } = EXIT;
  const unchanged = { quantity: null, limitPrice: null, stopPrice: null, trail: null };
  const replace = {
    ...origin,
    intent: 'replace',
    orderId: orderId(1),
    changes: unchanged,
  } as const;
  const protect = { ...origin, intent: 'protect', stopLoss: 'keep', takeProfit: 'keep' } as const;
  const trail = { kind: 'distance', distance: 2 } as const;
  const signals: readonly Signal[] = [
    SIGNAL,
    { ...SIGNAL, terms: limit },
    { ...SIGNAL, terms: stop },
    { ...SIGNAL, terms: { ...limit, timeInForce: 'gtc' } },
    { ...SIGNAL, terms: { ...limit, timeInForce: 'gtd', expiresAt: 5 } },
    { ...SIGNAL, terms: { ...USUAL_TERMS, quantity: 1 } },
    { ...SIGNAL, terms: { ...USUAL_TERMS, pricing: { type: 'trailing_stop', trail } } },
    { ...SIGNAL, oneCancelsOther: 'breakout' },
    EXIT,
    { ...EXIT, terms: limit },
    { ...EXIT, terms: { ...USUAL_TERMS, quantity: 1 } },
    { ...origin, intent: 'cancel', orderId: orderId(1) },
    { ...origin, intent: 'cancel', orderId: orderId(2) },
    replace,
    { ...replace, changes: { ...unchanged, limitPrice: 99 } },
    { ...replace, changes: { ...unchanged, stopPrice: 99 } },
    { ...replace, changes: { ...unchanged, quantity: 99 } },
    { ...replace, changes: { ...unchanged, trail } },
    protect,
    { ...protect, stopLoss: null },
    { ...protect, takeProfit: null },
    { ...protect, stopLoss: { kind: 'distance', distance: 2 } },
    { ...protect, stopLoss: { kind: 'trailing_distance', distance: 2 } },
    { ...protect, stopLoss: { kind: 'toward', reference: 2, multiple: 1 } },
  ];
  const orders: readonly OrderRequest[] = [
    ORDER,
    { ...ORDER, timeInForce: 'day' },
    { ...ORDER, timeInForce: 'gtd', expiresAt: 5 },
    { ...ORDER, replaces: orderId(7) },
    { ...ORDER, group: entryGroupOf(ORDER.strategy, ORDER.symbol, 'breakout') },
  ];

  it('tells every kind of wish from every other', () => {
    expect(new Set(signals.map((signal) => hashOf({ signal }))).size).toBe(signals.length);
  });

  it('tells every kind of order from every other', () => {
    expect(new Set(orders.map((order) => hashOf({ order }))).size).toBe(orders.length);
  });

  it('takes the usual terms for usual, whoever wrote them down', () => {
    const terms = { ...USUAL_TERMS, pricing: { type: 'market' } as const };
    expect(hashOf({ signal: { ...SIGNAL, terms } })).toBe(hashOf({}));
  });

  it('loses nothing where a batch of lines is full', () => {
    const run = (last: string) => {
      const bus = new EventBus({ now: () => 0 });
      const hash = new ResultHash(bus);
      const fill = bus.publisher('order.filled');
      // A line takes some forty bytes: five thousand of them fill three batches.
      for (let count = 0; count < 5_000; count++) fill({ ...FILL, time: count });
      fill({ ...FILL, price: dec(last) });
      return hash.digest();
    };
    expect(run('100')).toBe(run('100'));
    expect(run('100')).not.toBe(run('101'));
  });
});
