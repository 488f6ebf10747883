import { describe, expect, it } from 'vitest';
import { fromExactJson, toExactJson } from '../../../src/core/exact-json.ts';
import type { Commission, FeeCorrection, Fill } from '../../../src/core/fill.ts';
import { tradeId } from '../../../src/core/ids.ts';
import type { OrderRequest } from '../../../src/core/order.ts';
import type { PortfolioSnapshot } from '../../../src/portfolio/portfolio-snapshot.ts';
import { dec, fillOf } from '../../support/orders.ts';
import { ENTRY, EXIT, setUp, sketch, terms } from './portfolio-script.ts';

const inBase = (amount: string): Commission => ({
  takenFrom: 'base',
  currency: 'BTC',
  amount: dec(amount),
});
const inThird: Commission = { takenFrom: 'other', currency: 'BNB', amount: dec('0.002') };

/** What became known of a fee, as it is said of an order's fill. */
function correction(
  { id, position }: OrderRequest,
  trade: number,
  now: { readonly fee: string; readonly commission?: Commission },
): FeeCorrection {
  return {
    tradeId: tradeId(trade),
    orderId: id,
    position,
    fee: dec(now.fee),
    commission: now.commission ?? null,
    booked: dec('0'),
    bookedCommission: null,
  };
}

const late = (order: OrderRequest, fill: Fill): Fill => ({ ...fill, late: order });

const RISING = { ...ENTRY, terms: terms({ quantity: 10 }) };

function world(restored: PortfolioSnapshot | null = null) {
  const script = setUp({}, restored);
  const { portfolio, publish, of } = script;
  const held = () =>
    portfolio
      .openPositions()
      .map(({ id, side, quantity }) => `${id} ${side} ${quantity.toString()}`);
  const told = () =>
    of('position.updated').map(({ id, quantity }) => `${id} ${quantity.toString()}`);
  const exceeded = () => of('fill.exceeded').map(({ message }) => message);
  /** Stops and targets that were asked for and not taken back. */
  const legs = () =>
    script
      .requests()
      .filter(({ id, role }) => role !== 'entry' && !script.canceled().includes(id))
      .map(sketch);
  const enter = () => {
    publish.signal(RISING);
    return script.last();
  };
  return { ...script, held, told, exceeded, legs, enter };
}

