import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { StrategyError } from '../../../src/core/errors.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import type { StrategyContext } from '../../../src/strategies/strategy.ts';
import { HostFixture, hosted } from './host-fixture.ts';
import { barAt } from './market-fixtures.ts';

/** What authors of plain JavaScript have in hand: nothing keeps them from passing anything. */
type Loose = Readonly<Record<keyof StrategyContext, (...values: readonly unknown[]) => unknown>>;

const BAR = barAt(24);
const AT = 'strategy "under_test" on BTC/USD, bar 1970-01-02T00:00:00Z,';
const BAD = `${AT} returned what the engine cannot act on: `;

function deciding(decide: (context: Loose) => unknown) {
  return defineStrategy({
    id: 'scripted',
    params: z.strictObject({}),
    create: () => ({ onBar: (_, context) => decide(context as unknown as Loose) as null }),
  });
}

/** Where in this file it was thrown. */
const PLACE = / \(check-decision\.test\.ts:\d+\)$/;

function messageOf(decide: (context: Loose) => unknown): string {
  const fixture = new HostFixture(hosted(deciding(decide)));
  const thrown = thrownBy(() => fixture.close(BAR));
  expect(fixture.signals).toEqual([]);
  if (thrown instanceof StrategyError) return thrown.message.replace(PLACE, '');
  throw new Error(`a StrategyError was expected, was ${String(thrown)}`);
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error;
  }
}

const enter = (values: object) => (context: Loose) =>
  context.enter({ side: 'buy', reason: 'x', ...values });
const exit = (values: object) => (context: Loose) => context.exit({ reason: 'x', ...values });
const ordered = (order: unknown) => enter({ order });

