import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/core/decimal.ts';
import type { OrderPricing } from '../../../src/core/order.ts';
import {
  found,
  idOf,
  MARKET,
  NEVER,
  orderFor,
  placed,
  plain,
  posts,
  RESTING,
} from './case-orders.ts';
import type { VenueWorld } from './venue-world.ts';

const STOP_SELL = { type: 'stop', stopPrice: Decimal.parse('55000') } as const;
const STOP_LIMIT_SELL = {
  type: 'stop_limit',
  stopPrice: Decimal.parse('55000'),
  limitPrice: Decimal.parse('54000'),
} as const;
const TRAILING: OrderPricing = {
  type: 'trailing_stop',
  stopPrice: Decimal.parse('55000'),
  trail: { kind: 'distance', distance: Decimal.parse('100') },
};

/** What becomes of orders where nothing goes wrong. */
export function placingCases(world: () => VenueWorld): void {
  describe('placing', () => {
    it('sends our id in its own field, and reads it back from the open orders', async () => {
      const { account, exchange, symbol } = world();
      const venueId = idOf(await account.place(orderFor(world(), 'qsid')));
      const sent = exchange.requests().find(({ call }) => call === 'place');
      expect(sent?.text).toContain(account.capabilities.clientIdField);
      expect(sent?.text).toContain('qsid');
      expect(exchange.order('qsid')).toMatchObject({ id: venueId, state: 'open' });
      const open = await account.openOrders([symbol], NEVER);
      expect(open).toMatchObject([{ clientId: 'qsid', venueId, symbol, side: 'buy' }]);
    });

    it('sends each order once', async () => {
      await placed(world(), orderFor(world(), 'qsone'));
      await placed(world(), orderFor(world(), 'qstwo', MARKET));
      expect(posts(world())).toBe(2);
    });

    it('shows what rests with nothing filled', async () => {
      const order = await placed(world(), orderFor(world(), 'qsrest'));
      expect(plain(await found(world(), order))).toMatchObject({
        status: 'open',
        quantity: '0.01',
        filled: '0',
        averagePrice: null,
      });
    });

    it('buys at the market by the quantity of the base, whatever it costs', async () => {
      const order = orderFor(world(), 'qsbuy', MARKET, { quantity: '0.01234' });
      const taken = await placed(world(), order);
      expect(world().exchange.order('qsbuy')).toMatchObject({ state: 'filled', filled: '0.01234' });
      expect(plain(await found(world(), taken))).toMatchObject({
        status: 'filled',
        filled: '0.01234',
        averagePrice: world().exchange.trades()[0]?.price,
      });
    });

    it('sells at the market', async () => {
      await placed(world(), orderFor(world(), 'qssell', MARKET, { side: 'sell' }));
      expect(world().exchange.order('qssell')).toMatchObject({ state: 'filled', filled: '0.01' });
    });

    it('writes small prices and long quantities out in full', async () => {
      const { exchange } = world();
      exchange.moveTo('0.00000123');
      exchange.relist({ tickSize: '0.00000001', lotStep: '0.00000001' });
      await world().account.instrument(world().symbol, NEVER);
      const pricing = { type: 'limit', limitPrice: Decimal.parse('0.00000101') } as const;
      const order = orderFor(world(), 'qstiny', pricing, { quantity: '90000000.00000019' });
      await placed(world(), order);
      expect(exchange.order('qstiny')).toMatchObject({
        quantity: '90000000.00000019',
        limit: '0.00000101',
      });
      expect(exchange.requests().at(-1)?.text).toContain('90000000.00000019');
      expect(exchange.requests().at(-1)?.text).toContain('0.00000101');
    });

    it('rests a stop where the venue can, until the market reaches it', async () => {
      const { account, exchange } = world();
      if (!account.capabilities.orderTypes.has('stop')) return;
      const order = await placed(world(), orderFor(world(), 'qsstop', STOP_SELL, { side: 'sell' }));
      expect(exchange.order('qsstop')).toMatchObject({ state: 'open', stop: '55000' });
      expect(await found(world(), order)).toMatchObject({ status: 'open', clientId: 'qsstop' });
      expect(await account.openOrders([world().symbol], NEVER)).toHaveLength(1);
      exchange.moveTo('56000');
      expect(await found(world(), order)).toMatchObject({ status: 'open' });
      exchange.moveTo('54900');
      expect(plain(await found(world(), order))).toMatchObject({
        status: 'filled',
        filled: '0.01',
      });
    });

    it('rests a stop of a buy above the market', async () => {
      const { account, exchange } = world();
      if (!account.capabilities.orderTypes.has('stop')) return;
      const pricing = { type: 'stop', stopPrice: Decimal.parse('65000') } as const;
      const order = await placed(world(), orderFor(world(), 'qsstopbuy', pricing));
      exchange.moveTo('64000');
      expect(await found(world(), order)).toMatchObject({ status: 'open' });
      exchange.moveTo('65100');
      expect(await found(world(), order)).toMatchObject({ status: 'filled' });
    });

    it('fills a stop-limit at its limit or better, once its stop was reached', async () => {
      const { account, exchange } = world();
      if (!account.capabilities.orderTypes.has('stop_limit')) return;
      const order = orderFor(world(), 'qssl', STOP_LIMIT_SELL, { side: 'sell' });
      const taken = await placed(world(), order);
      expect(exchange.order('qssl')).toMatchObject({ stop: '55000', limit: '54000' });
      exchange.moveTo('54500');
      const report = await found(world(), taken);
      expect(report.status).toBe('filled');
      expect(report.averagePrice?.lessThan(Decimal.parse('54000'))).toBe(false);
    });

    it('leaves nothing of an ioc order that finds nobody', async () => {
      if (!world().account.capabilities.timesInForce.has('ioc')) return;
      const order = orderFor(world(), 'qsioc', RESTING, { timeInForce: 'ioc' });
      const taken = await placed(world(), order);
      const report = await found(world(), taken);
      expect(['canceled', 'expired']).toContain(report.status);
      expect(report.filled?.toString()).toBe('0');
      expect(await world().account.openOrders([world().symbol], NEVER)).toEqual([]);
    });

    it('leaves nothing of a fok order that finds nobody, where there is one', async () => {
      if (!world().account.capabilities.timesInForce.has('fok')) return;
      const order = orderFor(world(), 'qsfok', RESTING, { timeInForce: 'fok' });
      await world().account.place(order);
      expect(['canceled', 'expired', 'rejected', undefined]).toContain(
        world().exchange.order('qsfok')?.state,
      );
      expect(await world().account.openOrders([world().symbol], NEVER)).toEqual([]);
    });

    it('ends a gtd order when its time has come, where there is one', async () => {
      if (!world().account.capabilities.timesInForce.has('gtd')) return;
      const expiresAt = Math.ceil(world().exchange.now() / 1000 + 3600) * 1000;
      const order = orderFor(world(), 'qsgtd', RESTING, { timeInForce: 'gtd', expiresAt });
      const taken = await placed(world(), order);
      expect(await found(world(), taken)).toMatchObject({ status: 'open' });
    });

    it('sends no order of a kind or time in force that the venue does not have', async () => {
      const { account } = world();
      const { orderTypes, timesInForce } = account.capabilities;
      const orders = [
        ...(orderTypes.has('trailing_stop') ? [] : [orderFor(world(), 'qstrail', TRAILING)]),
        ...(['gtc', 'day', 'ioc', 'fok'] as const)
          .filter((each) => !timesInForce.has(each))
          .map((timeInForce) => orderFor(world(), `qs${timeInForce}`, RESTING, { timeInForce })),
      ];
      for (const order of orders) {
        expect(await account.place(order)).toMatchObject({ kind: 'refused' });
      }
      expect(posts(world())).toBe(0);
    });

    it('sends no order below a step or the least value', async () => {
      const { account } = world();
      const orders = [
        orderFor(world(), 'qsstep', RESTING, { quantity: '0.0123456789' }),
        orderFor(world(), 'qsleast', { type: 'limit', limitPrice: Decimal.parse('10') }),
        orderFor(world(), 'qszero', RESTING, { quantity: '0' }),
        orderFor(world(), 'qstick', { type: 'limit', limitPrice: Decimal.parse('50000.0001') }),
      ];
      for (const order of orders) {
        expect(await account.place(order)).toMatchObject({ kind: 'refused', cause: 'filter' });
      }
      expect(posts(world())).toBe(0);
    });

    it('is refused for want of money', async () => {
      const { account, exchange } = world();
      const order = orderFor(world(), 'qspoor', RESTING, { quantity: '100' });
      const outcome = await account.place(order);
      expect(outcome).toMatchObject({ kind: 'refused', cause: 'funds' });
      expect(exchange.count('qspoor')).toBe(0);
      expect(posts(world())).toBe(1);
    });

    it('is refused where steps have changed since, and reads the new ones when asked', async () => {
      const { account, exchange, symbol } = world();
      await account.instrument(symbol, NEVER);
      exchange.relist({ lotStep: '0.01' });
      const order = orderFor(world(), 'qschanged', RESTING, { quantity: '0.015' });
      expect(await account.place(order)).toMatchObject({ kind: 'refused', cause: 'filter' });
      expect((await account.instrument(symbol, NEVER)).lotStep.toString()).toBe('0.01');
      const anew = orderFor(world(), 'qsanew', RESTING, { quantity: '0.01' });
      expect(await account.place(anew)).toMatchObject({ kind: 'acknowledged' });
    });

    it('is refused once the symbol is traded no more', async () => {
      const { account, exchange, symbol } = world();
      await account.instrument(symbol, NEVER);
      exchange.delist();
      const outcome = await account.place(orderFor(world(), 'qsgone'));
      expect(outcome.kind).toBe('refused');
      expect(exchange.count('qsgone')).toBe(0);
    });

    it('is refused without the right to trade', async () => {
      const { account, exchange } = world();
      exchange.permit({ mayTrade: false, mayWithdraw: false });
      const outcome = await account.place(orderFor(world(), 'qsright'));
      expect(outcome).toMatchObject({ kind: 'refused', cause: 'auth' });
      expect(exchange.count('qsright')).toBe(0);
    });

    it('sends nothing for a symbol the venue does not have', async () => {
      const outcome = await world().account.place({
        ...orderFor(world(), 'qswhat'),
        symbol: 'NOPE/USD',
      });
      expect(outcome).toMatchObject({ kind: 'refused' });
      expect(posts(world())).toBe(0);
    });

    it('never calls an order with a known id refused', async () => {
      const { account, exchange } = world();
      await placed(world(), orderFor(world(), 'qstwice'));
      const outcome = await account.place(orderFor(world(), 'qstwice'));
      const isOneOrder = exchange.count('qstwice') === 1;
      expect(outcome.kind).toBe(isOneOrder ? 'unknown' : 'acknowledged');
    });

    it('sends nothing after the account was closed', async () => {
      const { account } = world();
      await account.instrument(world().symbol, NEVER);
      await account.close();
      expect(await account.place(orderFor(world(), 'qsclosed'))).toMatchObject({ kind: 'refused' });
      expect(posts(world())).toBe(0);
    });
  });
}
