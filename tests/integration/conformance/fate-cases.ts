import { describe, expect, it } from 'vitest';
import type { Fate } from '../../support/exchange-sim/fates.ts';
import { allText, errorOf, found, NEVER, orderFor, placed, posts } from './case-orders.ts';
import type { VenueWorld } from './venue-world.ts';

interface Broken {
  readonly what: string;
  readonly fate: (accepted: boolean) => Fate;
}

const BREAKS: readonly Broken[] = [
  { what: 'a connection that ends', fate: (accepted) => ({ kind: 'drop', accepted }) },
  { what: 'silence', fate: (accepted) => ({ kind: 'hang', accepted }) },
  ...[500, 502, 503, 504].map((status) => ({
    what: `a ${status}`,
    fate: (accepted: boolean): Fate => ({ kind: 'server-error', status, accepted }),
  })),
  { what: 'half an answer', fate: (accepted) => ({ kind: 'malformed', accepted }) },
  { what: 'a web page', fate: (accepted) => ({ kind: 'html', accepted }) },
  { what: 'an empty answer', fate: (accepted) => ({ kind: 'empty', accepted }) },
  { what: 'an endless answer', fate: (accepted) => ({ kind: 'huge', bytes: 5_000_000, accepted }) },
  {
    what: 'a redirect',
    fate: (accepted) => ({ kind: 'redirect', to: 'http://127.0.0.1:9/', accepted }),
  },
  {
    what: 'a byte now and then',
    fate: (accepted) => ({ kind: 'slow-loris', everyMs: 100, accepted }),
  },
];

const TAKEN = [
  ['that was taken', true],
  ['that was lost', false],
] as const;