describe('the order of a wish', () => {
  const LIMIT = { type: 'limit', limitPrice: 99 };

  it.each([
    [
      'no known type',
      { type: 'lmt', limitPrice: 99 },
      'an order type (market, limit, stop, stop_limit, trailing_stop) was expected, was "lmt"',
    ],
    [
      'no type',
      { limitPrice: 99 },
      'an order type (market, limit, stop, stop_limit, trailing_stop)',
    ],
    ['a word', 'limit', 'an order type (market, limit, stop, stop_limit, trailing_stop)'],
    [
      'no price',
      { type: 'limit' },
      'a limit order: a positive, finite limitPrice was expected, was "undefined"',
    ],
    [
      'a price that is no number',
      { type: 'limit', limitPrice: NaN },
      'a limit order: a positive, finite limitPrice was expected, was "NaN"',
    ],
    [
      'a price in words',
      { type: 'stop', stopPrice: '101' },
      'a stop order: a positive, finite stopPrice was expected, was "101"',
    ],
    [
      'a negative price',
      { type: 'stop_limit', stopPrice: 101, limitPrice: -1 },
      'a stop_limit order: a positive, finite limitPrice was expected, was "-1"',
    ],
    [
      'an endless price',
      { type: 'stop', stopPrice: Infinity },
      'a stop order: a positive, finite stopPrice was expected, was "Infinity"',
    ],
    [
      'a price of another type',
      { type: 'market', limitPrice: 99 },
      'a market order with no price was expected, was "one with limitPrice"',
    ],
    [
      'a price by another name',
      { ...LIMIT, price: 99 },
      'a limit order with limitPrice was expected, was "one with price"',
    ],
    [
      'a quantity in the wrong place',
      { ...LIMIT, quantity: 1 },
      'a limit order with limitPrice was expected, was "one with quantity"',
    ],
    [
      'no trail',
      { type: 'trailing_stop', stopPrice: 95 },
      "a trailing_stop order: a trail level such as { kind: 'fraction', fraction: 0.02 } was " +
        'expected, was "undefined"',
    ],
    [
      'a trail in percent',
      { type: 'trailing_stop', trail: { kind: 'fraction', fraction: 5 } },
      'a trailing_stop order: a trail fraction below 1 (0.05 is 5 %) was expected, was "5"',
    ],
    [
      'a trail of no known kind',
      { type: 'trailing_stop', trail: { kind: 'price', price: 5 } },
      'a trailing_stop order: a trail kind (distance, fraction) was expected, was "price"',
    ],
    [
      'an unknown time in force',
      { ...LIMIT, timeInForce: 'GTC' },
      'a time in force (gtc, day, ioc, fok, gtd) was expected, was "GTC"',
    ],
    [
      'no end of a gtd order',
      { ...LIMIT, timeInForce: 'gtd' },
      "an expiresAt after the bar's close (90000000, 1970-01-02T01:00:00Z) in whole milliseconds " +
        'was expected, was "null"',
    ],
    [
      'an end at the close it is decided on',
      { ...LIMIT, timeInForce: 'gtd', expiresAt: BAR.closeTime },
      'was expected, was "90000000"',
    ],
    [
      'an end as a Date',
      { ...LIMIT, timeInForce: 'gtd', expiresAt: new Date(1e12) },
      'was expected, was "a Date"',
    ],
    [
      'an end without gtd',
      { ...LIMIT, expiresAt: 1e12 },
      'an expiresAt with timeInForce "gtd" only was expected, was "1000000000000"',
    ],
    [
      'a stop that is to fill at once',
      { type: 'stop', stopPrice: 101, timeInForce: 'ioc' },
      'a market or limit order for timeInForce "ioc" was expected, was "stop"',
    ],
    [
      'a trailing stop that is to fill at once',
      { type: 'trailing_stop', trail: { kind: 'distance', distance: 1 }, timeInForce: 'fok' },
      'a market or limit order for timeInForce "fok" was expected, was "trailing_stop"',
    ],
  ])('with %s is refused', (_, order, message) => {
    expect(messageOf(ordered(order))).toContain(message);
    expect(messageOf(ordered(order))).toContain(BAD);
    expect(messageOf(exit({ order })), 'exits are checked like entries').toContain(message);
  });

  it.each([0, -1, NaN, Infinity, '1'])(
    'for a quantity of %s is refused by its name',
    (quantity) => {
      const message = `${BAD}a positive, finite quantity was expected, was "${quantity}"`;
      expect(messageOf(enter({ quantity }))).toBe(message);
      expect(messageOf(exit({ quantity }))).toBe(message);
    },
  );

  it.each([
    { type: 'market' },
    { type: 'market', timeInForce: 'ioc' },
    { type: 'limit', limitPrice: 99, timeInForce: 'fok' },
    { type: 'limit', limitPrice: 99, timeInForce: 'gtd', expiresAt: BAR.closeTime + 1 },
    { type: 'stop', stopPrice: 101, timeInForce: 'day' },
    { type: 'stop_limit', stopPrice: 101, limitPrice: 102 },
    { type: 'trailing_stop', trail: { kind: 'distance', distance: 500 } },
    { type: 'trailing_stop', trail: { kind: 'fraction', fraction: 0.5 }, timeInForce: 'gtc' },
  ])('passes as %o', (order) => {
    expect(messageOf((context) => [enter({ order })(context), 0])).toContain('was "0"');
    const fixture = new HostFixture(hosted(deciding(ordered(order))));
    const { timeInForce = null, expiresAt = null, ...pricing } = { ...order };
    expect(fixture.close(BAR)).toMatchObject([
      { terms: { pricing, timeInForce, expiresAt, quantity: null } },
    ]);
  });
});

