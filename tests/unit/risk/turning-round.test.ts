import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../src/core/event-bus.ts';
import { entryGroupOf, exitGroupOf, orderId, positionId } from '../../../src/core/ids.ts';
import type { OrderRequest } from '../../../src/core/order.ts';
import { RiskManager } from '../../../src/risk/risk-manager.ts';
import { fillOf } from '../../support/orders.ts';
import {
  decimal,
  entry,
  exit,
  instrument,
  NO_LIMITS,
  position,
  positionLimits,
  ScriptedPortfolio,
  START,
  strategy,
} from './risk-builders.ts';

/** Ten BTC at 100 are held: all that one position may be. */
function managed(limits = positionLimits({ maxFraction: 0.1 })) {
  const bus = new EventBus({ now: () => START });
  const view = new ScriptedPortfolio();
  view.prices.set('BTC/USD', 100);
  view.hold(position());
  const answers: string[] = [];
  bus.on('order.approved', ({ payload }) => void answers.push(`${payload.id} approved`));
  bus.on('order.rejected', ({ payload: { order, refusal } }) => {
    answers.push(`${order.id} ${refusal.check}`);
    return undefined;
  });
  void new RiskManager({ bus, view, limits, instruments: instrument });
  const request = bus.publisher('order.requested');
  const ask = (...orders: readonly OrderRequest[]) => {
    answers.length = 0;
    for (const order of orders) request(order);
    return answers.map((answer) => answer.split(' ').slice(1).join(' '));
  };
  return {
    view,
    ask,
    updated: bus.publisher('order.updated'),
    cancel: bus.publisher('order.cancel-requested'),
    filled: bus.publisher('order.filled'),
  };
}

const turn = (count: number) =>
  entry({ id: orderId(count), position: positionId(2), side: 'sell' as const });

describe('an entry behind a market exit for all of the position', () => {
  it('is not held up by what that exit frees', () => {
    const { ask } = managed();
    expect(ask(turn(5))).toEqual(['position-size']);
    expect(ask(exit(), turn(6))).toEqual(['approved', 'approved']);
  });

  it.each<[string, OrderRequest]>([
    ['the exit is for a part', exit({ quantity: decimal('9.999') })],
    ['the exit waits for a price', { ...exit(), type: 'limit', limitPrice: decimal(120) }],
  ])('is held up where %s', (_title, order) => {
    const { ask } = managed();
    expect(ask(order, turn(6))).toEqual(['approved', 'position-size']);
  });

  it('is held up again once the exit has ended', () => {
    const { ask, updated } = managed();
    ask(exit());
    updated({ orderId: orderId(2), state: 'canceled', reason: 'test' });
    expect(ask(turn(6))).toEqual(['position-size']);
  });

  it('is free of the rest after a partial fill of the exit', () => {
    const { ask, filled, view } = managed();
    const order = exit();
    ask(order);
    view.hold(position({ quantity: decimal(6) }));
    filled(fillOf(order, { quantity: '4', price: '100', partial: true }));
    expect(ask(turn(6))).toEqual(['approved']);
  });

  it('makes no room for other strategies', () => {
    const { ask } = managed({ ...NO_LIMITS, symbol: { maxExposure: 0.1 } });
    const other = { ...turn(6), strategy: strategy('beta') };
    expect(ask(exit(), other, turn(7))).toEqual(['approved', 'symbol-exposure', 'approved']);
  });
});

describe('an entry in the place of one that is being cancelled', () => {
  function waiting() {
    const managedBus = managed({ ...NO_LIMITS, symbol: { maxExposure: 0.1 } });
    managedBus.view.positions.clear();
    managedBus.ask(entry({ id: orderId(1) }));
    return managedBus;
  }

  it('is not held up by what that one might have bought', () => {
    const { ask, cancel } = waiting();
    expect(ask(entry({ id: orderId(2) }))).toEqual(['symbol-exposure']);
    cancel({ orderId: orderId(1), reason: 'test' });
    expect(ask(entry({ id: orderId(3) }))).toEqual(['approved']);
    expect(ask(entry({ id: orderId(4) }))).toEqual(['symbol-exposure']);
  });

  it('is held up where it is another strategy’s, until that one has ended', () => {
    const { ask, cancel, updated } = waiting();
    const other = (count: number) => ({
      ...entry({ id: orderId(count) }),
      strategy: strategy('beta'),
    });
    cancel({ orderId: orderId(1), reason: 'test' });
    expect(ask(other(2))).toEqual(['symbol-exposure']);
    updated({ orderId: orderId(1), state: 'canceled', reason: 'test' });
    expect(ask(other(3))).toEqual(['approved']);
  });
});

describe('exits of one of two positions', () => {
  it('are judged by the position they name, not by the newest', () => {
    const { ask, view } = managed();
    view.hold(position({ id: positionId(7), side: 'short', quantity: decimal(1) }));
    expect(ask(exit())).toEqual(['approved']);
    const short = {
      position: positionId(7),
      group: exitGroupOf(positionId(7)),
      side: 'buy' as const,
    };
    expect(ask(exit({ ...short, quantity: decimal(1) }))).toEqual(['approved']);
    expect(ask(exit({ ...short, quantity: decimal(2) }))).toEqual(['exit-quantity']);
  });
});

describe('entries that exclude one another', () => {
  const group = entryGroupOf(strategy('alpha'), 'BTC/USD', 'breakout');
  const member = (count: number, quantity = 10) =>
    entry({ id: orderId(count), position: positionId(count), group, quantity: decimal(quantity) });

  it('count with the largest of them', () => {
    const { ask, view } = managed();
    view.positions.clear();
    expect(ask(member(1), member(2), member(3, 11))).toEqual([
      'approved',
      'approved',
      'position-size',
    ]);
    expect(ask(entry({ id: orderId(4), quantity: decimal('0.001') }))).toEqual(['position-size']);
  });
});