describe('fills and their fees', () => {
  it('F22: holds, protects and sells what arrived, not what was bought, where the fee is in base', () => {
    const { enter, publish, held, legs, portfolio, signal, lastOf } = world();
    const order = enter();
    publish.filled(
      fillOf(order, { quantity: '10', price: '100', fee: '1', commission: inBase('0.01') }),
    );
    expect(held()).toEqual(['p1 long 9.99']);
    // Only what was paid leaves the cash: the fee left with the goods.
    expect(portfolio.cash.toString()).toBe('9000');
    expect(portfolio.ledger.fees.toString()).toBe('1');
    expect(portfolio.openPositions()[0]?.entryPrice.toString()).toBe('100');
    expect(legs()).toEqual([
      'o2 stop-loss sell stop 9.99 98',
      'o3 take-profit sell limit 9.99 104',
    ]);
    signal(EXIT);
    expect(sketch(lastOf('exit'))).toBe('o4 exit sell market 9.99');
  });

  it('F23: leaves cash and position alone where the fee is taken from a third asset, and counts it', () => {
    const { enter, publish, held, portfolio } = world();
    publish.filled(fillOf(enter(), { quantity: '10', price: '100', commission: inThird }));
    expect(held()).toEqual(['p1 long 10']);
    expect(portfolio.cash.toString()).toBe('9000');
    expect(portfolio.ledger.fees.isZero).toBe(true);
    expect(portfolio.ledger.commissions).toEqual(new Map([['BNB', dec('0.002')]]));
  });

  it('F24: books a fee that is told late to cash and position', () => {
    const { enter, publish, told, portfolio, legs } = world();
    const order = enter();
    publish.filled(fillOf(order, { quantity: '10', price: '100', provisional: true, trade: 7 }));
    const before = legs();
    publish.corrected(correction(order, 7, { fee: '2.5' }));
    expect(portfolio.cash.toString()).toBe('8997.5');
    expect(portfolio.openPositions()[0]?.fees.toString()).toBe('2.5');
    expect(told()).toEqual(['p1 10', 'p1 10']);
    expect(legs(), 'what is held did not change').toEqual(before);
  });

  it('F24: makes the protective orders smaller where the late fee was taken from the goods', () => {
    const { enter, publish, held, legs, portfolio } = world();
    const order = enter();
    publish.filled(fillOf(order, { quantity: '10', price: '100', provisional: true, trade: 7 }));
    publish.corrected(correction(order, 7, { fee: '1', commission: inBase('0.01') }));
    expect(held()).toEqual(['p1 long 9.99']);
    expect(portfolio.cash.toString()).toBe('9000');
    expect(legs()).toEqual([
      'o4 stop-loss sell stop 9.99 98',
      'o5 take-profit sell limit 9.99 104',
    ]);
  });

  it('F24: makes them larger where goods were not taken after all', () => {
    const { enter, publish, held, legs, exceeded } = world();
    const order = enter();
    const commission = inBase('0.01');
    const guess = { price: '100', fee: '1', commission, provisional: true, trade: 7 };
    publish.filled(fillOf(order, { quantity: '10', ...guess }));
    const told = correction(order, 7, { fee: '1' });
    publish.corrected({ ...told, booked: dec('1'), bookedCommission: commission });
    expect(held()).toEqual(['p1 long 10']);
    expect(legs()).toEqual(['o4 stop-loss sell stop 10 98', 'o5 take-profit sell limit 10 104']);
    expect(exceeded()).toEqual([]);
  });

  it('F24: books a late fee to a position that is closed by then, and to no other', () => {
    const { enter, publish, signal, fill, last, of, portfolio, held } = world();
    const order = enter();
    publish.filled(fillOf(order, { quantity: '10', price: '100', provisional: true, trade: 7 }));
    signal(EXIT);
    fill(last(), '10', '110');
    const again = enter();
    fill(again, '10', '110');
    publish.corrected(correction(order, 7, { fee: '2.5' }));
    const changed = of('position.updated').at(-1);
    expect(changed).toMatchObject({ id: 'p1', exitReason: 'back at the mean' });
    expect(changed?.fees.toString()).toBe('2.5');
    expect(held()).toEqual(['p2 long 10']);
    expect(portfolio.openPositions()[0]?.fees.isZero).toBe(true);
    // 10,000 − 1,000 + 1,100 − 1,100 − 2.5.
    expect(portfolio.cash.toString()).toBe('8997.5');
    expect(portfolio.snapshot().ledger.awaiting).toEqual([]);
  });

  it('books to cash alone what is told of a closed position that awaited no fee', () => {
    const { enter, publish, signal, fill, last, told, portfolio } = world();
    const order = enter();
    fill(order, '10');
    signal(EXIT);
    fill(last(), '10', '110');
    const before = told();
    publish.corrected(correction(order, 1, { fee: '2.5' }));
    expect(portfolio.cash.toString()).toBe('10097.5');
    expect(told()).toEqual(before);
  });

  it('halts for goods that a late fee took after all of them were sold', () => {
    const { enter, publish, signal, fill, last, held, exceeded } = world();
    const order = enter();
    publish.filled(fillOf(order, { quantity: '10', price: '100', provisional: true, trade: 7 }));
    signal(EXIT);
    fill(last(), '10', '110');
    publish.corrected(correction(order, 7, { fee: '1', commission: inBase('0.01') }));
    expect(held()).toEqual(['p1.t7-fee short 0.01']);
    expect(exceeded()).toEqual([
      'the fee of fill t7 took 0.01 of BTC/USD that was sold before it was known',
    ]);
  });
});

