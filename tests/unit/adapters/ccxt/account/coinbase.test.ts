import { describe, expect, it } from 'vitest';
import { COINBASE } from '../../../../../src/adapters/ccxt/account/coinbase-account.ts';
import { Decimal } from '../../../../../src/core/decimal.ts';
import type { VenueOrder } from '../../../../../src/ports/exchange-account.ts';
import { orderFor } from '../../../../integration/conformance/case-orders.ts';
import { marketBook, scriptedWire, TEST_NOW } from './scripted-wire.ts';

const BOOK = marketBook('BTC-USD', 'BTC-USD');
const REF = { clientId: 'qsone', venueId: 'o-1', symbol: 'BTC/USD' };

function requestOf(order: VenueOrder) {
  const market = BOOK.bySymbol('BTC/USD');
  if (market === null) throw new Error('a market was expected');
  return COINBASE.orderRequest(order, market, TEST_NOW)?.params ?? null;
}

function stop(side: 'buy' | 'sell') {
  const pricing = { type: 'stop', stopPrice: Decimal.parse('60000') } as const;
  return orderFor({ symbol: 'BTC/USD' }, 'qsone', pricing, { side });
}

/** An order as the documentation shows it. */
function order(change: object = {}): object {
  return {
    order_id: 'o-1',
    product_id: 'BTC-USD',
    user_id: '1111',
    order_configuration: { limit_limit_gtc: { base_size: '0.2', limit_price: '50000' } },
    side: 'BUY',
    client_order_id: 'qsone',
    status: 'OPEN',
    time_in_force: 'GOOD_UNTIL_CANCELLED',
    created_time: '2026-11-27T11:00:00.947030Z',
    completion_percentage: '0',
    filled_size: '0',
    average_filled_price: '0',
    fee: '',
    number_of_fills: '0',
    pending_cancel: false,
    total_fees: '0',
    reject_reason: 'REJECT_REASON_UNSPECIFIED',
    ...change,
  };
}

async function reported(change: object) {
  const wire = scriptedWire(BOOK, JSON.stringify({ order: order(change) }));
  return COINBASE.find(wire, REF);
}

describe('orders for Coinbase', () => {
  it('buy at the market by base_size, not by the money ccxt would have them spend', () => {
    const market = orderFor({ symbol: 'BTC/USD' }, 'qsone', { type: 'market' });
    expect(requestOf(market)).toEqual({
      client_order_id: 'qsone',
      product_id: 'BTC-USD',
      side: 'BUY',
      order_configuration: { market_market_ioc: { base_size: '0.01' } },
    });
  });

  it.each([
    ['gtc', { limit_limit_gtc: { base_size: '0.01', limit_price: '50000', post_only: false } }],
    ['ioc', { sor_limit_ioc: { base_size: '0.01', limit_price: '50000' } }],
    ['fok', { limit_limit_fok: { base_size: '0.01', limit_price: '50000' } }],
  ] as const)('with a limit are of the configuration for %s', (timeInForce, configuration) => {
    const limited = orderFor({ symbol: 'BTC/USD' }, 'qsone', undefined, { timeInForce });
    expect(requestOf(limited)).toMatchObject({ order_configuration: configuration });
  });

  it('until a time say it in words', () => {
    const change = { timeInForce: 'gtd', expiresAt: TEST_NOW } as const;
    const limited = orderFor({ symbol: 'BTC/USD' }, 'qsone', undefined, change);
    expect(requestOf(limited)).toMatchObject({
      order_configuration: { limit_limit_gtd: { end_time: '2026-11-27T12:00:00.000Z' } },
    });
  });

  it('stop a sale when the price falls and a buy when it rises, with a limit well behind', () => {
    expect(requestOf(stop('sell'))).toMatchObject({
      order_configuration: {
        stop_limit_stop_limit_gtc: {
          stop_price: '60000',
          limit_price: '57000',
          stop_direction: 'STOP_DIRECTION_STOP_DOWN',
        },
      },
    });
    expect(requestOf(stop('buy'))).toMatchObject({
      order_configuration: {
        stop_limit_stop_limit_gtc: {
          limit_price: '63000',
          stop_direction: 'STOP_DIRECTION_STOP_UP',
        },
      },
    });
  });
});

