import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import type { VenueCapabilities } from '../../../../src/ports/exchange-account.ts';
import { stopLoss, takeProfit } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';
import type { Fate } from '../../../support/live/scripted-account.ts';
import { dec, entryOrder, exitOrder } from '../../../support/orders.ts';

const MINUTE = 60_000;
const STOP = orderId(2);
const TARGET = orderId(3);
const EXIT = orderId(4);
const OK: Fate = { kind: 'ok' };

/** A world that holds one unit, bought at 100. */
async function holding(capabilities: Partial<VenueCapabilities> = {}): Promise<LiveWorld> {
  const world = await new LiveWorld({ capabilities: { capabilities } }).start();
  world.account.price = dec(100);
  world.submit(entryOrder({ id: 1, quantity: '1' }));
  await world.time.advance(MINUTE);
  return world;
}

/** The exchange refuses whatever is sent. */
function refuse(world: LiveWorld, cause: Extract<Fate, { kind: 'refused' }>['cause']): void {
  world.account.fateOf = (call) => (call === 'place' ? { kind: 'refused', cause } : OK);
}

function differences(world: LiveWorld): readonly string[] {
  return (world.engine.checks.at(-1)?.differences ?? []).map(({ kind }) => kind);
}

describe('a position that is held', () => {
  for (const cause of ['rate', 'funds', 'market', 'other'] as const) {
    it(`a triggered stop that is refused (${cause}) is tried until it gets through`, async () => {
      const world = await holding({ restsStops: false });
      world.submit(stopLoss());
      await world.time.advance(MINUTE);
      refuse(world, cause);
      world.quote(89, 89.1);
      await world.time.advance(30 * MINUTE);
      expect(world.story(STOP)).toEqual(['accepted']);
      expect(differences(world)).toEqual(['lost-protection']);
      const tries = world.account.posts.length - 1;
      expect(tries).toBeGreaterThan(30);
      expect(tries).toBeLessThan(40);
      world.account.fateOf = () => OK;
      await world.time.advance(70_000);
      expect(world.story(STOP)).toEqual(['accepted', 'filled 1']);
      expect(differences(world)).toEqual([]);
    });
  }

  it('a stop that made room many times has as many tries as a new one', async () => {
    const world = await holding();
    world.submit(stopLoss(), takeProfit());
    await world.time.advance(MINUTE);
    world.account.price = null;
    for (let time = 0; time < 8; time++) {
      world.quote(110, 110.1);
      await world.time.advance(10_000);
      const tried = world.account.open.find(({ order }) => order.type === 'limit');
      if (tried !== undefined) world.account.set(tried.order.clientId, 'canceled');
      await world.time.advance(2 * MINUTE);
    }
    expect(world.story(TARGET)).toEqual(['accepted']);
    expect(world.story(STOP)).toEqual(['accepted']);
    expect(world.account.open.map(({ order }) => order.type)).toEqual(['stop']);
    expect(differences(world)).toEqual([]);
  });

  it('a target that is not to be had at its price leaves the stop in place for a while', async () => {
    const world = await holding();
    world.submit(stopLoss(), takeProfit());
    await world.time.advance(MINUTE);
    world.account.price = null;
    let guarded = 0;
    for (let second = 0; second < 600; second++) {
      world.quote(110, 110.1);
      await world.time.advance(1_000);
      const { open } = world.account;
      if (open.some(({ order }) => order.type === 'stop')) guarded++;
      const tried = open.find(({ order }) => order.type === 'limit');
      if (tried !== undefined) world.account.set(tried.order.clientId, 'canceled');
    }
    expect(world.account.posts.length).toBeGreaterThan(10);
    expect(guarded).toBeGreaterThan(450);
  });

  it('a target that is refused at its price leaves the stop in place for a while', async () => {
    const world = await holding();
    world.submit(stopLoss(), takeProfit());
    await world.time.advance(MINUTE);
    world.account.price = null;
    let guarded = 0;
    for (let second = 0; second < 600; second++) {
      const { open } = world.account;
      const hasStop = open.some(({ order }) => order.type === 'stop');
      if (hasStop) guarded++;
      world.account.fateOf = (call) =>
        call === 'place' && world.venue.placeOf(TARGET) === 'exchange'
          ? { kind: 'refused', cause: 'other' }
          : OK;
      world.quote(110, 110.1);
      await world.time.advance(1_000);
    }
    expect(world.story(TARGET)).toEqual(['accepted']);
    expect(guarded).toBeGreaterThan(450);
  });

  it('a stop that somebody cancels at the exchange is watched by the engine, and told', async () => {
    const world = await holding();
    world.submit(stopLoss());
    await world.time.advance(MINUTE);
    world.account.set(world.sent(2), 'canceled');
    await world.time.advance(MINUTE);
    expect(world.story(STOP)).toEqual(['accepted']);
    expect(world.venue.placeOf(STOP)).toBe('engine');
    expect(world.account.posts).toHaveLength(2);
    expect(differences(world)).toEqual(['lost-protection']);
    const errors = world.log.lines.filter(({ level }) => level === 'error');
    expect(errors[0]?.fields['order']).toBe(STOP);
    world.account.price = dec(89);
    world.quote(89, 89.1);
    await world.time.advance(MINUTE);
    expect(world.story(STOP)).toEqual(['accepted', 'filled 1']);
    expect(differences(world)).toEqual([]);
  });

  it('a stop that expires at the exchange is placed anew, and watched once that is in vain', async () => {
    const world = await holding();
    world.submit(stopLoss());
    await world.time.advance(MINUTE);
    world.account.set(world.sent(2), 'expired');
    await world.time.advance(MINUTE);
    expect(world.story(STOP)).toEqual(['accepted']);
    expect(world.account.open.map(({ order }) => order.type)).toEqual(['stop']);
    for (let count = 3; count <= 6; count++) {
      world.account.set(world.sent(count), 'expired');
      await world.time.advance(2 * MINUTE);
    }
    expect(world.account.open).toEqual([]);
    expect(world.venue.placeOf(STOP)).toBe('engine');
    expect(differences(world)).toEqual(['lost-protection']);
  });
});

