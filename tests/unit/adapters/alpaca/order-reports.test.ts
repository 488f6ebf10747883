import { trading } from '@alpacahq/alpaca-trade-api/rest';
import { describe, expect, it } from 'vitest';
import { readOrder, readOrders } from '../../../../src/adapters/alpaca/order-reports.ts';
import { ExchangeError } from '../../../../src/core/errors.ts';
import { orderRow } from './wire-rows.ts';

const statusOf = (row: object) => readOrder({ ...orderRow(), ...row }).report.status;

describe('a status', () => {
  it.each([
    ['new', 'open'],
    ['accepted', 'open'],
    ['pending_new', 'open'],
    ['accepted_for_bidding', 'open'],
    ['held', 'open'],
    ['partially_filled', 'open'],
    ['done_for_day', 'open'],
    ['stopped', 'open'],
    ['suspended', 'open'],
    ['pending_replace', 'open'],
    ['pending_cancel', 'pending-cancel'],
    ['canceled', 'canceled'],
    ['expired', 'expired'],
    ['rejected', 'rejected'],
    ['replaced', 'unclear'],
    ['calculated', 'unclear'],
  ])('%s is %s', (status, meant) => {
    expect(statusOf({ status })).toBe(meant);
  });

  it('of every kind the client knows has a row of its own', () => {
    const known = Object.values(trading.OrderStatus).filter(
      (status) => !['replaced', 'calculated'].includes(status),
    );
    const whole = { filled_qty: '2', qty: '2' };
    expect(known.filter((status) => statusOf({ ...whole, status }) === 'unclear')).toEqual([]);
  });

  it.each([['pending_review'], ['FILLED'], ['__proto__'], ['constructor'], [''], [7], [null]])(
    '%j is unclear, and never open',
    (status) => {
      expect(statusOf({ status })).toBe('unclear');
    },
  );
});

describe('an end that says nothing of what was filled (F20)', () => {
  it.each([
    ['filled', null],
    ['filled', undefined],
    ['filled', '0'],
    ['filled', '1.999'],
    ['filled', 'two'],
    ['filled', '-2'],
    ['canceled', null],
    ['canceled', '-1'],
    ['expired', 'NaN'],
  ])('%s with %s of 2 is unclear', (status, filled) => {
    expect(statusOf({ status, filled_qty: filled, qty: '2' })).toBe('unclear');
  });

  it('filled of nobody knows how much is unclear', () => {
    expect(statusOf({ status: 'filled', filled_qty: '2', qty: null })).toBe('unclear');
  });

  it.each([
    ['filled', '2', 'filled'],
    ['canceled', '0', 'canceled'],
    ['canceled', '1.5', 'canceled'],
    ['expired', '0', 'expired'],
  ])('%s with %s of 2 is %s', (status, filled, meant) => {
    expect(statusOf({ status, filled_qty: filled, qty: '2' })).toBe(meant);
  });

  it('more than was ordered is shown as it is (F29)', () => {
    const { report } = readOrder({ ...orderRow(), status: 'filled', filled_qty: '3', qty: '2' });
    expect([report.status, String(report.filled), String(report.quantity)]).toEqual([
      'filled',
      '3',
      '2',
    ]);
  });
});

describe('an order', () => {
  it('ended when it was filled, canceled, expired, failed or replaced', () => {
    const ends = ['filled_at', 'canceled_at', 'expired_at', 'failed_at', 'replaced_at'];
    const time = '2026-06-10T12:00:00.5Z';
    expect(ends.map((field) => readOrder({ ...orderRow(), [field]: time }).endedAt)).toEqual(
      ends.map(() => Date.parse(time)),
    );
  });

  it.each([
    ['an object', null],
    ['an object', []],
    ['an id', { ...orderRow(), id: 12 }],
    ['an id', { ...orderRow(), id: '' }],
    ['a symbol', { ...orderRow(), symbol: null }],
  ])('without %s is none', (what, row) => {
    expect(() => readOrder(row)).toThrow(ExchangeError);
    expect(() => readOrder(row)).toThrow(`${what} was expected`);
  });

  it('has nothing where nothing was said', () => {
    expect(readOrder({ id: 'a', symbol: 'AAPL' }).report).toEqual({
      clientId: null,
      venueId: 'a',
      symbol: 'AAPL',
      side: null,
      status: 'unclear',
      statusText: 'none',
      quantity: null,
      filled: null,
      averagePrice: null,
      updatedAt: null,
    });
  });
});

describe('a list of orders', () => {
  const idsOf = (rows: unknown) => readOrders(rows).map(({ report }) => report.venueId);

  it('shows the legs of an order beside it, each once', () => {
    const leg = orderRow({ id: 'leg' });
    expect(idsOf([orderRow({ id: 'head', legs: [leg] }), leg])).toEqual(['head', 'leg']);
  });

  it('leaves out options and orders of several legs', () => {
    const option = orderRow({ id: 'option', asset_class: 'us_option' });
    const legs = { id: 'm', symbol: null, order_class: 'mleg', legs: [option] };
    expect(idsOf([option, legs, orderRow({ id: 'share' })])).toEqual(['share']);
  });

  it.each([[null], [{}], ['[]'], [[null]], [[[]]], [[{ symbol: 'AAPL' }]]])(
    '%j is none: a list is all there is, or nothing',
    (answer) => {
      expect(() => readOrders(answer)).toThrow(ExchangeError);
    },
  );
});
