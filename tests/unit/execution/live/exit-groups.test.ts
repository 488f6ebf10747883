import { describe, expect, it } from 'vitest';
import { entryGroupOf, orderId } from '../../../../src/core/ids.ts';
import type { EntryOrder, ExitOrder } from '../../../../src/core/order.ts';
import { dec, entryOrder, exitOrder, strategyId } from '../../../support/orders.ts';
import { limitEntry, stopLoss, takeProfit } from '../../../support/live/live-orders.ts';
import type { VenueCapabilities } from '../../../../src/ports/exchange-account.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';

const MINUTE = 60_000;
const STOP = orderId(2);
const TARGET = orderId(3);
const GROUP = entryGroupOf(strategyId('test'), 'BTC/USD', 'pair');

function trailing(): ExitOrder {
  const trail = { kind: 'distance', distance: dec(10) } as const;
  const exit = exitOrder({ id: 2, quantity: '1' });
  return { ...exit, role: 'stop-loss', type: 'trailing_stop', stopPrice: dec(90), trail };
}

/** A world that holds one unit, bought at 100, with these exits asked for in one input. */
async function holding(
  exits: readonly ExitOrder[],
  capabilities: Partial<VenueCapabilities> = {},
): Promise<LiveWorld> {
  const world = await new LiveWorld({ capabilities: { capabilities } }).start();
  world.account.price = dec(100);
  world.submit(entryOrder({ id: 1, quantity: '1' }));
  await world.time.advance(MINUTE);
  world.submit(...exits);
  await world.time.advance(MINUTE);
  world.account.price = null;
  return world;
}

function rests(world: LiveWorld): readonly string[] {
  return world.account.open.map(({ order }) => `${order.type} ${order.quantity.toString()}`);
}

