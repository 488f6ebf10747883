import { describe, expect, it, vi } from 'vitest';
import { found, MARKET, NEVER, orderFor, placed, plain } from './case-orders.ts';
import type { FeeTaking, VenueWorld } from './venue-world.ts';

/** What an account tells of its orders, trades and money. */
export function readCases(world: () => VenueWorld): void {
  function sinceNow(): number {
    return world().exchange.now() - 60_000;
  }

  async function tradesOf(since = sinceNow()) {
    return world().account.trades([world().symbol], since, NEVER);
  }

  describe('orders', () => {
    it('that are filled in part are open with what was filled so far', async () => {
      const order = await placed(world(), orderFor(world(), 'qshalf'));
      world().exchange.fill('qshalf', '0.004');
      expect(plain(await found(world(), order))).toMatchObject({
        status: 'open',
        quantity: '0.01',
        filled: '0.004',
        averagePrice: '50000',
      });
    });

    it('of others are listed along with ours', async () => {
      const { account, exchange, symbol } = world();
      await placed(world(), orderFor(world(), 'qsown'));
      exchange.placeForeign('0.02', '40000', 'someoneelse');
      const open = await account.openOrders([symbol], NEVER);
      expect(open).toHaveLength(2);
      expect(open.map(({ clientId }) => clientId)).toContain('qsown');
    });

    it('are listed to the last, however many', async () => {
      const { account, exchange, symbol, page } = world();
      const count = page * 2 + 7;
      for (let n = 0; n < count; n++) exchange.placeForeign('0.0002', '30000', `foreign${n}`);
      const open = await account.openOrders([symbol], NEVER);
      expect(new Set(open.map(({ venueId }) => venueId)).size).toBe(count);
    });

    it('that ended are listed to the last, however many', async () => {
      const { account, exchange, symbol, page } = world();
      const count = page * 2 + 7;
      const since = sinceNow();
      for (let n = 0; n < count; n++) {
        exchange.placeForeign('0.0002', '30000', `foreign${n}`);
        exchange.fill(`foreign${n}`);
      }
      const closed = await account.closedOrders([symbol], since, NEVER);
      expect(new Set(closed.map(({ venueId }) => venueId)).size).toBe(count);
      expect(closed.every(({ status }) => status === 'filled')).toBe(true);
    });

    it('that are open are not among those that ended', async () => {
      const { account, symbol } = world();
      await placed(world(), orderFor(world(), 'qsstill'));
      expect(await account.closedOrders([symbol], sinceNow(), NEVER)).toEqual([]);
    });

    it.each(['SOMETHING_NEW', 'UNKNOWN_ORDER_STATUS', 'constructor'])(
      'with the unknown status %s are unclear, never open',
      async (word) => {
        const { exchange } = world();
        const order = await placed(world(), orderFor(world(), 'qsword'));
        exchange.next('order', { kind: 'status-word', word });
        expect(await found(world(), order)).toMatchObject({ status: 'unclear', statusText: word });
      },
    );

    it('have ids that no double could tell apart, where the venue has such', async () => {
      const order = await placed(world(), orderFor(world(), 'qsbig'));
      expect(order.venueId).toBe(world().exchange.order('qsbig')?.id);
      expect((await found(world(), order)).venueId).toBe(order.venueId);
    });

    it('that a list leaves out may still be found by name', async () => {
      const { account, exchange, symbol } = world();
      const order = await placed(world(), orderFor(world(), 'qshidden'));
      exchange.next('open', { kind: 'partial-list' });
      expect(await account.openOrders([symbol], NEVER)).toEqual([]);
      expect(await found(world(), order)).toMatchObject({ status: 'open' });
    });
  });

  describe('trades', () => {
    it('are what the exchange booked, number for number', async () => {
      const order = await placed(world(), orderFor(world(), 'qstrade'));
      world().exchange.fill('qstrade', '0.003');
      world().exchange.fill('qstrade', '0.007');
      const trades = await tradesOf();
      const truth = world().exchange.trades();
      expect(
        trades.map(({ tradeId, venueOrderId, quantity, price, side }) => ({
          id: tradeId,
          orderId: venueOrderId,
          quantity: quantity.toString(),
          price: price.toString(),
          side,
        })),
      ).toEqual(
        truth.map(({ id, orderId, quantity, price }) => ({
          id,
          orderId,
          quantity,
          price,
          side: 'buy',
        })),
      );
      expect(new Set(trades.map(({ venueOrderId }) => venueOrderId))).toEqual(
        new Set([order.venueId]),
      );
    });

    it('tell makers from takers', async () => {
      if (world().tellsLiquidity === false) return;
      await placed(world(), orderFor(world(), 'qsmaker'));
      world().exchange.fill('qsmaker');
      await placed(world(), orderFor(world(), 'qstaker', MARKET));
      const trades = await tradesOf();
      expect(trades.map(({ liquidity }) => liquidity)).toEqual(['maker', 'taker']);
    });

    it.each<FeeTaking>(['quote', 'base', 'received', 'third'])(
      'have their fee, taken from %s',
      async (taking) => {
        const { exchange } = world();
        if (!takesFeesFrom(world(), taking)) return;
        exchange.takeFeesFrom(taking);
        await placed(world(), orderFor(world(), 'qsfee', MARKET));
        const since = sinceNow();
        world().passFeeDay?.();
        const [trade] = await tradesOf(since);
        const truth = exchange.trades()[0]?.fee;
        if (!world().namesFeeCurrency && taking !== 'quote') return;
        expect(trade?.fee).toMatchObject({ currency: truth?.asset });
        expect(trade?.fee?.amount.toString()).toBe(truth?.amount);
      },
    );

    it('have no fee while the exchange does not say, and have it then', async () => {
      const { exchange } = world();
      exchange.takeFeesFrom(world().feeTakings?.[0] ?? 'quote');
      exchange.tellFeesAfter(400);
      await placed(world(), orderFor(world(), 'qslatefee', MARKET));
      expect(await tradesOf()).toMatchObject([{ fee: null }]);
      const since = sinceNow();
      world().passFeeDay?.();
      const told = async () => {
        const [trade] = await tradesOf(since);
        expect(trade?.fee?.amount.toString()).toBe(exchange.trades()[0]?.fee.amount);
      };
      await vi.waitFor(told, 10_000);
    });

    it.each(['null', 'no-currency'] as const)('have no fee where it is %s', async (form) => {
      await placed(world(), orderFor(world(), 'qsnofee', MARKET));
      world().exchange.next('trades', { kind: 'fee-form', form });
      const [trade] = await tradesOf();
      // A venue that never names the currency has one for all its fees.
      const isKnown = form === 'no-currency' && !world().namesFeeCurrency;
      expect(trade?.fee === null).toBe(!isKnown);
    });

    it('that a list has twice are one', async () => {
      await placed(world(), orderFor(world(), 'qsdouble', MARKET));
      world().exchange.next('trades', { kind: 'duplicate-trade' });
      expect(await tradesOf()).toHaveLength(1);
    });

    it('come oldest first, however they were sent', async () => {
      await placed(world(), orderFor(world(), 'qsa', MARKET));
      await vi.waitUntil(() => world().exchange.now() > (world().exchange.trades()[0]?.time ?? 0));
      await placed(world(), orderFor(world(), 'qsb', MARKET));
      world().exchange.next('trades', { kind: 'reordered' });
      const times = (await tradesOf()).map(({ time }) => time);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
    });

    it('are listed to the last, however many', async () => {
      const { account, exchange, symbol, page } = world();
      const count = page * 2 + 7;
      const since = sinceNow();
      for (let n = 0; n < count; n++) {
        exchange.placeForeign('0.0002', '30000', `foreign${n}`);
        exchange.fill(`foreign${n}`);
      }
      const trades = await account.trades([symbol], since, NEVER);
      expect(new Set(trades.map(({ tradeId }) => tradeId)).size).toBe(count);
      expect(trades).toHaveLength(count);
    });

    it('from before a time are left out, as far as the venue can', async () => {
      await placed(world(), orderFor(world(), 'qsold', MARKET));
      const later = world().exchange.now() + 60_000;
      expect(await world().account.trades([world().symbol], later, NEVER)).toEqual([]);
    });
  });

  describe('balances', () => {
    it('are the books, with what open orders hold', async () => {
      const { account, exchange } = world();
      await placed(world(), orderFor(world(), 'qshold'));
      const balances = await account.balances(NEVER);
      const told = Object.fromEntries(
        balances.map(({ currency, total, free }) => [
          currency,
          { total: total.toString(), free: free.toString() },
        ]),
      );
      expect(told).toMatchObject(exchange.balances());
      expect(told[world().quote]?.free).not.toBe(told[world().quote]?.total);
    });

    it('that are missing are missing, not zero', async () => {
      const { account, exchange } = world();
      await account.balances(NEVER);
      exchange.next('balances', { kind: 'no-balances' });
      const told = await account.balances(NEVER).catch(() => []);
      expect(told).toEqual([]);
    });
  });
}

function takesFeesFrom({ feeTakings, feeAsset }: VenueWorld, taking: FeeTaking): boolean {
  if (feeTakings !== undefined) return feeTakings.includes(taking);
  return taking !== 'third' || feeAsset !== null;
}