describe('what Coinbase answers to an order', () => {
  it('names it in the success, or beside it', () => {
    const within = { success: true, success_response: { order_id: 'o-1', client_order_id: 'qs' } };
    expect(COINBASE.placement(within)).toEqual({ venueId: 'o-1', clientId: 'qs' });
    expect(COINBASE.placement({ success: true, order_id: 'o-1' })).toEqual({
      venueId: 'o-1',
      clientId: null,
    });
  });

  it.each([
    ['no success', { success: false, order_id: 'o-1' }],
    ['an empty id', { success: true, order_id: '' }],
    ['nothing', {}],
    ['a list', []],
    ['null', null],
  ])('names no order where there is %s', (_, answer) => {
    expect(COINBASE.placement(answer).venueId).toBeNull();
  });

  it.each([
    ['INSUFFICIENT_FUND', 'funds'],
    ['PREVIEW_INSUFFICIENT_FUND', 'funds'],
    ['INVALID_SIZE_PRECISION', 'filter'],
    ['PREVIEW_INVALID_BASE_SIZE_TOO_SMALL', 'filter'],
    ['INVALID_LIMIT_PRICE', 'filter'],
    ['PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE', 'filter'],
    ['INVALID_PRODUCT_ID', 'market'],
    ['ORDER_ENTRY_DISABLED', 'market'],
    ['UNSUPPORTED_ORDER_CONFIGURATION', 'other'],
    ['PERMISSION_DENIED', 'auth'],
    ['UNKNOWN_FAILURE_REASON', undefined],
    ['COMMANDER_REJECTED_NEW_ORDER', undefined],
  ])('proves with %s: %s', (reason, cause) => {
    const body = JSON.stringify({ success: false, error_response: { error: reason } });
    expect(COINBASE.refusals.find(({ words }) => words.test(body))?.cause).toBe(cause);
  });
});

describe('what Coinbase answers to a cancel', () => {
  it.each([
    [{ results: [{ success: true, order_id: 'o-1' }] }, 'sent'],
    [{ results: [{ success: false, failure_reason: 'DUPLICATE_CANCEL_REQUEST' }] }, 'sent'],
    [{ results: [{ success: false, failure_reason: 'UNKNOWN_CANCEL_ORDER' }] }, 'not-open'],
    [{ results: [{ success: false, failure_reason: 'INVALID_CANCEL_REQUEST' }] }, 'not-open'],
    [{ results: [{ success: false, failure_reason: 'UNKNOWN_CANCEL_FAILURE_REASON' }] }, 'unknown'],
    [{ results: [] }, 'unknown'],
    [{}, 'unknown'],
  ])('%j is %s', (answer, kind) => {
    expect(COINBASE.cancellation(answer).kind).toBe(kind);
  });

  it('cannot be asked for without the id of its own', () => {
    const market = BOOK.bySymbol('BTC/USD');
    expect(market && COINBASE.cancelRequest({ ...REF, venueId: null }, market)).toBeNull();
  });
});