describe('the rest of an entry', () => {
  it.each([
    ['', 'a oneCancelsOther name of 1 to 64 characters was expected, was ""'],
    ['x'.repeat(65), 'a oneCancelsOther name of 1 to 64 characters'],
    [7, 'a oneCancelsOther name of 1 to 64 characters was expected, was "7"'],
  ])('refuses the group %s', (oneCancelsOther, message) => {
    expect(messageOf(enter({ oneCancelsOther }))).toContain(message);
  });

  it('refuses a stop-loss in percent, and no take-profit above the price of the entry', () => {
    const level = (fraction: number) => ({ kind: 'fraction', fraction });
    expect(messageOf(enter({ protection: { stopLoss: level(5) } }))).toContain(
      'a stop-loss fraction below 1 (0.05 is 5 %) was expected, was "5"',
    );
    const fixture = new HostFixture(
      hosted(deciding(enter({ protection: { takeProfit: level(5) } }))),
    );
    fixture.close(BAR);
    expect(fixture.signals).toHaveLength(1);
  });

  it('refuses a take-profit that trails, and a trailing stop in percent', () => {
    const trailing = { kind: 'trailing_fraction', fraction: 0.1 };
    expect(messageOf(enter({ protection: { takeProfit: trailing } }))).toContain(
      'a take-profit kind (price, distance, fraction, toward) was expected, was "trailing_fraction"',
    );
    expect(messageOf(enter({ protection: { stopLoss: { ...trailing, fraction: 3 } } }))).toContain(
      'a stop-loss fraction below 1 (0.05 is 5 %) was expected, was "3"',
    );
    expect(
      messageOf(enter({ protection: { stopLoss: { kind: 'price', distance: 3 } } })),
    ).toContain('a positive, finite stop-loss price was expected, was "undefined"');
    const both = { kind: 'price', price: 90, fraction: 0.1 };
    expect(messageOf(enter({ protection: { stopLoss: both } }))).toContain(
      'a stop-loss with kind and price was expected, was "one with fraction"',
    );
  });

  it.each([
    [
      { stopLoss: { kind: 'price', price: 90 } },
      'threw: context.enter: fields among reason, rules, side, order, quantity, oneCancelsOther, ' +
        'confidence, protection was expected, was "stopLoss"',
    ],
    [{ size: 1 }, 'was expected, was "size"'],
    [
      { protection: { stop: { kind: 'price', price: 90 } } },
      'context.enter: protection: fields among stopLoss, takeProfit was expected, was "stop"',
    ],
  ])('refuses a field nobody reads: %o', (values, message) => {
    expect(messageOf(enter(values))).toContain(message);
  });
});

describe('a wish about an order', () => {
  const ORDER = 'an order of context.orders, or its id, was expected, was ';
  const change = { reason: 'x', limitPrice: 98 };

  it.each([
    [undefined, '"undefined"'],
    [null, '"null"'],
    [1, '"1"'],
    ['my order', '"my order"'],
    ['no1', '"no1"'],
    [{ price: 1 }, '"an object with price"'],
    [{ id: 'p1' }, '"p1"'],
  ])('names something that is none: %s', (order, shown) => {
    expect(messageOf(({ cancel }) => cancel(order, { reason: 'x' }))).toBe(BAD + ORDER + shown);
    expect(messageOf(({ replace }) => replace(order, change))).toBe(BAD + ORDER + shown);
  });

  it('takes the order or its id', () => {
    for (const order of ['o12', { id: 'o12', type: 'limit' }]) {
      const both = deciding(({ cancel, replace }) => [
        cancel(order, { reason: 'x' }),
        replace(order, change),
      ]);
      expect(new HostFixture(hosted(both)).close(BAR)).toMatchObject([
        { intent: 'cancel', orderId: 'o12' },
        { intent: 'replace', orderId: 'o12', changes: { limitPrice: 98, quantity: null } },
      ]);
    }
  });

  it.each([
    [{}, 'a quantity, limitPrice, stopPrice or trail to change was expected, was "none of them"'],
    [{ quantity: -2 }, 'a positive, finite quantity was expected, was "-2"'],
    [{ limitPrice: NaN }, 'a positive, finite limitPrice was expected, was "NaN"'],
    [{ stopPrice: '9' }, 'a positive, finite stopPrice was expected, was "9"'],
    [{ trail: { kind: 'fraction', fraction: 1 } }, 'a trail fraction below 1'],
    [{ price: 9 }, 'context.replace: fields among reason, rules, quantity, limitPrice,'],
  ])('to replace it needs changes that can be made: %o', (changes, message) => {
    const decide = ({ replace }: Loose) => replace('o1', { reason: 'x', ...changes });
    expect(messageOf(decide)).toContain(message);
  });

  it('without a reason is refused', () => {
    expect(messageOf(({ cancel }) => cancel('o1'))).toBe(
      `${AT} threw: context.cancel: an object with a reason as second argument was expected, ` +
        'was "undefined"',
    );
    expect(messageOf(({ enter: bare }) => bare())).toBe(
      `${AT} threw: context.enter: an object with a reason was expected, was "undefined"`,
    );
    expect(messageOf(({ cancel }) => cancel('o1', {}))).toBe(
      `${BAD}a reason in words was expected, was "undefined"`,
    );
  });
});

