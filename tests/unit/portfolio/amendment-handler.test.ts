import { describe, expect, it } from 'vitest';
import type { OrderId } from '../../../src/core/ids.ts';
import { orderId } from '../../../src/core/ids.ts';
import type { CancelSignal, OrderChanges, ReplaceSignal } from '../../../src/core/signal.ts';
import { HOUR_MS } from '../../../src/core/time.ts';
import { dec, strategyId } from '../../support/orders.ts';
import { ENTRY, EXIT, ORIGIN, setUp, sketch, terms } from './portfolio-script.ts';

const cancel = (id: OrderId): CancelSignal => ({ ...ORIGIN, intent: 'cancel', orderId: id });
const replace = (id: OrderId, changes: Partial<OrderChanges>): ReplaceSignal => ({
  ...ORIGIN,
  intent: 'replace',
  orderId: id,
  changes: { quantity: null, limitPrice: null, stopPrice: null, trail: null, ...changes },
});
const LIMIT = {
  ...ENTRY,
  terms: terms({ pricing: { type: 'limit', limitPrice: 95 }, quantity: 10 }),
};

describe('a wish to cancel', () => {
  it.each(['entry', 'exit', 'take-profit'] as const)('takes back an %s', (role) => {
    const { signal, open, canceled, lastOf } = setUp({ maxEntries: 2 });
    open();
    signal(LIMIT, { ...EXIT, terms: terms({ pricing: { type: 'limit', limitPrice: 120 } }) });
    signal(cancel(lastOf(role).id));
    expect(canceled()).toEqual([lastOf(role).id]);
  });

  it('leaves the stop of the limit in the place of a stop-loss', () => {
    const { signal, open, canceled, last } = setUp();
    open();
    signal({
      ...ORIGIN,
      intent: 'protect',
      stopLoss: { kind: 'price', price: 99.5 },
      takeProfit: 'keep',
    });
    signal(cancel(last().id));
    expect(canceled()).toEqual(['o2', 'o4']);
    expect(sketch(last())).toBe('o5 stop-loss sell stop 10 98');
  });

  it.each([
    ['an order that never was', cancel(orderId(9))],
    ['the order of another strategy', { ...cancel(orderId(1)), strategy: strategyId('other') }],
    ['an order of another symbol', { ...cancel(orderId(1)), symbol: 'ETH/USD' }],
    ['a replacement of none', replace(orderId(9), { limitPrice: 90 })],
  ])('is ignored for %s', (_title, wish) => {
    const { signal, ignored, canceled } = setUp();
    signal(LIMIT, wish);
    expect(ignored()).toEqual(['order-final']);
    expect(canceled()).toEqual([]);
  });

  it('is ignored once the order is final', () => {
    const { signal, end, last, ignored } = setUp();
    signal(LIMIT);
    end(last(), 'expired');
    signal(cancel(orderId(1)));
    expect(ignored()).toEqual(['order-final']);
  });
});

describe('a replacement of an entry sized at its fill', () => {
  const sizing = {
    method: 'all_in',
    fraction: 0.5,
    evaluateAt: 'fill',
    fixedFee: 'once',
  } as const;
  const waiting = () => {
    const script = setUp({ sizing });
    script.signal({ ...LIMIT, terms: { ...LIMIT.terms, quantity: null } });
    return script;
  };

  it('is sized at its own fill', () => {
    const { signal, end, last } = waiting();
    signal(replace(orderId(1), { limitPrice: 96 }));
    end(last());
    expect(last()).toMatchObject({ replaces: 'o1', sizedAtFill: { fraction: 0.5 } });
  });

  it('is for what is left of the estimate once a part has filled', () => {
    const { signal, end, fill, last, lastOf } = waiting();
    const entry = last();
    fill(entry, '10', '95', true);
    signal(replace(orderId(1), { limitPrice: 96 }));
    end(entry);
    const replaced = lastOf('entry');
    expect(replaced).toMatchObject({ replaces: 'o1', sizedAtFill: null });
    expect(replaced.quantity.toString()).toBe(entry.quantity.minus(dec('10')).toString());
  });
});