describe('exits of one position', () => {
  it('the stop rests at the exchange and the engine watches for the target', async () => {
    const world = await holding([stopLoss(), takeProfit()]);
    expect(rests(world)).toEqual(['stop 1']);
    expect(world.story(TARGET)).toEqual(['accepted']);
    expect(world.venue.describeProtection()).toEqual([
      'stop-losses rest at scripted',
      'trailing stops are watched by the engine, and only work while it runs',
      'take-profits are watched by the engine, and only work while it runs',
      'stop-loss o2 of BTC/USD is at scripted',
      'take-profit o3 of BTC/USD is watched by the engine',
    ]);
  });

  it('once the target is there, the stop makes room before the target is sent', async () => {
    const world = await holding([stopLoss(), takeProfit()]);
    world.quote(110.5, 110.6);
    await world.time.advance(5_000);
    expect(world.account.cancels).toHaveLength(1);
    expect(rests(world)).toEqual(['limit 1']);
    world.account.fill(world.sent(3));
    await world.time.advance(MINUTE);
    expect(world.story(TARGET)).toEqual(['accepted', 'filled 1']);
    expect(world.story(STOP)).toEqual(['accepted', 'canceled']);
    expect(world.engine.reasonOf(STOP)).toBe('group filled');
    expect(rests(world)).toEqual([]);
  });

  it('a target that is not filled at once gives its place back to the stop', async () => {
    const world = await holding([stopLoss(), takeProfit()]);
    world.quote(110.5, 110.6);
    await world.time.advance(5_000);
    world.account.fill(world.sent(3), '0.25');
    world.account.set(world.sent(3), 'canceled');
    await world.time.advance(MINUTE);
    expect(rests(world)).toEqual(['stop 0.75']);
    expect(world.story(TARGET)).toEqual(['accepted', 'partially_filled 0.25']);
    expect(world.story(STOP)).toEqual(['accepted']);
    expect(new Set(world.sentIds).size).toBe(4);
  });

  it('a stop that fills while it is called back leaves nothing for the target', async () => {
    const world = await holding([stopLoss(), takeProfit()]);
    world.account.next('cancel', { kind: 'lost-before' });
    world.quote(110.5, 110.6);
    await world.time.advance(500);
    world.account.fill(world.sent(2), undefined, { price: '90' });
    await world.time.advance(MINUTE);
    expect(world.story(STOP)).toEqual(['accepted', 'filled 1']);
    expect(world.story(TARGET)).toEqual(['accepted', 'canceled']);
    expect(world.account.posts).toHaveLength(2);
  });

  it('an exit at the market goes first; the stop comes back if it is refused', async () => {
    const world = await holding([stopLoss()]);
    world.account.next('place', { kind: 'refused', cause: 'market' });
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    await world.time.advance(MINUTE);
    expect(world.story(orderId(4))).toEqual(['accepted', 'canceled']);
    expect(world.story(STOP)).toEqual(['accepted']);
    expect(rests(world)).toEqual(['stop 1']);
  });

  it('an exit of a part at the market leaves the stop on the rest', async () => {
    const world = await holding([stopLoss()]);
    world.account.price = dec(101);
    world.submit(exitOrder({ id: 4, quantity: '0.4' }));
    await world.time.advance(MINUTE);
    expect(world.story(orderId(4)).at(-1)).toBe('filled 0.4');
    expect(rests(world)).toEqual(['stop 0.6']);
  });

  it('nothing is sent while it is unknown whether another exit is at the exchange', async () => {
    const world = await holding([]);
    world.account.next('place', { kind: 'lost-before' });
    world.submit(stopLoss());
    await world.time.advance(5_000);
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    await world.time.advance(30_000);
    expect(world.account.posts).toHaveLength(2);
    world.account.price = dec(100);
    await world.time.advance(5 * MINUTE);
    expect(world.story(orderId(4))).toEqual(['accepted', 'filled 1']);
    expect(world.story(STOP)).toEqual(['unknown', 'accepted', 'canceled']);
  });

  it('a stop that the exchange refuses is watched by the engine from then on', async () => {
    const world = await holding([]);
    world.account.next('place', { kind: 'refused', cause: 'other' });
    world.submit(stopLoss());
    await world.time.advance(MINUTE);
    expect(world.story(STOP)).toEqual(['accepted']);
    expect(rests(world)).toEqual([]);
    world.account.price = dec(89);
    world.quote(89.5, 89.6);
    await world.time.advance(MINUTE);
    expect(world.account.posts.at(-1)).toMatchObject({ type: 'market', quantity: dec(1) });
    expect(world.story(STOP)).toEqual(['accepted', 'filled 1']);
  });

  it('a stop on an exchange without stops triggers on the low of a bar', async () => {
    const world = await holding([stopLoss(), takeProfit()], { restsStops: false });
    expect(rests(world)).toEqual(['limit 1']);
    world.bar({ low: 91, high: 100, close: 95 });
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(2);
    await world.time.advance(MINUTE);
    world.account.price = dec(90);
    world.bar({ low: 89.5, high: 100, close: 95 });
    await world.time.advance(MINUTE);
    expect(world.story(STOP)).toEqual(['accepted', 'filled 1']);
    expect(world.story(TARGET)).toEqual(['accepted', 'canceled']);
  });

  it('of a bar that began before the order, only the close counts', async () => {
    const world = await holding([], { restsStops: false });
    world.submit(stopLoss());
    await world.time.advance(10_000);
    world.bar({ low: 80, high: 100, close: 95 });
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(1);
    expect(world.story(STOP)).toEqual(['accepted']);
  });

  it('a trailing stop follows the market where the exchange has none, and never back', async () => {
    const world = await holding([trailing()]);
    world.quote(120, 120.1);
    world.quote(111, 111.1);
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(1);
    const next = await world.killed().start();
    next.account.price = dec(110);
    next.quote(110, 110.1);
    await next.time.advance(MINUTE);
    expect(next.story(STOP)).toEqual(['accepted', 'filled 1']);
  });

  it('a market order for a stop that is lost is sent anew once it is certain that it is', async () => {
    const world = await holding([trailing()]);
    world.account.next('place', { kind: 'lost-before' });
    world.quote(89, 89.1);
    await world.time.advance(30_000);
    expect(world.account.posts).toHaveLength(2);
    world.account.price = dec(88);
    await world.time.advance(5 * MINUTE);
    expect(world.account.posts).toHaveLength(3);
    expect(new Set(world.sentIds).size).toBe(3);
    expect(world.story(STOP)).toEqual(['accepted', 'unknown', 'accepted', 'filled 1']);
  });

  it('a market exit that an exchange has no time for is sent five times, and may be asked for again', async () => {
    const world = await holding([]);
    world.account.fateOf = (call) =>
      call === 'place' ? { kind: 'refused', cause: 'rate' } : { kind: 'ok' };
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    await world.time.advance(10 * MINUTE);
    expect(world.account.posts).toHaveLength(6);
    expect(new Set(world.sentIds).size).toBe(6);
    expect(world.story(orderId(4))).toEqual(['canceled']);
  });

  it('stop and target rest side by side where the exchange allows it, and one ends the other', async () => {
    const world = await holding([], { restsBothExits: true });
    world.account.allowsShared = true;
    world.submit(stopLoss(), takeProfit());
    await world.time.advance(MINUTE);
    expect(rests(world)).toEqual(['stop 1', 'limit 1']);
    world.account.fill(world.sent(3), '0.4');
    await world.time.advance(MINUTE);
    expect(rests(world).toSorted()).toEqual(['limit 1', 'stop 0.6']);
    world.account.fill(world.sent(3));
    await world.time.advance(MINUTE);
    expect(rests(world)).toEqual([]);
    expect(world.story(STOP)).toEqual(['accepted', 'canceled']);
  });

  it('an entry of a group that fills ends the others', async () => {
    const world = await new LiveWorld().start();
    const grouped = (id: number): EntryOrder => ({ ...limitEntry(id), group: GROUP });
    world.submit(grouped(1), grouped(2));
    await world.time.advance(10_000);
    world.account.fill(world.sent(1), '0.1');
    await world.time.advance(MINUTE);
    expect(world.story(orderId(1))).toEqual(['accepted', 'partially_filled 0.1']);
    expect(world.story(orderId(2))).toEqual(['accepted', 'canceled']);
  });
});
