import type { Exchange } from 'ccxt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ccxtAt } from '../../support/exchange-sim/ccxt-client.ts';
import type { ExchangeCore } from '../../support/exchange-sim/exchange-core.ts';
import type { Fate } from '../../support/exchange-sim/fates.ts';
import { makeExchange } from '../../support/exchange-sim/make-exchange.ts';
import {
  serveOnLoopback,
  type LoopbackExchange,
} from '../../support/exchange-sim/serve-on-loopback.ts';

const PAIR = 'BTC/USDT';

describe('the fake Binance, through ccxt over loopback', () => {
  let core: ExchangeCore;
  let client: Exchange;
  let server: LoopbackExchange;

  beforeEach(async () => {
    const made = makeExchange('binance', { clock: { now: () => Date.now() } });
    core = made.core;
    server = await serveOnLoopback(made.core, made.frontEnd);
    client = await ccxtAt('binance', server.url, made.credentials);
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  function buy(clientId: string, price = 50_000): Promise<unknown> {
    return client.createOrder(PAIR, 'limit', 'buy', 0.1, price, { newClientOrderId: clientId });
  }

  it('takes a limit order under the id it was sent with, and holds the money for it', async () => {
    const order = await client.createOrder(PAIR, 'limit', 'buy', 0.1, 50_000, {
      newClientOrderId: 'qsone',
    });
    expect(order.clientOrderId).toBe('qsone');
    expect(order.status).toBe('open');
    expect(core.order('qsone')).toMatchObject({ quantity: '0.1', limit: '50000', state: 'open' });
    expect(core.balances()['USDT']).toEqual({ total: '100000', free: '95000' });
  });

  it('numbers orders and trades beyond what a double can tell apart', async () => {
    const one = await client.createOrder(PAIR, 'market', 'buy', 0.01);
    const other = await client.createOrder(PAIR, 'market', 'buy', 0.01);
    expect(Number(one.id)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
    expect(one.id).not.toBe(other.id);
    expect(core.orders().map(({ id }) => id)).toEqual([one.id, other.id]);
    const trades = await client.fetchMyTrades(PAIR);
    expect(trades.map(({ id }) => id)).toEqual(core.trades().map(({ id }) => id));
  });

  it('takes the fee of a buy from what it bought', async () => {
    await client.createOrder(PAIR, 'market', 'buy', 0.5);
    const [trade] = await client.fetchMyTrades(PAIR);
    expect(trade?.fee).toMatchObject({ currency: 'BTC', cost: 0.0005 });
    expect(core.balances()['BTC']).toEqual({ total: '1.4995', free: '1.4995' });
  });

  it('shows a partial fill and cancels the rest', async () => {
    const { id } = await client.createOrder(PAIR, 'limit', 'buy', 0.1, 50_000, {
      newClientOrderId: 'qspart',
    });
    core.fill('qspart', '0.04');
    const [open] = await client.fetchOpenOrders(PAIR);
    expect(open).toMatchObject({ clientOrderId: 'qspart', filled: 0.04, remaining: 0.06 });
    await client.cancelOrder(id ?? '', PAIR);
    const after = await client.fetchOrder(id ?? '', PAIR);
    expect(after).toMatchObject({ status: 'canceled', filled: 0.04 });
    expect(core.balances()['USDT']).toEqual({ total: '98000', free: '98000' });
  });

  it('lets a stop go off when the market falls to it', async () => {
    const params = { stopLossPrice: 55_000, newClientOrderId: 'qsstop' };
    await client.createOrder(PAIR, 'market', 'sell', 0.5, undefined, params);
    expect(core.order('qsstop')).toMatchObject({ kind: 'stop', isTriggered: false });
    core.moveTo(PAIR, '55000.01');
    expect(core.order('qsstop')).toMatchObject({ state: 'open', isTriggered: false });
    core.moveTo(PAIR, '54000');
    expect(core.order('qsstop')).toMatchObject({ state: 'filled', averagePrice: '53989.2' });
  });

  it('finds an order by its client id and says so of one it never had', async () => {
    await buy('qsfind');
    const params = { origClientOrderId: 'qsfind' };
    expect(await client.fetchOrder('', PAIR, params)).toMatchObject({ status: 'open' });
    const other = client.fetchOrder('', PAIR, { origClientOrderId: 'qsnever' });
    await expect(other).rejects.toThrow('-2013');
  });

  it('refuses a client id only while another order with it is open', async () => {
    await buy('qstwice');
    await expect(buy('qstwice')).rejects.toThrow('Duplicate order sent.');
    const [order] = await client.fetchOpenOrders(PAIR);
    await client.cancelOrder(order?.id ?? '', PAIR);
    await buy('qstwice');
    expect(core.orders().map(({ state }) => state)).toEqual(['canceled', 'open']);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['more than the money there is', () => order(3, 50_000), 'InsufficientFunds'],
    ['less than the least value', () => order(0.00002, 50_000), 'BadRequest'],
    ['more than five times the price', () => order(0.001, 400_000), 'InvalidOrder'],
  ])('refuses an order for %s', async (_, send, name) => {
    await expect(send()).rejects.toMatchObject({ name });
    expect(core.orders()).toEqual([]);
  });

  function order(amount: number, price: number): Promise<unknown> {
    return client.createOrder(PAIR, 'limit', 'buy', amount, price);
  }

  it('refuses requests that are signed with another secret', async () => {
    client.secret = 'another';
    await expect(client.fetchBalance()).rejects.toThrow('-1022');
  });

  it('refuses requests whose time is outside of the window', async () => {
    core.clockOffsetMs = 11_000;
    await expect(client.fetchBalance()).rejects.toMatchObject({ name: 'InvalidNonce' });
  });

  it.each<[string, Fate, string, boolean]>([
    ['drop', { kind: 'drop', accepted: true }, 'NetworkError', true],
    ['drop', { kind: 'drop', accepted: false }, 'NetworkError', false],
    ['504', { kind: 'server-error', status: 504, accepted: true }, 'RequestTimeout', true],
    ['502', { kind: 'server-error', status: 502, accepted: false }, 'ExchangeNotAvailable', false],
    ['429', { kind: 'rate-limit', retryAfterS: 3, accepted: false }, 'DDoSProtection', false],
    ['418', { kind: 'ban', seconds: 60 }, 'DDoSProtection', false],
    ['half', { kind: 'malformed', accepted: true }, 'TypeError', true],
  ])('%s: %j is a %s for ccxt', async (_, fate, name, isTaken) => {
    core.next('place', fate);
    await expect(buy('qsfate')).rejects.toMatchObject({ name });
    expect(core.order('qsfate') !== undefined).toBe(isTaken);
    const sent = core.requests.filter(({ call }) => call === 'place');
    expect(sent).toMatchObject([{ subject: { clientId: 'qsfate' }, isAccepted: isTaken }]);
    expect([...core.reached.values()]).toEqual([1]);
  });
});
