import { describe, expect, it } from 'vitest';
import { BINANCE } from '../../../../../src/adapters/ccxt/account/binance-account.ts';
import { Decimal } from '../../../../../src/core/decimal.ts';
import { ExchangeError } from '../../../../../src/core/errors.ts';
import type { VenueOrder } from '../../../../../src/ports/exchange-account.ts';
import { orderFor } from '../../../../integration/conformance/case-orders.ts';
import { marketBook, scriptedWire, TEST_NOW } from './scripted-wire.ts';

const BOOK = marketBook('BTCUSD', 'BTCUSD', ['LIMIT', 'MARKET', 'STOP_LOSS_LIMIT']);
const STOPS = marketBook('BTCUSD', 'BTCUSD', ['STOP_LOSS', 'STOP_LOSS_LIMIT']);
const REF = { clientId: 'qsone', venueId: '9007199254740993', symbol: 'BTC/USD' };
const STOP = { type: 'stop', stopPrice: Decimal.parse('55000') } as const;

function requestOf(order: VenueOrder, book = BOOK) {
  const market = book.bySymbol('BTC/USD');
  if (market === null) throw new Error('a market was expected');
  return BINANCE.orderRequest(order, market, TEST_NOW)?.params ?? null;
}

/** As it comes over the wire: an id that no double holds, as bare digits. */
function order(change: Readonly<Record<string, unknown>> = {}, id = '9007199254740993'): string {
  const fields = {
    symbol: 'BTCUSD',
    clientOrderId: 'qsone',
    price: '50000.00000000',
    origQty: '0.20000000',
    executedQty: '0.00000000',
    cummulativeQuoteQty: '0.00000000',
    status: 'NEW',
    type: 'LIMIT',
    side: 'BUY',
    time: TEST_NOW - 5000,
    updateTime: TEST_NOW - 1000,
    ...change,
  };
  return `{"orderId":${id},${JSON.stringify(fields).slice(1)}`;
}

function trade(id: string, change: Readonly<Record<string, unknown>> = {}): string {
  const fields = {
    symbol: 'BTCUSD',
    price: '50000.00000000',
    qty: '0.10000000',
    commission: '0.00010000',
    commissionAsset: 'BTC',
    time: TEST_NOW - 1000,
    isBuyer: true,
    isMaker: false,
    ...change,
  };
  return `{"id":${id},"orderId":9007199254740993,${JSON.stringify(fields).slice(1)}`;
}

describe('orders for Binance', () => {
  it('carry our id, a window, and ask for no more than a receipt', () => {
    const market = orderFor({ symbol: 'BTC/USD' }, 'qsone', { type: 'market' });
    expect(requestOf(market)).toEqual({
      symbol: 'BTCUSD',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.01',
      newClientOrderId: 'qsone',
      newOrderRespType: 'ACK',
      recvWindow: 10_000,
    });
  });

  it('stop without a limit where the market has such orders, else with one well behind', () => {
    const stop = orderFor({ symbol: 'BTC/USD' }, 'qsone', STOP, { side: 'sell' });
    expect(requestOf(stop, STOPS)).toMatchObject({ type: 'STOP_LOSS', stopPrice: '55000' });
    expect(requestOf(stop, STOPS)).not.toHaveProperty('price');
    expect(requestOf(stop)).toMatchObject({
      type: 'STOP_LOSS_LIMIT',
      stopPrice: '55000',
      price: '52250',
      timeInForce: 'GTC',
    });
  });

  it('of a time in force it does not have are none', () => {
    const change = { timeInForce: 'gtd', expiresAt: TEST_NOW } as const;
    expect(requestOf(orderFor({ symbol: 'BTC/USD' }, 'qsone', undefined, change))).toBeNull();
  });
});

