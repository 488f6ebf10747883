import { describe, expect, it } from 'vitest';
import { KRAKEN } from '../../../../../src/adapters/ccxt/account/kraken-account.ts';
import { Decimal } from '../../../../../src/core/decimal.ts';
import type { VenueOrder } from '../../../../../src/ports/exchange-account.ts';
import { orderFor } from '../../../../integration/conformance/case-orders.ts';
import { marketBook, scriptedWire, TEST_NOW } from './scripted-wire.ts';

const BOOK = marketBook('XXBTZUSD', 'XBTUSD');
const REF = { clientId: 'qsone', venueId: 'OABC-1', symbol: 'BTC/USD' };

function requestOf(order: VenueOrder) {
  const market = BOOK.bySymbol('BTC/USD');
  if (market === null) throw new Error('a market was expected');
  return KRAKEN.orderRequest(order, market, TEST_NOW)?.params ?? null;
}

/** An order as the documentation shows it. */
function order(change: object = {}): object {
  return {
    refid: null,
    userref: null,
    cl_ord_id: 'qsone',
    status: 'open',
    opentm: 1_795_780_800.3701,
    starttm: 0,
    expiretm: 0,
    descr: { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '70000.0', price2: '0' },
    vol: '0.00010000',
    vol_exec: '0.00000000',
    cost: '0.00000',
    fee: '0.00000',
    price: '0.00000',
    oflags: 'fciq',
    ...change,
  };
}

function answered(result: object): string {
  return JSON.stringify({ error: [], result });
}

async function queried(change: object) {
  return KRAKEN.find(scriptedWire(BOOK, answered({ 'OABC-1': order(change) })), REF);
}

describe('orders for Kraken', () => {
  it('carry our id, a deadline, and the wish for fees in quote currency', () => {
    const market = orderFor({ symbol: 'BTC/USD' }, 'qsone', { type: 'market' });
    expect(requestOf(market)).toEqual({
      pair: 'XXBTZUSD',
      type: 'buy',
      ordertype: 'market',
      volume: '0.01',
      cl_ord_id: 'qsone',
      oflags: 'fciq',
      deadline: '2026-11-27T12:00:30.000Z',
    });
  });

  it('with a limit say until when they stand', () => {
    const change = { timeInForce: 'gtd', expiresAt: TEST_NOW + 90_000 } as const;
    expect(requestOf(orderFor({ symbol: 'BTC/USD' }, 'qsone'))).toMatchObject({
      ordertype: 'limit',
      price: '50000',
      timeinforce: 'GTC',
    });
    expect(requestOf(orderFor({ symbol: 'BTC/USD' }, 'qsone', undefined, change))).toMatchObject({
      timeinforce: 'GTD',
      expiretm: String((TEST_NOW + 90_000) / 1000),
    });
  });

  it('stop at a price, with a limit of their own or at the market', () => {
    const stopPrice = Decimal.parse('55000');
    const limitPrice = Decimal.parse('54000');
    const stop = orderFor({ symbol: 'BTC/USD' }, 'qsone', { type: 'stop', stopPrice });
    expect(requestOf(stop)).toMatchObject({ ordertype: 'stop-loss', price: '55000' });
    const pricing = { type: 'stop_limit', stopPrice, limitPrice } as const;
    expect(requestOf(orderFor({ symbol: 'BTC/USD' }, 'qsone', pricing))).toMatchObject({
      ordertype: 'stop-loss-limit',
      price: '55000',
      price2: '54000',
    });
  });

  it('of a time in force it does not have are none', () => {
    const fok = orderFor({ symbol: 'BTC/USD' }, 'qsone', undefined, { timeInForce: 'fok' });
    expect(requestOf(fok)).toBeNull();
  });
});

describe('what Kraken answers to an order', () => {
  it('names it', () => {
    const answer = { error: [], result: { descr: { order: 'buy' }, txid: ['OABC-1'] } };
    expect(KRAKEN.placement(answer)).toEqual({ venueId: 'OABC-1', clientId: null });
  });

  it.each([
    ['errors beside it', { error: ['EService:Busy'], result: { txid: ['OABC-1'] } }],
    ['no id', { error: [], result: { txid: [] } }],
    ['two ids', { error: [], result: { txid: ['OABC-1', 'OABC-2'] } }],
    ['no result', { error: [] }],
    ['nothing', {}],
  ])('names none where there are %s', (_, answer) => {
    expect(KRAKEN.placement(answer).venueId).toBeNull();
  });

  it.each([
    ['EOrder:Insufficient funds', 'funds'],
    ['EOrder:Order minimum not met', 'filter'],
    ['EOrder:Cost minimum not met', 'filter'],
    ['EOrder:Tick size check failed', 'filter'],
    ['EGeneral:Invalid arguments:volume', 'filter'],
    ['EQuery:Unknown asset pair', 'market'],
    ['EService:Market in cancel_only mode', 'market'],
    ['EService:Market in post_only mode', 'market'],
    ['EOrder:Rate limit exceeded', 'rate'],
    ['EAPI:Invalid key', 'auth'],
    ['EGeneral:Permission denied', 'auth'],
    ['EAPI:Invalid nonce', 'other'],
    ['EGeneral:Invalid arguments', 'other'],
    ['EService:Busy', undefined],
    ['EService:Unavailable', undefined],
    ['EGeneral:Internal error', undefined],
    ['EAPI:Rate limit exceeded', undefined],
  ])('proves with %s: %s', (error, cause) => {
    const body = JSON.stringify({ error: [error] });
    expect(KRAKEN.refusals.find(({ words }) => words.test(body))?.cause).toBe(cause);
  });
});