describe('F27, F26: protective orders', () => {
  it('are for all that has filled so far, fill by fill', () => {
    const { enter, fill, legs } = world();
    const order = enter();
    const after: string[] = [];
    for (const [quantity, isPartial] of [
      ['2', true],
      ['5', true],
      ['3', false],
    ] as const) {
      fill(order, quantity, '100', isPartial);
      after.push(legs()[0] ?? 'none');
    }
    expect(after).toEqual([
      'o2 stop-loss sell stop 2 98',
      'o4 stop-loss sell stop 7 98',
      'o6 stop-loss sell stop 10 98',
    ]);
    expect(legs()).toHaveLength(2);
  });

  it('are not placed again once their position is closed', () => {
    const { enter, fill, signal, end, lastOf, requests } = world();
    fill(enter(), '10');
    const stop = lastOf('stop-loss');
    signal({
      ...EXIT,
      intent: 'replace',
      orderId: stop.id,
      changes: { quantity: null, limitPrice: null, stopPrice: 99, trail: null },
    });
    fill(lastOf('take-profit'), '10', '104');
    const count = requests().length;
    end(stop);
    expect(requests()).toHaveLength(count);
  });

  it('F19: leave dust alone, and the snapshot tells of it', () => {
    const { enter, fill, legs, end, portfolio, signal, ignored, requests } = world();
    const order = enter();
    fill(order, '0.005', '100', true);
    end(order);
    expect(legs()).toEqual([]);
    expect(portfolio.snapshot().dust).toEqual(['p1']);
    const count = requests().length;
    signal(EXIT, EXIT);
    expect(ignored()).toEqual(['below-minimum', 'below-minimum']);
    expect(requests()).toHaveLength(count);
  });

  it('F13: of fractional shares the venue cannot take back are for whole lots, rounded down', () => {
    const { enter, publish, legs, held } = world();
    const amount = inBase('0.000000001');
    publish.filled(
      fillOf(enter(), { quantity: '1', price: '100', fee: '0.0000001', commission: amount }),
    );
    expect(held()).toEqual(['p1 long 0.999999999']);
    expect(legs()[0]).toBe('o2 stop-loss sell stop 0.99999999 98');
  });
});

describe('F18: a fill after the end of its order', () => {
  it('is booked and protected as if it had come in time', () => {
    const { enter, end, publish, held, legs, exceeded } = world();
    const order = enter();
    end(order);
    publish.filled(late(order, fillOf(order, { quantity: '4', price: '100', trade: 3 })));
    expect(held(), 'nothing had filled before').toEqual(['p1 long 4']);
    expect(legs()).toEqual(['o2 stop-loss sell stop 4 98', 'o3 take-profit sell limit 4 104']);
    expect(exceeded()).toEqual([]);
  });

  it('begins another position where the one it was for has ended, long after its order', () => {
    const { enter, fill, end, lastOf, publish, held, told } = world();
    const order = enter();
    fill(order, '6', '100', true);
    fill(lastOf('stop-loss'), '6', '98');
    end(order);
    for (let count = 0; count < 60; count++) {
      fill(enter(), '10');
      fill(lastOf('stop-loss'), '10', '98');
    }
    publish.filled(late(order, fillOf(order, { quantity: '4', price: '97', trade: 5 })));
    expect(held()).toEqual(['p1.t5 long 4']);
    expect(told().filter((each) => each.startsWith('p1 '))).toEqual(['p1 6', 'p1 0']);
  });

  it('adds to the position where that is still open', () => {
    const { enter, fill, end, publish, held, legs } = world();
    const order = enter();
    fill(order, '6', '100', true);
    end(order);
    publish.filled(late(order, fillOf(order, { quantity: '4', price: '100', trade: 3 })));
    expect(held()).toEqual(['p1 long 10']);
    expect(legs()[0]).toBe('o4 stop-loss sell stop 10 98');
  });

  it('is sold at once while everything is being sold', () => {
    const { enter, end, publish, last } = world();
    const order = enter();
    publish.alerted({
      kind: 'halted',
      check: 'operator',
      limit: 0,
      actual: 1,
      onBreach: 'flatten',
      message: 'out',
    });
    end(order);
    publish.filled(late(order, fillOf(order, { quantity: '4', price: '100', trade: 3 })));
    expect(sketch(last())).toBe('o4 exit sell market 4');
  });

  it('of an exit takes from what is held', () => {
    const { enter, fill, signal, lastOf, end, publish, held, exceeded } = world();
    fill(enter(), '10');
    signal({ ...EXIT, terms: terms({ quantity: 4, pricing: { type: 'limit', limitPrice: 101 } }) });
    const exit = lastOf('exit');
    end(exit);
    publish.filled(late(exit, fillOf(exit, { quantity: '4', price: '101', trade: 3 })));
    expect(held()).toEqual(['p1 long 6']);
    expect(exceeded()).toEqual([]);
  });

  it('of a stop that meets nothing any more begins a position of its own, kept by the limit, and halts', () => {
    const { enter, fill, lastOf, end, signal, publish, held, exceeded, legs } = world();
    fill(enter(), '10');
    const stop = lastOf('stop-loss');
    end(lastOf('take-profit'));
    end(stop);
    signal(EXIT);
    fill(lastOf('exit'), '10', '99');
    publish.filled(late(stop, fillOf(stop, { quantity: '10', price: '98', trade: 9 })));
    expect(held()).toEqual(['p1.t9 short 10']);
    expect(exceeded()).toEqual([
      `fill t9 of exit ${stop.id} took "10" more of BTC/USD than its position held`,
    ]);
    expect(legs().at(-1)).toMatch(/^o\d+ stop-loss buy stop 10 99.96$/);
  });
});

