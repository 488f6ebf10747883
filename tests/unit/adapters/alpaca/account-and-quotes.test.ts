import { describe, expect, it } from 'vitest';
import { readBalances, readIdentity } from '../../../../src/adapters/alpaca/account-state.ts';
import { readFee, readFill, inOrder } from '../../../../src/adapters/alpaca/fill-activities.ts';
import { readQuotes } from '../../../../src/adapters/alpaca/latest-quotes.ts';
import { readSession } from '../../../../src/adapters/alpaca/market-session.ts';
import { ExchangeError } from '../../../../src/core/errors.ts';
import { accountRow, feeRow, fillRow, positionRow } from './wire-rows.ts';

describe('an account', () => {
  it.each([
    [{}, true],
    [{ trading_blocked: true }, false],
    [{ account_blocked: true }, false],
    [{ trade_suspended_by_user: true }, false],
    [{ status: 'ACCOUNT_CLOSED' }, false],
    [{ status: null }, null],
  ])('with %j may trade: %s', (change, mayTrade) => {
    expect(readIdentity(accountRow(change)).mayTrade).toBe(mayTrade);
  });

  it('may surely send nothing away where its transfers are blocked', () => {
    expect(readIdentity(accountRow()).mayWithdraw).toBeNull();
    expect(readIdentity(accountRow({ transfers_blocked: true })).mayWithdraw).toBe(false);
  });

  it('is known by its number, else by its id, else not at all', () => {
    expect(readIdentity(accountRow()).accountId).toBe('PA3ABCDEFGHI');
    expect(readIdentity(accountRow({ account_number: null })).accountId).toMatch(/^e6fe16f3/);
    expect(() => readIdentity({})).toThrow(ExchangeError);
  });
});

describe('balances', () => {
  const textsOf = (account: unknown, positions: unknown) =>
    readBalances(account, positions).map(({ currency, total, free }) =>
      [currency, total, free].join(' '),
    );

  it('name coins and shares, short ones below zero, and leave out options', () => {
    const positions = [
      positionRow(),
      positionRow({ symbol: 'BTCUSD', asset_class: 'crypto', qty: '0.9975', qty_available: '0.5' }),
      positionRow({ symbol: 'TSLA', qty: '-3', qty_available: '-3', side: 'short' }),
      positionRow({ symbol: 'AAPL240119C00100000', asset_class: 'us_option' }),
    ];
    expect(textsOf(accountRow(), positions)).toEqual([
      'USD 1000.5 900.25',
      'AAPL 5 4',
      'BTC 0.9975 0.5',
      'TSLA -3 -3',
    ]);
  });

  it.each([
    [{ cash: '-50', non_marginable_buying_power: '0' }, 'USD -50 0'],
    [{ non_marginable_buying_power: '5000' }, 'USD 1000.5 1000.5'],
    [{ non_marginable_buying_power: '-10' }, 'USD 1000.5 0'],
    [{ non_marginable_buying_power: null }, 'USD 1000.5 1000.5'],
  ])('of cash with %j are %s', (change, text) => {
    expect(textsOf(accountRow(change), [])).toEqual([text]);
  });

  it.each([
    ['no account', null, []],
    ['no cash', accountRow({ cash: null }), []],
    ['cash of no number', accountRow({ cash: '1e400' }), []],
    ['no list', accountRow(), null],
    ['a position of nothing', accountRow(), [null]],
    ['a position without a quantity', accountRow(), [positionRow({ qty: null })]],
    ['a position without a name', accountRow(), [positionRow({ symbol: '' })]],
  ])('fail for %s: half an account is none', (_, account, positions) => {
    expect(() => readBalances(account, positions)).toThrow(ExchangeError);
  });
});

