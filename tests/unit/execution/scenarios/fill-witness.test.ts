import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../../src/core/decimal.ts';
import { EventBus, type Publish } from '../../../../src/core/event-bus.ts';
import type { EventType } from '../../../../src/core/events.ts';
import type { Fill } from '../../../../src/core/fill.ts';
import { orderId, tradeId } from '../../../../src/core/ids.ts';
import type { OrderPricing, OrderRole, Side } from '../../../../src/core/order.ts';
import {
  FillWitness,
  type WitnessedFill,
} from '../../../../src/execution/scenarios/fill-witness.ts';
import { hourBar } from '../../../support/bars.ts';
import { BTC, dec } from '../../../support/orders.ts';
import { approvedOrder } from '../orders.ts';

const bar = (open: number, high: number, low: number) =>
  hourBar(0, { open, high, low, close: open });
const limit = (price: string): OrderPricing => ({ type: 'limit', limitPrice: dec(price) });
const stop = (price: string): OrderPricing => ({ type: 'stop', stopPrice: dec(price) });

/** A bus with a witness on it, and what the witness says while a fill is delivered. */
class Stage {
  readonly #bus = new EventBus({ now: () => 0 });
  readonly #publishers = new Map<EventType, unknown>();
  readonly witness = new FillWitness({ bus: this.#bus, instruments: () => BTC });
  readonly told: WitnessedFill[] = [];

  constructor() {
    this.#bus.on('order.filled', ({ payload }) => {
      this.told.push(this.witness.of(payload));
      return undefined;
    });
  }

  publish<T extends EventType>(type: T, payload: Parameters<Publish<T>>[0]): void {
    const publisher = this.#publishers.get(type) ?? this.#bus.publisher(type);
    this.#publishers.set(type, publisher);
    (publisher as Publish<T>)(payload);
  }

  order(count: number, role: OrderRole, pricing: OrderPricing, position = 1): this {
    const side = role === 'entry' ? 'buy' : 'sell';
    this.publish(
      'order.approved',
      approvedOrder({ count, role, side, quantity: '2', pricing, position }),
    );
    return this;
  }

  fill(count: number, rawPrice: string, more: Partial<Fill> = {}): WitnessedFill {
    const fill = fillOf(count, rawPrice, 'sell', more);
    this.publish('order.filled', fill);
    const last = this.told.at(-1);
    if (last === undefined) throw new Error('a fill was delivered');
    return last;
  }
}

function fillOf(count: number, rawPrice: string, side: Side, more: Partial<Fill>): Fill {
  return {
    tradeId: tradeId(count),
    orderId: orderId(count),
    symbol: 'BTC/USD',
    side,
    quantity: dec('1'),
    price: dec(rawPrice),
    rawPrice: dec(rawPrice),
    impact: Decimal.zero,
    fee: Decimal.zero,
    commission: null,
    isFeeProvisional: false,
    liquidity: 'taker',
    time: hourBar(0, { close: 1 }).openTime,
    orderState: 'filled',
    ...more,
  };
}

/** A long with a stop at 95 and a target at 110 in a bar that opened at 100. */
function protectedLong(high: number, low: number): Stage {
  const stage = new Stage();
  stage.order(1, 'stop-loss', stop('95')).order(2, 'take-profit', limit('110'));
  stage.publish('bar.arrived', bar(100, high, low));
  return stage;
}

describe('the target of a stop', () => {
  it('is where its bar reached both', () => {
    expect(protectedLong(112, 90).fill(1, '95').target?.toString()).toBe('110');
  });

  it('is there as soon as the bar touches it', () => {
    expect(protectedLong(110, 90).fill(1, '95').target?.toString()).toBe('110');
  });

  it('is none where the bar did not reach it', () => {
    expect(protectedLong(109.99, 90).fill(1, '95').target).toBeNull();
  });

  it('is none where the bar opened beyond the stop', () => {
    const stage = new Stage();
    stage.order(1, 'stop-loss', stop('95')).order(2, 'take-profit', limit('110'));
    stage.publish('bar.arrived', bar(92, 112, 90));
    expect(stage.fill(1, '92').target).toBeNull();
  });

  it('is the lower one for a short', () => {
    const stage = new Stage();
    const short = { role: 'stop-loss', side: 'buy', quantity: '2' } as const;
    stage.publish('order.approved', approvedOrder({ ...short, count: 1, pricing: stop('105') }));
    const target = { ...short, role: 'take-profit' } as const;
    stage.publish('order.approved', approvedOrder({ ...target, count: 2, pricing: limit('91') }));
    stage.publish('order.approved', approvedOrder({ ...target, count: 3, pricing: limit('92') }));
    stage.publish('bar.arrived', bar(100, 110, 90));
    expect(stage.fill(1, '105', { side: 'buy' }).target?.toString()).toBe('91');
  });

  it('is the best of several', () => {
    const stage = protectedLong(112, 90).order(3, 'take-profit', limit('111'));
    expect(stage.fill(1, '95').target?.toString()).toBe('111');
  });

  it('is none of another position', () => {
    const stage = new Stage();
    stage.order(1, 'stop-loss', stop('95')).order(2, 'take-profit', limit('110'), 2);
    stage.publish('bar.arrived', bar(100, 112, 90));
    expect(stage.fill(1, '95').target).toBeNull();
  });

  it('is none that was cancelled before', () => {
    const stage = protectedLong(112, 90);
    stage.publish('order.updated', { orderId: orderId(2), state: 'canceled', reason: 'moved' });
    expect(stage.fill(1, '95').target).toBeNull();
  });

  it('is none for what is no stop', () => {
    const stage = protectedLong(112, 90).order(3, 'exit', { type: 'market' });
    expect(stage.fill(3, '96').target).toBeNull();
  });

  it('is none for a stop that enters', () => {
    const stage = protectedLong(112, 90).order(3, 'entry', stop('105'));
    expect(stage.fill(3, '105', { side: 'buy' }).target).toBeNull();
  });
});

describe('a witness', () => {
  it('tells the first fill of an order from those after it', () => {
    const stage = protectedLong(112, 90).order(3, 'exit', { type: 'market' });
    const part = { orderState: 'partially_filled' } as const;
    expect(stage.fill(3, '100', part).isFirstFill).toBe(true);
    expect(stage.fill(3, '100').isFirstFill).toBe(false);
    expect(stage.fill(1, '95').isFirstFill).toBe(true);
  });

  it('knows the last bar of the symbol that filled', () => {
    const stage = protectedLong(112, 90);
    stage.publish('bar.arrived', hourBar(0, { symbol: 'ETH/USD', close: 7 }));
    const { bar: seen, orderType } = stage.fill(1, '95');
    expect([seen.symbol, seen.high, orderType]).toEqual(['BTC/USD', 112, 'stop']);
  });

  it('speaks of no fill but the one being delivered', () => {
    const stage = protectedLong(112, 90);
    const { fill } = stage.fill(1, '95');
    stage.fill(2, '110');
    expect(() => stage.witness.of(fill)).toThrow('fill t1 as witnessed must be present');
  });
});