describe('an order at Coinbase', () => {
  it.each([
    ['PENDING', '0', 'open'],
    ['QUEUED', '0', 'open'],
    ['OPEN', '0.1', 'open'],
    ['CANCEL_QUEUED', '0', 'pending-cancel'],
    ['FILLED', '0.2', 'filled'],
    ['CANCELLED', '0.1', 'canceled'],
    ['EXPIRED', '0', 'expired'],
    // ccxt calls this one canceled.
    ['FAILED', '0', 'rejected'],
    ['UNKNOWN_ORDER_STATUS', '0', 'unclear'],
    ['FILLED', '0', 'unclear'],
    ['FILLED', '', 'unclear'],
    ['CANCELLED', '1e400', 'unclear'],
    ['NEVER_HEARD_OF', '0.2', 'unclear'],
    ['constructor', '0', 'unclear'],
  ])('that is %s with %s filled is %s', async (status, filled_size, meaning) => {
    expect(await reported({ status, filled_size })).toMatchObject({
      status: meaning,
      statusText: status,
    });
  });

  it('that is to be canceled says so beside its status', async () => {
    expect(await reported({ pending_cancel: true })).toMatchObject({ status: 'pending-cancel' });
  });

  it('has its quantity wherever its configuration keeps it, and none where it is of money', async () => {
    const stops = { stop_limit_stop_limit_gtc: { base_size: '0.3', limit_price: '1' } };
    const held = await reported({ order_configuration: stops });
    expect(held?.quantity?.toString()).toBe('0.3');
    const money = { market_market_ioc: { quote_size: '100' } };
    expect(await reported({ order_configuration: money })).toMatchObject({ quantity: null });
    expect(await reported({ order_configuration: null })).toMatchObject({ quantity: null });
  });

  it('keeps an average with more decimals than there are, cut', async () => {
    const report = await reported({ average_filled_price: '21220.63999999736976971234' });
    expect(report?.averagePrice?.toString()).toBe('21220.639999997369769712');
  });

  it('is looked for among the latest where its own id is not known', async () => {
    const answer = JSON.stringify({
      orders: [order({ client_order_id: 'other', order_id: 'o-0' }), order()],
      has_next: false,
      cursor: '',
    });
    const wire = scriptedWire(BOOK, answer);
    expect(await COINBASE.find(wire, { ...REF, venueId: null })).toMatchObject({ venueId: 'o-1' });
    expect(wire.calls[0]?.params).toMatchObject({ product_ids: ['BTC-USD'] });
  });

  it('of a product that is not listed goes by the name of the product', async () => {
    expect(await reported({ product_id: 'OLD-COIN' })).toMatchObject({ symbol: 'OLD-COIN' });
  });
});

describe('lists of Coinbase', () => {
  it('are read to the end, open ones of every status', async () => {
    const page = (id: string, cursor: string) =>
      JSON.stringify({ orders: [order({ order_id: id })], has_next: cursor !== '', cursor });
    const wire = scriptedWire(BOOK, page('o-1', ''), page('o-2', 'next'), page('o-3', ''));
    const open = await COINBASE.openOrders(wire, ['BTC/USD']);
    expect(open.map(({ venueId }) => venueId)).toEqual(['o-1', 'o-2', 'o-3']);
    expect(wire.calls.map(({ params }) => [params['order_status'], params['cursor']])).toEqual([
      [['PENDING', 'QUEUED', 'CANCEL_QUEUED'], undefined],
      [['OPEN'], undefined],
      [['OPEN'], 'next'],
    ]);
  });

  it('that go round in circles are none', async () => {
    const page = JSON.stringify({ orders: [order()], has_next: true, cursor: 'same' });
    const wire = scriptedWire(BOOK, page, page, page);
    await expect(COINBASE.openOrders(wire, [])).rejects.toMatchObject({ kind: 'bad-response' });
  });

  it.each(['{"orders":null}', '{}', '{"orders":[{"order_id":""}]}', '[]'])(
    'that are %s are none',
    async (body) => {
      await expect(COINBASE.openOrders(scriptedWire(BOOK, body), [])).rejects.toMatchObject({
        kind: 'bad-response',
      });
    },
  );
});