describe('a fill of an entry whose position has ended', () => {
  /** An entry that filled in part, and a stop that took all of it: the rest fills before it can be called back. */
  const stoppedOut = () => {
    const each = world();
    const order = each.enter();
    each.fill(order, '6', '100', true);
    each.fill(each.lastOf('stop-loss'), '6', '98');
    expect(each.held()).toEqual([]);
    expect(each.canceled()).toContain(order.id);
    return { ...each, order };
  };

  it('is a position of its own: the row of the old one stays as it was', () => {
    const { publish, order, held, told, of } = stoppedOut();
    publish.filled(fillOf(order, { quantity: '1', price: '97', partial: true, trade: 5 }));
    publish.filled(fillOf(order, { quantity: '3', price: '97', trade: 6 }));
    expect(held()).toEqual(['p1.t5 long 4']);
    expect(told()).toEqual(['p1 6', 'p1 0', 'p1.t5 1', 'p1.t5 4']);
    expect(of('position.updated').at(-1)?.entryPrice.toString()).toBe('97');
  });

  it('is protected, and its exits are of its own', () => {
    const { publish, order, lastOf, signal, last, fill, held } = stoppedOut();
    publish.filled(fillOf(order, { quantity: '4', price: '97', trade: 5 }));
    expect(lastOf('stop-loss')).toMatchObject({ position: 'p1.t5', group: 'p1.t5-exit' });
    signal(EXIT);
    fill(last(), '4', '99');
    expect(held()).toEqual([]);
  });

  it('goes to the same one after a restart', () => {
    const { publish, order, portfolio } = stoppedOut();
    publish.filled(fillOf(order, { quantity: '1', price: '97', partial: true, trade: 5 }));
    const text = toExactJson(portfolio.snapshot());
    const {
      held,
      publish: publishLater,
      portfolio: later,
    } = world(fromExactJson(text) as PortfolioSnapshot);
    expect(toExactJson(later.snapshot())).toBe(text);
    publishLater.filled(fillOf(order, { quantity: '3', price: '97', trade: 6 }));
    expect(held()).toEqual(['p1.t5 long 4']);
  });

  it('is known to be another one after a restart in between', () => {
    const { order, portfolio } = stoppedOut();
    const text = toExactJson(portfolio.snapshot());
    const { held, publish } = world(fromExactJson(text) as PortfolioSnapshot);
    publish.filled(fillOf(order, { quantity: '4', price: '97', trade: 5 }));
    expect(held()).toEqual(['p1.t5 long 4']);
  });
});

describe('F29: more than was ordered', () => {
  it('is booked whole, protected whole, and told', () => {
    const { enter, publish, held, legs, exceeded } = world();
    const order = enter();
    publish.filled({ ...fillOf(order, { quantity: '12', price: '100' }), excess: dec('2') });
    expect(held()).toEqual(['p1 long 12']);
    expect(legs()[0]).toBe('o2 stop-loss sell stop 12 98');
    expect(exceeded()).toEqual([
      'at most "10" was ordered with o1 in BTC/USD, fill t1 brought "2" more',
    ]);
  });
});

describe('a shutdown', () => {
  it('takes back entries and leaves protection where it is', () => {
    const { enter, fill, publish, canceled, legs } = world();
    const order = enter();
    fill(order, '6', '100', true);
    const guarded = legs();
    publish.commanded({ act: 'shutdown', reason: 'SIGTERM', by: 'test', at: 0 });
    expect(canceled()).toEqual([order.id]);
    expect(legs()).toEqual(guarded);
  });
});