describe('what Kraken answers to a cancel', () => {
  it.each([
    [{ error: [], result: { count: '1' } }, 'sent'],
    [{ error: [], result: { count: '1', pending: true } }, 'sent'],
    [{ error: [], result: { count: '0' } }, 'not-open'],
    [{ error: [], result: { count: true } }, 'unknown'],
    [{ error: [], result: { count: {} } }, 'unknown'],
    [{ error: [], result: {} }, 'unknown'],
    [{ error: ['EService:Busy'] }, 'unknown'],
    [{}, 'unknown'],
  ])('%j is %s', (answer, kind) => {
    expect(KRAKEN.cancellation(answer).kind).toBe(kind);
  });

  it('is asked for by its id, or by ours', () => {
    const market = BOOK.bySymbol('BTC/USD');
    const byOurs = { ...REF, venueId: null };
    expect(market && KRAKEN.cancelRequest(REF, market)?.params).toEqual({ txid: 'OABC-1' });
    expect(market && KRAKEN.cancelRequest(byOurs, market)?.params).toEqual({ cl_ord_id: 'qsone' });
  });
});

describe('an order at Kraken', () => {
  it.each([
    ['pending', '0', 'open'],
    ['open', '0.00005', 'open'],
    ['closed', '0.0001', 'filled'],
    ['canceled', '0.00005', 'canceled'],
    ['expired', '0', 'expired'],
    ['closed', '0.00000000', 'unclear'],
    ['closed', null, 'unclear'],
    ['amended', '0', 'unclear'],
    ['toString', '0', 'unclear'],
  ])('that is %s with %s filled is %s', async (status, vol_exec, meaning) => {
    expect(await queried({ status, vol_exec })).toMatchObject({
      status: meaning,
      statusText: status,
    });
  });

  it('goes by our id, in the market that its other name means', async () => {
    const report = await queried({
      price: '69999.9',
      vol_exec: '0.00005',
      closetm: 1_795_780_900.25,
    });
    expect(report).toMatchObject({
      clientId: 'qsone',
      venueId: 'OABC-1',
      symbol: 'BTC/USD',
      side: 'buy',
      updatedAt: 1_795_780_900_250,
    });
    expect(report?.averagePrice?.toString()).toBe('69999.9');
    expect(report?.quantity?.toString()).toBe('0.0001');
  });

  it('that its answer does not name is not found', async () => {
    expect(await KRAKEN.find(scriptedWire(BOOK, answered({})), REF)).toBeNull();
    expect(await KRAKEN.find(scriptedWire(BOOK, null), REF)).toBeNull();
  });

  it('is looked for among open, then closed ones where its own id is not known', async () => {
    const closed = answered({ closed: { 'OABC-1': order({ status: 'canceled' }) }, count: 1 });
    const wire = scriptedWire(BOOK, answered({ open: {} }), closed);
    const found = await KRAKEN.find(wire, { ...REF, venueId: null });
    expect(found).toMatchObject({ venueId: 'OABC-1', status: 'canceled' });
    expect(wire.calls.map(({ params }) => params)).toEqual([
      { cl_ord_id: 'qsone' },
      { cl_ord_id: 'qsone' },
    ]);
  });

  it('of another client id is not taken for ours where the venue does not filter', async () => {
    const open = answered({ open: { 'OABC-2': order({ cl_ord_id: 'other' }) } });
    const wire = scriptedWire(BOOK, open, answered({ closed: {}, count: 0 }));
    expect(await KRAKEN.find(wire, { ...REF, venueId: null })).toBeNull();
  });
});

describe('lists of Kraken', () => {
  it('are read on until its count is reached', async () => {
    const wire = scriptedWire(
      BOOK,
      answered({
        closed: { A: order({ status: 'canceled' }), B: order({ status: 'closed' }) },
        count: 3,
      }),
      answered({ closed: { C: order({ status: 'expired' }) }, count: 3 }),
    );
    const closed = await KRAKEN.closedOrders(wire, [], TEST_NOW);
    expect(closed.map(({ venueId }) => venueId)).toEqual(['A', 'B', 'C']);
    expect(wire.calls.map(({ params }) => params['ofs'])).toEqual([0, 2]);
    expect(wire.calls[0]?.params).toMatchObject({
      closetime: 'close',
      start: String(TEST_NOW / 1000 - 1),
    });
  });

  it('have each row once where the venue repeats one', async () => {
    const wire = scriptedWire(
      BOOK,
      answered({ closed: { A: order(), B: order() }, count: 4 }),
      answered({ closed: { B: order(), C: order() }, count: 4 }),
    );
    const closed = await KRAKEN.closedOrders(wire, [], TEST_NOW);
    expect(closed.map(({ venueId }) => venueId)).toEqual(['A', 'B', 'C']);
  });

  it('end with an empty page where no count is told', async () => {
    const wire = scriptedWire(BOOK, answered({ closed: { A: order() } }), answered({ closed: {} }));
    expect(await KRAKEN.closedOrders(wire, [], TEST_NOW)).toHaveLength(1);
  });
});