describe('what Binance answers to an order', () => {
  it('names it, digit by digit', () => {
    const answer = { orderId: '9007199254740993', clientOrderId: 'qsone' };
    expect(BINANCE.placement(answer)).toEqual({ venueId: REF.venueId, clientId: 'qsone' });
  });

  it.each([{}, [], null, { orderId: null }])('names none in %j', (answer) => {
    expect(BINANCE.placement(answer).venueId).toBeNull();
  });

  it.each([
    [-2010, 'Account has insufficient balance for requested action.', 'funds'],
    [-1013, 'Filter failure: NOTIONAL', 'filter'],
    [-1111, 'Precision is over the maximum defined for this asset.', 'filter'],
    [-1121, 'Invalid symbol.', 'market'],
    [-2010, 'Market is closed.', 'market'],
    [-2015, 'Invalid API-key, IP, or permissions for action.', 'auth'],
    [-1022, 'Signature for this request is not valid.', 'auth'],
    [-1015, 'Too many new orders; current limit is 50 orders per 10 SECOND.', 'rate'],
    [-1021, 'Timestamp for this request is outside of the recvWindow.', 'other'],
    [-1102, "Mandatory parameter 'price' was not sent.", 'other'],
    [-2010, 'Stop price would trigger immediately.', 'other'],
    [-2010, 'Duplicate order sent.', undefined],
    [-1000, 'An unknown error occurred while processing the request.', undefined],
    [-1001, 'Internal error; unable to process your request. Please try again.', undefined],
    [-1003, 'Too much request weight used.', undefined],
    [-1006, 'An unexpected response was received. Execution status unknown.', undefined],
    [-1007, 'Timeout waiting for response. Send status unknown.', undefined],
  ])('proves with %i "%s": %s', (code, msg, cause) => {
    const body = JSON.stringify({ code, msg });
    expect(BINANCE.refusals.find(({ words }) => words.test(body))?.cause).toBe(cause);
  });
});

describe('an order at Binance', () => {
  it.each([
    ['PENDING_NEW', '0', 'open'],
    ['NEW', '0', 'open'],
    ['PARTIALLY_FILLED', '0.1', 'open'],
    ['PENDING_CANCEL', '0', 'pending-cancel'],
    ['FILLED', '0.2', 'filled'],
    ['CANCELED', '0.1', 'canceled'],
    ['CANCELLED', '0.1', 'canceled'],
    ['REJECTED', '0', 'rejected'],
    ['EXPIRED', '0', 'expired'],
    ['EXPIRED_IN_MATCH', '0.1', 'expired'],
    ['FILLED', '0', 'unclear'],
    ['FILLED', undefined, 'unclear'],
    ['S', '0', 'unclear'],
    ['__proto__', '0', 'unclear'],
  ])('that is %s with %s filled is %s', async (status, executedQty, meaning) => {
    const report = await BINANCE.find(scriptedWire(BOOK, order({ status, executedQty })), REF);
    expect(report).toMatchObject({ status: meaning, statusText: status, venueId: REF.venueId });
  });

  it('has the average of what it cost', async () => {
    const filled = order({ executedQty: '0.1', cummulativeQuoteQty: '5000.5' });
    const report = await BINANCE.find(scriptedWire(BOOK, filled), REF);
    expect(report?.averagePrice?.toString()).toBe('50005');
  });

  it('is shown as told, also where more was filled than was ordered', async () => {
    const over = order({ executedQty: '0.3', status: 'FILLED' });
    const report = await BINANCE.find(scriptedWire(BOOK, over), REF);
    expect(report?.filled?.toString()).toBe('0.3');
    expect(report?.quantity?.toString()).toBe('0.2');
  });

  it('is asked for by its id, or by ours', async () => {
    const wire = scriptedWire(BOOK, order(), order());
    await BINANCE.find(wire, REF);
    await BINANCE.find(wire, { ...REF, venueId: null });
    expect(wire.calls.map(({ params }) => params)).toMatchObject([
      { orderId: REF.venueId },
      { origClientOrderId: 'qsone' },
    ]);
  });
});