describe('a fill', () => {
  const ANY = () => true;

  it.each([
    ['a symbol', { symbol: null }],
    ['an order', { order_id: null }],
    ['a side', { side: 'hold' }],
    ['a time', { transaction_time: 1_718_035_200 }],
    ['a quantity', { qty: '0' }],
    ['a quantity', { qty: '-1' }],
    ['a price', { price: null }],
    ['a price', { price: '0' }],
  ])('without %s fails the list', (what, change) => {
    expect(() => readFill({ id: 'f', ...fillRow(change) }, ANY)).toThrow(
      `${what} was expected for a fill`,
    );
  });

  it('of a symbol that does not concern us may be anything', () => {
    expect(
      readFill({ id: 'f', ...fillRow({ symbol: 'XYZ', price: null }) }, (each) => each === 'AAPL'),
    ).toBeNull();
  });

  it('within one millisecond comes as its order filled', () => {
    const read = (id: string, cumulative: string) => {
      const fill = readFill({ ...fillRow({ cum_qty: cumulative }), id }, ANY);
      if (fill === null) throw new Error('a fill was expected');
      return fill;
    };
    const sorted = inOrder([read('b', '970'), read('c', '1000'), read('a', '869')]);
    expect(sorted.map(({ trade }) => trade.tradeId)).toEqual(['a', 'b', 'c']);
  });
});

describe('a posted fee', () => {
  it('is of the coin, or of dollars', () => {
    const shown = (change: object) => {
      const fee = readFee({ ...feeRow(change) });
      return fee === null ? null : [fee.date, fee.amount, fee.currency].join(' ');
    };
    expect(shown({})).toBe('2022-08-12 0.000195 ETH');
    expect(shown({ symbol: 'ETH/USD' })).toBe('2022-08-12 0.000195 ETH');
    expect(shown({ qty: '0', net_amount: '-0.25' })).toBe('2022-08-12 0.25 USD');
    expect(shown({ qty: null, symbol: null, net_amount: '-0.25' })).toBe('2022-08-12 0.25 USD');
    expect(shown({ qty: '0', net_amount: '-0.25', activity_type: 'FEE' })).toBe(
      '2022-08-12 0.25 USD',
    );
  });

  it.each([
    [{ activity_type: 'FEE', symbol: 'AAPL', qty: null, net_amount: '-0.02' }],
    [{ activity_type: 'FEE', symbol: null, net_amount: '-0.02' }],
    [{ date: null }],
    [{ date: '2022-13-45' }],
    [{ qty: '0.1' }],
    [{ qty: 'x', net_amount: '5' }],
  ])('is none of ours: %j', (change) => {
    expect(readFee({ ...feeRow(change) })).toBeNull();
  });
});

describe('quotes', () => {
  const row = { t: '2026-06-10T16:00:00Z', bp: 199.96, ap: 200.04, bs: 1, as: 2 };

  it.each([
    [{ bp: 0 }],
    [{ ap: 0 }],
    [{ bp: null }],
    [{ ap: 'NaN' }],
    [{ bp: -1 }],
    [{ bp: 201 }],
    [{ t: null }],
    [{ ap: Infinity }],
  ])('with %j are left out', (change) => {
    expect(readQuotes({ quotes: { AAPL: { ...row, ...change } } }, ['AAPL'])).toEqual([]);
  });

  it('are those asked for', () => {
    const quotes = { AAPL: row, MSFT: row, __proto__: row };
    expect(readQuotes({ quotes }, ['MSFT', 'toString'])).toEqual([
      { symbol: 'MSFT', bid: 199.96, ask: 200.04, time: Date.parse(row.t) },
    ]);
  });

  it.each([[null], [{}], [{ quotes: [] }], ['{}']])('%j are none', (answer) => {
    expect(() => readQuotes(answer, ['AAPL'])).toThrow(ExchangeError);
  });
});

describe('a session', () => {
  const clock = {
    timestamp: '2026-06-10T12:00:00.123-04:00',
    is_open: true,
    next_open: '2026-06-11T09:30:00-04:00',
    next_close: '2026-06-10T16:00:00-04:00',
  };

  it('has its times in UTC', () => {
    expect(readSession(clock)).toEqual({
      time: Date.parse('2026-06-10T16:00:00.123Z'),
      isOpen: true,
      nextOpen: Date.parse('2026-06-11T13:30:00Z'),
      nextClose: Date.parse('2026-06-10T20:00:00Z'),
    });
  });

  it.each([['timestamp'], ['is_open'], ['next_open'], ['next_close']])(
    'without its %s is none',
    (field) => {
      expect(() => readSession({ ...clock, [field]: null })).toThrow(ExchangeError);
    },
  );
});