describe('trades at Coinbase', () => {
  function fill(change: object = {}): object {
    return {
      entry_id: 'e-1',
      trade_id: 't-1',
      order_id: 'o-1',
      trade_time: '2026-11-27T11:37:38.091377090Z',
      trade_type: 'FILL',
      price: '21220.64',
      size: '0.0046830664333996',
      commission: '0.0000280983986004',
      product_id: 'BTC-USD',
      liquidity_indicator: 'TAKER',
      size_in_quote: false,
      side: 'BUY',
      ...change,
    };
  }

  async function trades(...fills: readonly object[]) {
    const wire = scriptedWire(BOOK, JSON.stringify({ fills, cursor: '' }));
    return COINBASE.trades(wire, ['BTC/USD'], TEST_NOW - 86_400_000);
  }

  it('keep every digit, and the fee in the currency of the price', async () => {
    const [trade] = await trades(fill());
    expect(trade?.quantity.toString()).toBe('0.0046830664333996');
    expect(trade?.fee?.amount.toString()).toBe('0.0000280983986004');
    expect(trade).toMatchObject({
      tradeId: 't-1',
      venueOrderId: 'o-1',
      fee: { currency: 'USD' },
      liquidity: 'taker',
      time: Date.parse('2026-11-27T11:37:38.091Z'),
    });
  });

  it('sized in money have the quantity that the money bought', async () => {
    const [trade] = await trades(fill({ size: '100', price: '50000', size_in_quote: true }));
    expect(trade?.quantity.toString()).toBe('0.002');
  });

  it('have no fee where none is told, nor a liquidity where it is not known', async () => {
    const told = fill({ commission: '', liquidity_indicator: 'UNKNOWN_LIQUIDITY_INDICATOR' });
    expect(await trades(told)).toMatchObject([{ fee: null, liquidity: null }]);
  });

  it('that make no sense spoil the list', async () => {
    await expect(trades(fill({ price: '1e400' }))).rejects.toMatchObject({ kind: 'bad-response' });
    await expect(trades(fill({ size: '-1' }))).rejects.toMatchObject({ kind: 'bad-response' });
    await expect(trades(fill({ side: 'UNKNOWN' }))).rejects.toMatchObject({ kind: 'bad-response' });
    await expect(trades(fill({ trade_time: 1 }))).rejects.toMatchObject({ kind: 'bad-response' });
  });

  it('of other symbols are left out', async () => {
    expect(await trades(fill({ product_id: 'ETH-USD' }))).toEqual([]);
  });
});

describe('an account at Coinbase', () => {
  it('counts what is held, and accounts of one currency together', async () => {
    const account = (uuid: string, value: string, hold: string) => ({
      uuid,
      currency: 'USD',
      available_balance: { value, currency: 'USD' },
      hold: { value: hold, currency: 'USD' },
    });
    const first = { accounts: [account('a', '10.5', '2')], has_next: true, cursor: 'more' };
    const second = { accounts: [account('b', '1', '0')], has_next: false, cursor: '' };
    const wire = scriptedWire(BOOK, JSON.stringify(first), JSON.stringify(second));
    const [balance] = await COINBASE.balances(wire);
    expect(balance?.free.toString()).toBe('11.5');
    expect(balance?.total.toString()).toBe('13.5');
    expect(wire.calls[1]?.params['cursor']).toBe('more');
  });

  it('is the portfolio of the key; to transfer is to take money out', async () => {
    const said = { can_view: true, can_trade: true, can_transfer: true, portfolio_uuid: 'p-1' };
    expect(await COINBASE.identify(scriptedWire(BOOK, JSON.stringify(said)))).toEqual({
      accountId: 'p-1',
      mayTrade: true,
      mayWithdraw: true,
    });
  });

  it('reads the time to the millisecond, whether it comes as a number or as text', async () => {
    const wire = scriptedWire(BOOK, `{"epochMillis":${TEST_NOW}}`);
    expect(await COINBASE.serverTime(wire)).toBe(TEST_NOW);
    const text = scriptedWire(BOOK, `{"epochMillis":"${TEST_NOW}"}`);
    expect(await COINBASE.serverTime(text)).toBe(TEST_NOW);
  });

  it('shows no price of an empty book', async () => {
    const book = (bids: unknown[]) =>
      JSON.stringify({ pricebook: { bids, asks: [{ price: '2' }], time: '2026-11-27T12:00:00Z' } });
    expect(await COINBASE.quotes(scriptedWire(BOOK, book([])), ['BTC/USD'])).toEqual([]);
    const wire = scriptedWire(BOOK, book([{ price: '1.5' }]));
    expect(await COINBASE.quotes(wire, ['BTC/USD'])).toEqual([
      { symbol: 'BTC/USD', bid: 1.5, ask: 2, time: TEST_NOW },
    ]);
  });
});