describe('a wish to protect', () => {
  it.each([
    [{}, 'a stopLoss or takeProfit to change was expected, was "neither"'],
    [{ stopLoss: { kind: 'distance', distance: 0 } }, 'a positive, finite stop-loss distance'],
    [{ takeProfit: 'keep it' }, 'a take-profit level such as'],
    [{ stopLoss: 0.05 }, "a stop-loss level such as { kind: 'fraction', fraction: 0.02 }"],
  ])('needs a leg that can be made: %o', (legs, message) => {
    expect(messageOf(({ protect }) => protect({ reason: 'x', ...legs }))).toContain(message);
  });

  it('keeps, removes or moves each leg', () => {
    const decide = ({ protect }: Loose) => protect({ reason: 'x', stopLoss: null });
    expect(new HostFixture(hosted(deciding(decide))).close(BAR)).toMatchObject([
      { intent: 'protect', stopLoss: null, takeProfit: 'keep' },
    ]);
  });
});

describe('what is no decision', () => {
  it('is named, with what to write instead', () => {
    expect(messageOf(() => undefined)).toBe(
      `${BAD}a signal, a list of signals or null was expected, was "undefined"; ` +
        'write "return null" where there is nothing to do',
    );
  });

  it.each([
    [false, 'was "false"'],
    ['buy', 'was "buy"'],
    [() => null, 'was "a function"'],
    [new Map(), 'was "undefined"'],
    [Object.create(null), 'was "undefined"'],
    [[[]], 'was "a list of 0"'],
  ])('is shown whatever it is: %s', (decision, shown) => {
    expect(messageOf(() => decision)).toContain(shown);
  });

  it('is a promise, whose own failure nobody waits for', () => {
    const failing = () => Promise.reject(new Error('later'));
    expect(messageOf(failing)).toBe(
      `${BAD}a signal, a list of signals or null was expected, was "a promise (onBar must not be ` +
        'async)"',
    );
  });

  it('is a list without end', () => {
    const many = ({ exit: leave }: Loose) =>
      Array.from({ length: 1_001 }, () => leave({ reason: 'x' }));
    expect(messageOf(many)).toBe(`${BAD}at most 1000 signals was expected, was "1001"`);
  });

  it.each([
    ['a word', 'threw: a word'],
    [undefined, 'threw: undefined'],
    [Symbol('odd'), 'threw: Symbol(odd)'],
    [{ code: 7 }, 'threw: an object with code'],
    [Object.create(null), 'threw: an object without fields'],
    [new TypeError('no such thing'), 'threw: no such thing'],
  ])('is anything thrown: %s', (thrown, message) => {
    const decide = () => {
      throw thrown;
    };
    expect(messageOf(decide)).toBe(`${AT} ${message}`);
  });

  it('is a change of the bar', () => {
    const strategy = defineStrategy({
      id: 'scripted',
      params: z.strictObject({}),
      create: () => ({ onBar: (bar) => (Reflect.set(bar, 'close', 1) ? null : null) }),
    });
    const fixture = new HostFixture(hosted(strategy));
    const bar = barAt(1, { close: 100 });
    fixture.close(bar);
    expect(bar.close).toBe(100);
  });
});