/** What is known of an order whose one request went wrong: the world's timeout is short. */
export function fateCases(world: () => VenueWorld): void {
  async function markets(): Promise<void> {
    await world().account.instrument(world().symbol, NEVER);
  }

  describe.each(TAKEN)('an order %s', (_, accepted) => {
    it.each(BREAKS)('is unknown after $what, and sent once', async ({ fate }) => {
      await markets();
      world().exchange.next('place', fate(accepted));
      const outcome = await world().account.place(orderFor(world(), 'qsfate'));
      expect(outcome.kind).toBe('unknown');
      expect(posts(world())).toBe(1);
      expect(world().exchange.count('qsfate')).toBe(accepted ? 1 : 0);
      for (const secret of world().secrets) expect(JSON.stringify(outcome)).not.toContain(secret);
    });

    it('is refused after a 429 only if it is not there', async () => {
      await markets();
      world().exchange.next('place', { kind: 'rate-limit', retryAfterS: 2, accepted });
      const outcome = await world().account.place(orderFor(world(), 'qsbusy'));
      expect(accepted ? ['unknown'] : ['unknown', 'refused']).toContain(outcome.kind);
      expect(posts(world())).toBe(1);
    });
  });

  describe('an order', () => {
    it('is unknown where a success names no order', async () => {
      await markets();
      world().exchange.next('place', { kind: 'no-id' });
      const outcome = await world().account.place(orderFor(world(), 'qsnoid'));
      expect(outcome.kind).toBe('unknown');
      expect(world().exchange.count('qsnoid')).toBe(1);
    });

    it('that was taken in silence is found later, by our id', async () => {
      await markets();
      const { account, exchange, symbol } = world();
      exchange.next('place', { kind: 'drop', accepted: true });
      await account.place(orderFor(world(), 'qslost'));
      const ref = { clientId: 'qslost', venueId: null, symbol };
      const truth = exchange.order('qslost')?.id;
      expect(await found(world(), ref)).toMatchObject({ clientId: 'qslost', venueId: truth });
      const open = await account.openOrders([symbol], NEVER);
      expect(open).toMatchObject([{ clientId: 'qslost', venueId: truth }]);
      expect(posts(world())).toBe(1);
    });

    it('that was filled in silence is found later, by our id', async () => {
      await markets();
      const { account, exchange, symbol } = world();
      const since = exchange.now() - 60_000;
      exchange.next('place', { kind: 'drop', accepted: true });
      await account.place(orderFor(world(), 'qsquiet'));
      exchange.fill('qsquiet');
      const ref = { clientId: 'qsquiet', venueId: null, symbol };
      expect(await found(world(), ref)).toMatchObject({ status: 'filled' });
      const closed = await account.closedOrders([symbol], since, NEVER);
      expect(closed).toMatchObject([{ clientId: 'qsquiet', status: 'filled' }]);
    });

    it('that was never there is not found, and no error', async () => {
      await markets();
      const { account, symbol } = world();
      const ref = { clientId: 'qsnever', venueId: null, symbol };
      expect(await account.find(ref, NEVER)).toBeNull();
    });

    it('that reads do not show yet is not found, then found', async () => {
      await markets();
      const { account, exchange } = world();
      exchange.next('place', { kind: 'not-found', reads: 1 });
      const order = await placed(world(), orderFor(world(), 'qslate'));
      expect(await account.find(order, NEVER)).toBeNull();
      expect(await found(world(), order)).toMatchObject({ status: 'open' });
    });

    it('that fills before it is acknowledged is acknowledged all the same', async () => {
      await markets();
      world().exchange.next('place', { kind: 'fill-before-ack', delayMs: 20 });
      const order = await placed(world(), orderFor(world(), 'qsfast'));
      expect(await found(world(), order)).toMatchObject({ status: 'filled' });
    });

    it('is not sent while the venue asked to be left alone', async () => {
      await markets();
      const { account, exchange, symbol } = world();
      exchange.next('open', { kind: 'rate-limit', retryAfterS: 30, accepted: false });
      await errorOf(account.openOrders([symbol], NEVER));
      const outcome = await account.place(orderFor(world(), 'qssilent'));
      expect(outcome).toMatchObject({ kind: 'refused', cause: 'rate' });
      expect(posts(world())).toBe(0);
    });

    it('is refused before it is sent where the markets cannot be read', async () => {
      const { account, exchange } = world();
      exchange.next('markets', { kind: 'server-error', status: 500, accepted: false });
      exchange.next('markets', { kind: 'server-error', status: 500, accepted: false });
      exchange.next('markets', { kind: 'server-error', status: 500, accepted: false });
      expect(await account.place(orderFor(world(), 'qsblind'))).toMatchObject({ kind: 'refused' });
      expect(posts(world())).toBe(0);
    });
  });

  describe('a read', () => {
    const READS = ['open', 'closed', 'trades', 'balances'] as const;
    const FAULTS: readonly Broken[] = [
      ...BREAKS,
      {
        what: 'a 429',
        fate: (accepted) => ({ kind: 'rate-limit', retryAfterS: 7, accepted }),
      },
      { what: 'a ban', fate: () => ({ kind: 'ban', seconds: 60 }) },
    ];

    it.each(FAULTS)('fails after $what, which may pass, and shows no secret', async ({ fate }) => {
      await markets();
      const { account, exchange, symbol, secrets } = world();
      exchange.next('open', fate(false));
      const error = await errorOf(account.openOrders([symbol], NEVER));
      expect(error).toMatchObject({ name: 'ExchangeError', isRetryable: true });
      for (const secret of secrets) expect(allText(error)).not.toContain(secret);
    });

    it.each(READS)('of %s that comes to half a list is none', async (read) => {
      await markets();
      const { account, exchange, symbol } = world();
      exchange.next(read, { kind: 'malformed', accepted: true });
      const reads = {
        open: () => account.openOrders([symbol], NEVER),
        closed: () => account.closedOrders([symbol], 0, NEVER),
        trades: () => account.trades([symbol], exchange.now() - 1000, NEVER),
        balances: () => account.balances(NEVER),
      };
      expect(await errorOf(reads[read]())).toMatchObject({ kind: 'bad-response' });
    });

    it('says how long the venue asked to be left alone', async () => {
      await markets();
      const { account, exchange, symbol } = world();
      exchange.next('open', { kind: 'rate-limit', retryAfterS: 7, accepted: false });
      const error = await errorOf(account.openOrders([symbol], NEVER));
      expect(error).toMatchObject({ kind: 'rate-limit', retryAfterMs: 7000 });
    });

    it('ends with the reason of its signal', async () => {
      await markets();
      const { account, exchange, symbol } = world();
      exchange.next('open', { kind: 'hang', accepted: false });
      const stop = new AbortController();
      const work = errorOf(account.openOrders([symbol], stop.signal));
      const reason = new Error('enough');
      stop.abort(reason);
      expect(await work).toBe(reason);
    });

    it('does not go on after the account was closed', async () => {
      await markets();
      const { account, symbol } = world();
      await account.close();
      expect(await errorOf(account.openOrders([symbol], NEVER))).toMatchObject({
        name: 'ExchangeError',
      });
    });
  });
}
