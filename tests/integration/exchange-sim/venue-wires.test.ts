import type { Exchange, Order } from 'ccxt';
import { describe, expect, it } from 'vitest';
import { ccxtInProcess } from '../../support/exchange-sim/ccxt-client.ts';
import { coinbaseKey } from '../../support/exchange-sim/coinbase-key.ts';
import type { ExchangeCore } from '../../support/exchange-sim/exchange-core.ts';
import { makeExchange, type VenueId } from '../../support/exchange-sim/make-exchange.ts';
import { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';

const START = 1_772_445_600_000;

interface Venue {
  readonly id: VenueId;
  readonly pair: string;
  /** What ccxt passes on as it is. */
  readonly clientIdField: string;
  readonly orderIds: RegExp;
  /** Taker fee of a buy of one whole bitcoin at 60 012. */
  readonly fee: { readonly currency: string; readonly cost: number };
  readonly balanceParams: object;
}

const VENUES: readonly Venue[] = [
  {
    id: 'binance',
    pair: 'BTC/USDT',
    clientIdField: 'newClientOrderId',
    orderIds: /^9007199\d{9}$/,
    fee: { currency: 'BTC', cost: 0.001 },
    balanceParams: {},
  },
  {
    id: 'kraken',
    pair: 'BTC/USD',
    clientIdField: 'cl_ord_id',
    orderIds: /^O[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$/,
    fee: { currency: 'USD', cost: 240.048 },
    balanceParams: {},
  },
  {
    id: 'coinbase',
    pair: 'BTC/USD',
    clientIdField: 'client_order_id',
    orderIds: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    fee: { currency: 'USD', cost: 360.072 },
    balanceParams: { v3: true },
  },
];

describe.each(VENUES)('the fake $id, through ccxt', (venue) => {
  const { pair } = venue;

  async function world() {
    const time = new VirtualTime(START);
    const made = makeExchange(venue.id, { clock: time });
    const client = await ccxtInProcess(venue.id, { ...made, time });
    return { time, core: made.core, client, ask: <T>(work: Promise<T>) => time.settle(work) };
  }

  function limit(client: Exchange, clientId: string, price: number): Promise<Order> {
    const params = { [venue.clientIdField]: clientId };
    return client.createOrder(pair, 'limit', 'buy', 0.1, price, params);
  }

  function bought(core: ExchangeCore, times: number): void {
    for (let n = 0; n < times; n += 1) {
      core.external.place({ symbol: pair, side: 'buy', quantity: '0.001' });
    }
  }

  it('names its orders as the real one does, and tells them under our id', async () => {
    const { core, client, ask } = await world();
    const placed = await ask(limit(client, 'qsone', 50_000));
    expect(placed.id).toMatch(venue.orderIds);
    expect(core.order('qsone')).toMatchObject({ id: placed.id, limit: '50000', quantity: '0.1' });
    const [open] = await ask(client.fetchOpenOrders(pair));
    expect(open).toMatchObject({
      id: placed.id,
      clientOrderId: 'qsone',
      symbol: pair,
      status: 'open',
      side: 'buy',
      price: 50_000,
      amount: 0.1,
      filled: 0,
    });
  });

  it('tells of a partial fill, its price and its trade', async () => {
    const { core, client, ask } = await world();
    const { id } = await ask(limit(client, 'qspart', 50_000));
    core.fill('qspart', '0.04');
    const order = await ask(client.fetchOrder(id ?? '', pair));
    expect(order).toMatchObject({ status: 'open', filled: 0.04, remaining: 0.06 });
    expect(order.average).toBe(50_000);
    const trades = await ask(client.fetchMyTrades(pair));
    expect(trades).toMatchObject([
      { id: core.trades()[0]?.id, order: id, amount: 0.04, price: 50_000, takerOrMaker: 'maker' },
    ]);
  });

  it('cancels what is left and no more', async () => {
    const { core, client, ask } = await world();
    const { id } = await ask(limit(client, 'qsend', 50_000));
    core.fill('qsend', '0.04');
    await ask(client.cancelOrder(id ?? '', pair));
    expect(core.order('qsend')).toMatchObject({ state: 'canceled', filled: '0.04' });
    const order = await ask(client.fetchOrder(id ?? '', pair));
    expect(order).toMatchObject({ status: 'canceled', filled: 0.04 });
    expect(await ask(client.fetchOpenOrders(pair))).toEqual([]);
    const again = ask(client.cancelOrder(id ?? '', pair));
    await expect(again).rejects.toThrow(/unknown order|cancelOrders\(\) has failed/i);
  });

  it('takes its own fee in its own currency', async () => {
    const { core, client, ask } = await world();
    core.external.place({ symbol: pair, side: 'buy', quantity: '1' });
    const [trade] = await ask(client.fetchMyTrades(pair));
    expect(trade).toMatchObject({ price: 60_012, amount: 1, fee: venue.fee });
    expect(core.accounts.faults()).toEqual([]);
  });

  it('shows what open orders hold', async () => {
    const { core, client, ask } = await world();
    await ask(limit(client, 'qshold', 50_000));
    const quote = pair.split('/')[1] ?? '';
    const balance = await ask(client.fetchBalance(venue.balanceParams));
    const { total, free } = core.balances()[quote] ?? { total: '', free: '' };
    expect(Number(total) - Number(free)).toBeGreaterThanOrEqual(5_000);
    expect(balance[quote]).toMatchObject({ total: Number(total), free: Number(free) });
  });

  it('refuses what the money does not reach for, and names the cause', async () => {
    const { core, client, ask } = await world();
    const order = client.createOrder(pair, 'limit', 'buy', 10, 50_000);
    await expect(ask(order)).rejects.toMatchObject({ name: 'InsufficientFunds' });
    expect(core.orders()).toEqual([]);
  });

  it('lists ended orders', async () => {
    const { core, client, ask, time } = await world();
    await ask(limit(client, 'qsdone', 50_000));
    await time.runUntil(START + 60_000);
    core.fill('qsdone');
    const closed = await ask(client.fetchClosedOrders(pair));
    expect(closed).toMatchObject([{ clientOrderId: 'qsdone', status: 'closed', filled: 0.1 }]);
  });

  it('lists no more trades on a page than the real one does', async () => {
    const { core, client, ask } = await world();
    bought(core, 120);
    const page = await ask(client.fetchMyTrades(pair));
    expect(page).toHaveLength(venue.id === 'kraken' ? 50 : venue.id === 'coinbase' ? 100 : 120);
  });

  it('says more, less or nothing of what is filled when it is told to', async () => {
    const { core, client, ask } = await world();
    const { id } = await ask(limit(client, 'qsodd', 50_000));
    core.fill('qsodd', '0.04');
    const raw = async (form: 'missing' | 'over' | 'negative') => {
      core.next('order', { kind: 'filled-form', form });
      const order = await ask(client.fetchOrder(id ?? '', pair));
      return JSON.stringify(order.info);
    };
    const field = /"(?:executedQty|vol_exec|filled_size)":"(-?[\d.]+)"/;
    expect(field.exec(await raw('missing'))).toBeNull();
    expect(Number(field.exec(await raw('over'))?.[1])).toBe(0.14);
    expect(Number(field.exec(await raw('negative'))?.[1])).toBe(-0.16);
    expect([...core.reached]).toEqual([
      ['F20 filled-form', 1],
      ['F29 filled-form', 2],
    ]);
  });

  it('quotes both sides of its book', async () => {
    const { client, ask } = await world();
    const book = await ask(client.fetchOrderBook(pair));
    expect([book.bids[0]?.[0], book.asks[0]?.[0]]).toEqual([59_988, 60_012]);
  });

  it('refuses whoever signs with another key', async () => {
    const { client, ask } = await world();
    client.secret = venue.id === 'coinbase' ? coinbaseKey().secret : 'b3RoZXI=';
    const asking = ask(client.fetchBalance(venue.balanceParams));
    await expect(asking).rejects.toThrow(/signature|Unauthorized/i);
  });

  it('moves on to fill what the market reaches, at the price of the order', async () => {
    const { core, client, ask } = await world();
    await ask(limit(client, 'qsrest', 59_000));
    core.moveTo(pair, '59500');
    expect(core.order('qsrest')).toMatchObject({ state: 'open' });
    core.moveTo(pair, '58900');
    expect(core.order('qsrest')).toMatchObject({ state: 'filled', averagePrice: '59000' });
  });

  it('takes a stop-limit order and lets it go off', async () => {
    const { core, client, ask } = await world();
    const params = { stopLossPrice: 58_000, [venue.clientIdField]: 'qsstop' };
    await ask(client.createOrder(pair, 'limit', 'sell', 0.5, 57_000, params));
    expect(core.order('qsstop')).toMatchObject({
      kind: 'stop_limit',
      stop: '58000',
      limit: '57000',
      isTriggered: false,
    });
    core.moveTo(pair, '57900');
    expect(core.order('qsstop')).toMatchObject({ state: 'filled', averagePrice: '57888.42' });
  });
});