describe('trades at Kraken', () => {
  function trade(change: object = {}): object {
    return {
      ordertxid: 'OABC-1',
      postxid: 'TBP7O6',
      pair: 'XXBTZUSD',
      time: 1_795_780_848.3052235,
      type: 'sell',
      ordertype: 'market',
      price: '72026.50000',
      cost: '7.20265',
      fee: '0.01873',
      vol: '0.00010000',
      trade_id: 68_230_622,
      maker: false,
      ...change,
    };
  }

  async function trades(change: object) {
    const wire = scriptedWire(BOOK, answered({ trades: { 'T-1': trade(change) }, count: 1 }));
    return KRAKEN.trades(wire, ['BTC/USD'], TEST_NOW - 3_600_000);
  }

  it('go by the id of their record, their fee in quote currency', async () => {
    const [told] = await trades({});
    expect(told).toMatchObject({
      tradeId: 'T-1',
      venueOrderId: 'OABC-1',
      symbol: 'BTC/USD',
      side: 'sell',
      fee: { currency: 'USD' },
      liquidity: 'taker',
      time: 1_795_780_848_305,
    });
    expect(told?.price.toString()).toBe('72026.5');
    expect(told?.fee?.amount.toString()).toBe('0.01873');
  });

  it('have neither fee nor liquidity where none is told', async () => {
    expect(await trades({ fee: null, maker: undefined })).toMatchObject([
      { fee: null, liquidity: null },
    ]);
  });

  it.each([{ price: 'NaN' }, { vol: '0' }, { type: 'b' }, { time: 'yesterday' }, { time: 1.5e12 }])(
    'with %j spoil the list',
    async (change) => {
      await expect(trades(change)).rejects.toMatchObject({ kind: 'bad-response' });
    },
  );
});

describe('an account at Kraken', () => {
  it('has balances by common names, less what orders hold', async () => {
    const wire = scriptedWire(
      BOOK,
      answered({
        ZUSD: { balance: '25435.2100', hold_trade: '8249.7600' },
        XXBT: { balance: '1.2435', hold_trade: '0' },
      }),
    );
    const balances = await KRAKEN.balances(wire);
    expect(
      balances.map(({ currency, total, free }) => [currency, total.toString(), free.toString()]),
    ).toEqual([
      ['USD', '25435.21', '17185.45'],
      ['BTC', '1.2435', '1.2435'],
    ]);
  });

  it.each([{ balance: '1' }, { balance: null, hold_trade: '0' }])(
    '%j is no balance',
    async (row) => {
      await expect(
        KRAKEN.balances(scriptedWire(BOOK, answered({ ZUSD: row }))),
      ).rejects.toMatchObject({
        kind: 'bad-response',
      });
    },
  );

  it('is that of the key, which may do what it says', async () => {
    const said = { iban: 'AA12 N84G', permissions: ['query-funds', 'withdraw-funds'] };
    expect(await KRAKEN.identify(scriptedWire(BOOK, answered(said)))).toEqual({
      accountId: 'AA12 N84G',
      mayTrade: false,
      mayWithdraw: true,
    });
    const silent = await KRAKEN.identify(scriptedWire(BOOK, answered({ iban: 'AA12 N84G' })));
    expect(silent).toEqual({ accountId: 'AA12 N84G', mayTrade: null, mayWithdraw: null });
  });

  it('tells the time in seconds', async () => {
    const wire = scriptedWire(BOOK, answered({ unixtime: TEST_NOW / 1000 }));
    expect(await KRAKEN.serverTime(wire)).toBe(TEST_NOW);
  });

  it('shows prices of those asked for, and none of an empty book', async () => {
    const tickers = {
      XXBTZUSD: { a: ['60001.0', '1', '1'], b: ['60000.0', '1', '1'] },
      XETHZUSD: { a: ['2500', '1', '1'], b: ['2499', '1', '1'] },
    };
    expect(await KRAKEN.quotes(scriptedWire(BOOK, answered(tickers)), ['BTC/USD'])).toEqual([
      { symbol: 'BTC/USD', bid: 60_000, ask: 60_001, time: TEST_NOW },
    ]);
    const empty = answered({ XXBTZUSD: { a: [], b: ['1'] } });
    expect(await KRAKEN.quotes(scriptedWire(BOOK, empty), ['BTC/USD'])).toEqual([]);
  });
});