describe('lists of Binance', () => {
  it('are read symbol by symbol while these are few, and at once when they are many', async () => {
    const few = scriptedWire(BOOK, `[${order()}]`);
    await BINANCE.openOrders(few, ['BTC/USD']);
    expect(few.calls.map(({ params }) => params['symbol'])).toEqual(['BTCUSD']);
    const many = scriptedWire(BOOK, `[${order()},${order({ symbol: 'ETHUSD' })}]`);
    const symbols = ['BTC/USD', ...Array.from({ length: 20 }, (_, n) => `C${n}/USD`)];
    expect(await BINANCE.openOrders(many, symbols)).toHaveLength(1);
    expect(many.calls.map(({ params }) => params['symbol'])).toEqual([undefined]);
  });

  it('go on by ids after the first page, beyond what a double counts', async () => {
    const ids = Array.from({ length: 1000 }, (_, n) => String(9_007_199_254_740_993n + BigInt(n)));
    const page = `[${ids.map((id) => trade(id)).join(',')}]`;
    const wire = scriptedWire(BOOK, page, `[${trade('9007199254750000')}]`);
    const trades = await BINANCE.trades(wire, ['BTC/USD'], TEST_NOW - 60_000);
    expect(trades).toHaveLength(1001);
    expect(wire.calls.map(({ params }) => [params['startTime'], params['fromId']])).toEqual([
      [TEST_NOW - 60_000, undefined],
      [undefined, '9007199254741993'],
    ]);
  });

  it('of closed orders begin before the time asked for, and hold what ended since', async () => {
    const since = TEST_NOW - 60_000;
    const rows = [
      order({ status: 'FILLED', executedQty: '0.2', updateTime: since - 1 }, '1'),
      order({ status: 'FILLED', executedQty: '0.2', updateTime: since }, '2'),
      order({ status: 'NEW' }, '3'),
    ];
    const wire = scriptedWire(BOOK, `[${rows.join(',')}]`);
    const closed = await BINANCE.closedOrders(wire, ['BTC/USD'], since);
    expect(closed.map(({ venueId }) => venueId)).toEqual(['2']);
    expect(wire.calls[0]?.params['startTime']).toBeLessThan(since);
  });

  it.each(['null', '{}', '[null]', '[{"symbol":"BTCUSD"}]'])(
    'that are %s are none',
    async (body) => {
      const wire = scriptedWire(BOOK, body);
      await expect(BINANCE.openOrders(wire, ['BTC/USD'])).rejects.toMatchObject({
        kind: 'bad-response',
      });
    },
  );
});

describe('trades at Binance', () => {
  async function first(change: Readonly<Record<string, unknown>>) {
    const wire = scriptedWire(BOOK, `[${trade('1', change)}]`);
    return (await BINANCE.trades(wire, ['BTC/USD'], TEST_NOW - 60_000))[0];
  }

  it.each([
    ['BTC', 'BTC'],
    ['USD', 'USD'],
    ['BNB', 'BNB'],
  ])('have their fee in %s', async (commissionAsset, currency) => {
    const told = await first({ commissionAsset });
    expect(told?.fee?.currency).toBe(currency);
    expect(told?.fee?.amount.toString()).toBe('0.0001');
  });

  it.each([
    { commission: undefined },
    { commissionAsset: undefined },
    { commissionAsset: null },
    { commission: 'NaN' },
  ])('have no fee with %j', async (change) => {
    expect(await first(change)).toMatchObject({ fee: null });
  });

  it.each([{ time: 1_795_780 }, { price: 0 }, { qty: -1 }, { price: '1e400' }])(
    'with %j spoil the list',
    async (change) => {
      await expect(first(change)).rejects.toMatchObject({ kind: 'bad-response' });
    },
  );
});

describe('an account at Binance', () => {
  const account = (change: object = {}) =>
    JSON.stringify({
      uid: 354_937_868,
      canTrade: true,
      canWithdraw: true,
      balances: [{ asset: 'BTC', free: '1.5', locked: '0.5' }],
      ...change,
    });

  it('may do what its key may, not what its owner may', async () => {
    const key = JSON.stringify({ enableWithdrawals: false, enableSpotAndMarginTrading: true });
    expect(await BINANCE.identify(scriptedWire(BOOK, account(), key))).toEqual({
      accountId: '354937868',
      mayTrade: true,
      mayWithdraw: false,
    });
  });

  it('may trade no more than its owner may', async () => {
    const key = JSON.stringify({ enableWithdrawals: true, enableSpotAndMarginTrading: true });
    const wire = scriptedWire(BOOK, account({ canTrade: false }), key);
    expect(await BINANCE.identify(wire)).toMatchObject({ mayTrade: false, mayWithdraw: true });
  });

  it('has unknown rights where the venue does not tell them, and none where it is away', async () => {
    const asking = (kind: 'rejected' | 'network') => {
      const wire = scriptedWire(BOOK, account());
      return {
        ...wire,
        ask: async (...asked: Parameters<typeof wire.ask>) => {
          if (wire.calls.length > 0) throw new ExchangeError('no', { kind });
          return wire.ask(...asked);
        },
      };
    };
    expect(await BINANCE.identify(asking('rejected'))).toMatchObject({ mayWithdraw: null });
    await expect(BINANCE.identify(asking('network'))).rejects.toMatchObject({ kind: 'network' });
  });

  it('has what is free and what is locked together', async () => {
    const [balance] = await BINANCE.balances(scriptedWire(BOOK, account()));
    expect([balance?.total.toString(), balance?.free.toString()]).toEqual(['2', '1.5']);
  });
});
