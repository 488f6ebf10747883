import { USUAL_TERMS } from '../../../src/core/signal.ts';
import { describe, expect, it } from 'vitest';
import { ResultHash } from '../../../src/app/result-hash.ts';
import { EventBus } from '../../../src/core/event-bus.ts';
import type { Fill } from '../../../src/core/fill.ts';
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
