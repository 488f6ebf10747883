import { describe, expect, it } from 'vitest';
import { found, NEVER, orderFor, placed, plain } from './case-orders.ts';
import type { VenueWorld } from './venue-world.ts';

/** What becomes of orders that are called back. */
export function cancelCases(world: () => VenueWorld): void {
  describe('canceling', () => {
    it('is sent, and the order is over when it is read again', async () => {
      const { account, exchange, symbol } = world();
      const order = await placed(world(), orderFor(world(), 'qscancel'));
      expect(await account.cancel(order)).toEqual({ kind: 'sent' });
      expect(exchange.order('qscancel')?.state).toBe('canceled');
      expect(plain(await found(world(), order))).toMatchObject({ status: 'canceled', filled: '0' });
      expect(await account.openOrders([symbol], NEVER)).toEqual([]);
    });

    it('names an order by our id alone', async () => {
      const { account, exchange } = world();
      const order = await placed(world(), orderFor(world(), 'qsours'));
      expect(await account.cancel({ ...order, venueId: null })).toEqual({ kind: 'sent' });
      expect(exchange.order('qsours')?.state).toBe('canceled');
    });

    it('leaves our id on the order', async () => {
      const { account, exchange, symbol } = world();
      const since = exchange.now() - 60_000;
      await account.cancel(await placed(world(), orderFor(world(), 'qskeep')));
      expect(await account.closedOrders([symbol], since, NEVER)).toMatchObject([
        { clientId: 'qskeep', status: 'canceled' },
      ]);
    });

    it('of an order that was filled is told from one that worked', async () => {
      const { account, exchange } = world();
      const order = await placed(world(), orderFor(world(), 'qstoolate'));
      exchange.fill('qstoolate');
      const outcome = await account.cancel(order);
      expect(outcome.kind).toBe('not-open');
      expect(plain(await found(world(), order))).toMatchObject({
        status: 'filled',
        filled: '0.01',
      });
    });

    it('of an order that was never there does not throw', async () => {
      const { account, symbol } = world();
      const outcome = await account.cancel({ clientId: 'qsghost', venueId: null, symbol });
      expect(outcome.kind).not.toBe('sent');
    });

    it('keeps what was filled before it arrived', async () => {
      const { account, exchange, symbol } = world();
      const since = exchange.now() - 60_000;
      const order = await placed(world(), orderFor(world(), 'qspart'));
      exchange.next('cancel', { kind: 'cancel-race', percent: 40 });
      await account.cancel(order);
      const report = await found(world(), order);
      expect(plain(report)).toMatchObject({ status: 'canceled', filled: '0.004' });
      const trades = await account.trades([symbol], since, NEVER);
      expect(trades.map(({ quantity }) => quantity.toString())).toEqual(['0.004']);
    });

    it('that comes after all was filled leaves a filled order', async () => {
      const { account, exchange } = world();
      const order = await placed(world(), orderFor(world(), 'qsrace'));
      exchange.next('cancel', { kind: 'cancel-race', percent: 100 });
      await account.cancel(order);
      expect(plain(await found(world(), order))).toMatchObject({
        status: 'filled',
        filled: '0.01',
      });
    });

    it.each([
      ['a connection that ends', { kind: 'drop', accepted: true }],
      ['a 500', { kind: 'server-error', status: 500, accepted: true }],
      ['half an answer', { kind: 'malformed', accepted: true }],
      ['an empty answer', { kind: 'empty', accepted: false }],
      ['a web page', { kind: 'html', accepted: false }],
      ['a 429', { kind: 'rate-limit', retryAfterS: 1, accepted: false }],
    ] as const)('is unknown after %s', async (_, fate) => {
      const { account, exchange } = world();
      const order = await placed(world(), orderFor(world(), 'qscut'));
      exchange.next('cancel', fate);
      expect(await account.cancel(order)).toMatchObject({ kind: 'unknown' });
    });

    it('that takes its time is shown as under way or still open, never as over', async () => {
      const { account, exchange } = world();
      const order = await placed(world(), orderFor(world(), 'qsslow'));
      exchange.next('cancel', { kind: 'stuck-cancel', ms: 60_000 });
      expect(await account.cancel(order)).toEqual({ kind: 'sent' });
      expect(['pending-cancel', 'open']).toContain((await found(world(), order)).status);
    });
  });
}