describe('an exit at the market', () => {
  it('leaves though it was ordered before the account was read', async () => {
    const world = await holding({ restsStops: false });
    const next = world.killed();
    next.submit(exitOrder({ id: 4, quantity: '1' }));
    await next.start();
    await next.time.advance(MINUTE);
    expect(next.account.posts).toHaveLength(2);
    expect(next.story(EXIT)).toEqual(['filled 1']);
  });

  it('that never reached the exchange is sent anew once that is certain', async () => {
    const world = await holding({ restsStops: false });
    world.account.next('place', { kind: 'lost-before' });
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    await world.time.advance(10 * MINUTE);
    expect(world.story(EXIT)).toEqual(['unknown', 'accepted', 'filled 1']);
    expect(new Set(world.sentIds).size).toBe(3);
  });

  it('that the exchange ends unasked is sent anew, each time later, five times at most', async () => {
    const world = await holding({ restsStops: false });
    world.account.price = null;
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    for (let second = 0; second < 600; second++) {
      await world.time.advance(1_000);
      for (const { order } of world.account.open) world.account.set(order.clientId, 'canceled');
    }
    expect(world.account.posts).toHaveLength(6);
    expect(world.story(EXIT)).toEqual(['accepted', 'canceled']);
  });

  it('that is refused for good is not sent again', async () => {
    const world = await holding({ restsStops: false });
    refuse(world, 'other');
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    await world.time.advance(10 * MINUTE);
    expect(world.account.posts).toHaveLength(2);
    expect(world.story(EXIT)).toEqual(['rejected']);
  });
});