describe('a wish to replace', () => {
  it('waits for the end of the old order, and names it', () => {
    const { signal, end, last, requests, canceled } = setUp();
    signal(LIMIT, replace(orderId(1), { limitPrice: 96.129 }));
    expect(canceled()).toEqual(['o1']);
    expect(requests()).toHaveLength(1);
    end(last());
    expect(sketch(last())).toBe('o2 entry buy limit 10 96.12');
    expect(last()).toMatchObject({ replaces: 'o1', reason: 'changed my mind' });
    expect(last().position).toBe(requests()[0]?.position);
  });

  it('asks for the new total less what filled, a fill on the way included', () => {
    const { signal, fill, end, last, lastOf } = setUp();
    signal(LIMIT);
    const old = last();
    fill(old, '2', '95', true);
    signal(replace(old.id, { quantity: 7 }));
    fill(old, '3', '95', true);
    end(old);
    expect(sketch(lastOf('entry'))).toMatch(/^o\d+ entry buy limit 2 95$/);
  });

  it('asks for what is left where no new total is wished', () => {
    const { signal, fill, end, last, lastOf } = setUp();
    signal(LIMIT);
    const old = last();
    signal(replace(old.id, { limitPrice: 96 }));
    fill(old, '3', '95', true);
    end(old);
    expect(sketch(lastOf('entry'))).toMatch(/^o\d+ entry buy limit 7 96$/);
  });

  it('comes to nothing where another entry of its group was faster', () => {
    const { signal, fill, end, requests, ignored } = setUp();
    const oneOf = { ...LIMIT, oneCancelsOther: 'dip' };
    signal(oneOf, oneOf, replace(orderId(1), { limitPrice: 96 }));
    const [first, second] = requests();
    if (second !== undefined) fill(second, '10', '95');
    if (first !== undefined) end(first);
    expect(ignored()).toEqual(['order-final']);
    expect(requests().filter(({ role }) => role === 'entry')).toHaveLength(2);
  });

  it.each([
    ['it filled meanwhile', '10', false],
    ['what filled is the new total', '7', true],
  ])('comes to nothing where %s', (_title, quantity, isPartial) => {
    const { signal, fill, end, last, ignored, requests } = setUp();
    signal(LIMIT);
    const old = last();
    signal(replace(old.id, { quantity: 7 }));
    fill(old, quantity, '95', isPartial);
    if (isPartial) end(old);
    expect(ignored()).toEqual(['order-final']);
    expect(requests().filter(({ role }) => role === 'entry')).toHaveLength(1);
  });

  it('comes to nothing where the order expired before it was cancelled', () => {
    const { signal, end, last, ignored, requests } = setUp();
    signal(LIMIT, replace(orderId(1), { limitPrice: 96 }));
    end(last(), 'expired');
    expect(ignored()).toEqual(['order-final']);
    expect(requests()).toHaveLength(1);
  });

  it('comes to nothing where the order ended when the bar of the wish was old', () => {
    const { signal, pass, end, last, ignored, requests } = setUp();
    signal(LIMIT, replace(orderId(1), { limitPrice: 96 }));
    pass(3 * HOUR_MS + 1);
    end(last());
    expect(ignored()).toEqual(['too-late']);
    expect(requests()).toHaveLength(1);
  });

  it('still moves an exit then: what is to be out is to be out', () => {
    const { signal, open, pass, end, lastOf } = setUp();
    open();
    signal({ ...EXIT, terms: terms({ pricing: { type: 'limit', limitPrice: 120 } }) });
    const old = lastOf('exit');
    signal(replace(old.id, { limitPrice: 110 }));
    pass(3 * HOUR_MS + 1);
    end(old);
    expect(lastOf('exit')).toMatchObject({ replaces: old.id });
  });

  it('gives way to a later wish for the same order', () => {
    const { signal, end, last, ignored, requests } = setUp();
    signal(LIMIT, replace(orderId(1), { limitPrice: 96 }), replace(orderId(1), { limitPrice: 97 }));
    const [old] = requests();
    if (old !== undefined) end(old);
    expect(sketch(last())).toBe('o2 entry buy limit 10 97');
    signal(replace(orderId(2), { limitPrice: 96 }), cancel(orderId(2)));
    end(last());
    expect(requests()).toHaveLength(2);
    expect(ignored()).toEqual(['order-final', 'order-final']);
  });

  it('gives way to a wish to be out', () => {
    const { signal, end, requests } = setUp();
    signal(LIMIT, replace(orderId(1), { limitPrice: 96 }), EXIT);
    const [old] = requests();
    if (old !== undefined) end(old);
    expect(requests()).toHaveLength(1);
  });

  it('counts as the entry it replaces', () => {
    const { signal, fill, end, last, lastOf, ignored } = setUp({ maxEntries: 2 });
    signal(LIMIT);
    const old = last();
    fill(old, '2', '95', true);
    signal(replace(old.id, { limitPrice: 96 }));
    end(old);
    signal(LIMIT);
    expect(ignored()).toEqual([]);
    expect(lastOf('entry').position).toBe(old.position);
    signal(LIMIT);
    expect(ignored()).toEqual(['position-open']);
  });

  it('moves an exit, for no more than is held', () => {
    const { signal, open, end, lastOf, fill } = setUp();
    open();
    signal({ ...EXIT, terms: terms({ pricing: { type: 'limit', limitPrice: 120 } }) });
    const old = lastOf('exit');
    signal(replace(old.id, { limitPrice: 115 }));
    fill(lastOf('take-profit'), '4', '104', true);
    end(old);
    expect(sketch(lastOf('exit'))).toBe('o5 exit sell limit 6 115');
  });

  it.each([
    ['closer', 99, '99'],
    ['no farther than the limit', 90, '98'],
  ])('moves a stop-loss %s, in its role and group', (_title, stopPrice, placed) => {
    const { signal, open, end, lastOf } = setUp();
    open();
    const old = lastOf('stop-loss');
    signal(replace(old.id, { stopPrice, quantity: 1 }));
    end(old);
    const { id, quantity, ...next } = lastOf('stop-loss');
    expect(id).toBe('o4');
    // A stop covers all that is held, whatever the wish.
    expect(quantity.toString()).toBe('10');
    expect(next).toMatchObject({ role: 'stop-loss', group: old.group, replaces: old.id });
    expect(sketch(lastOf('stop-loss'))).toBe(`o4 stop-loss sell stop 10 ${placed}`);
  });

  it('moves a take-profit, for a part where that is wished', () => {
    const { signal, open, end, lastOf } = setUp();
    open();
    const old = lastOf('take-profit');
    signal(replace(old.id, { limitPrice: 108, quantity: 5 }));
    end(old);
    expect(sketch(lastOf('take-profit'))).toBe('o4 take-profit sell limit 5 108');
  });

  it('keeps a trailing stop from going back', () => {
    const trail = { kind: 'distance', distance: 5 } as const;
    const { signal, open, end, lastOf } = setUp();
    open();
    signal({ ...EXIT, terms: terms({ pricing: { type: 'trailing_stop', trail } }) });
    const old = lastOf('exit');
    signal({ ...replace(old.id, { quantity: 5 }), price: 97 });
    end(old);
    expect(sketch(lastOf('exit'))).toBe('o5 exit sell trailing_stop 5 95 distance 5');
    const second = lastOf('exit');
    signal({ ...replace(second.id, {}), price: 107 });
    end(second);
    expect(sketch(lastOf('exit'))).toBe('o6 exit sell trailing_stop 5 102 distance 5');
  });
});
