import { describe, expect, it } from 'vitest';
import { NEVER, orderFor } from './case-orders.ts';
import type { VenueWorld } from './venue-world.ts';

/** Who one is there, what time it is, and what things cost. */
export function accountCases(world: () => VenueWorld): void {
  describe('the account', () => {
    it('has a name that stays, and rights', async () => {
      const { account } = world();
      const identity = await account.identify(NEVER);
      expect(identity.accountId).not.toBe('');
      expect(await account.identify(NEVER)).toEqual(identity);
      expect(identity.mayTrade).not.toBe(false);
      expect(identity.mayWithdraw).not.toBe(true);
    });

    it('tells whether its key could take money out, where the venue says', async () => {
      const { account, exchange } = world();
      const before = (await account.identify(NEVER)).mayWithdraw;
      exchange.permit({ mayTrade: true, mayWithdraw: true });
      const after = (await account.identify(NEVER)).mayWithdraw;
      expect([before, after]).toEqual(before === null ? [null, null] : [false, true]);
    });

    it('knows the time of the exchange, to the second', async () => {
      const { account, exchange } = world();
      const time = await account.serverTime(NEVER);
      expect(Math.abs(time - exchange.now())).toBeLessThan(2000);
      exchange.setClockAhead(-90_000);
      const behind = await account.serverTime(NEVER);
      expect(Math.abs(behind - exchange.now())).toBeLessThan(2000);
    });

    it('takes no order for placed that the exchange refused by its clock', async () => {
      const { account, exchange, symbol } = world();
      await account.instrument(symbol, NEVER);
      exchange.setClockAhead(600_000);
      const outcome = await account.place(orderFor(world(), 'qsclock'));
      expect(exchange.count('qsclock')).toBe(outcome.kind === 'acknowledged' ? 1 : 0);
    });

    it('says of a symbol what steps it has', async () => {
      const { account, exchange, symbol } = world();
      exchange.relist({ tickSize: '0.01', lotStep: '0.00001' });
      const instrument = await account.instrument(symbol, NEVER);
      expect(instrument).toMatchObject({ symbol, quoteCurrency: world().quote });
      expect(instrument.tickSize.toString()).toBe('0.01');
      expect(instrument.lotStep.toString()).toBe('0.00001');
    });

    it('is asked for what it can do, and says what it must', () => {
      const { capabilities } = world().account;
      expect(capabilities.orderTypes.has('market')).toBe(true);
      expect(capabilities.orderTypes.has('limit')).toBe(true);
      expect(capabilities.timesInForce.size).toBeGreaterThan(0);
      expect(capabilities.clientIdField).not.toBe('');
      expect(capabilities.requestValidityMs).toBeGreaterThan(0);
      expect(capabilities.readPauseMs).toBeGreaterThanOrEqual(0);
    });

    it('shows what can be bought and sold for right now', async () => {
      const { account, exchange, symbol } = world();
      exchange.moveTo('61234.5');
      const [quote] = await account.quotes([symbol], NEVER);
      expect(quote?.symbol).toBe(symbol);
      expect(quote?.bid).toBeLessThanOrEqual(quote?.ask ?? 0);
      expect(quote?.bid).toBeGreaterThan(61_000);
      expect(quote?.ask).toBeLessThan(61_500);
    });
  });
}
