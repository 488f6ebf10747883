import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { limitEntry, stopLoss } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';
import { dec, entryOrder, exitOrder } from '../../../support/orders.ts';

const MINUTE = 60_000;
const STOP = orderId(2);
const ENTRY = orderId(5);

/** A stop that was called back for an exit, and rests again since that was refused. */
async function stopOnItsSecondLeg(): Promise<LiveWorld> {
  const world = await new LiveWorld().start();
  world.account.price = dec(100);
  world.submit(entryOrder({ id: 1, quantity: '1' }));
  await world.time.advance(MINUTE);
  world.submit(stopLoss());
  await world.time.advance(MINUTE);
  world.account.price = null;
  world.account.next('place', { kind: 'refused', cause: 'other' });
  world.submit(exitOrder({ id: 4, quantity: '1' }));
  await world.time.advance(MINUTE);
  return world;
}

/** An entry that was called back, told to be over, and of which an engine that is gone knew. */
async function calledBack(dropsClientIds: boolean): Promise<LiveWorld> {
  const world = await new LiveWorld().start();
  world.account.dropsClientIds = dropsClientIds;
  world.submit(limitEntry(5));
  await world.time.advance(MINUTE);
  world.cancel(ENTRY);
  await world.time.advance(MINUTE);
  expect(world.story(ENTRY)).toEqual(['accepted', 'canceled']);
  return world.killed().start();
}

describe('a fill of a leg that was over', () => {
  it('that leaves nothing to do calls the present leg back', async () => {
    const world = await stopOnItsSecondLeg();
    expect(world.account.open.map(({ order }) => order.type)).toEqual(['stop']);
    world.account.fill(world.sent(2), undefined, { price: '90' });
    await world.time.advance(MINUTE);
    expect(world.account.open).toEqual([]);
    expect(world.story(STOP)).toEqual(['accepted', 'filled 1']);
    const unfinished = world.ledger.unfinished();
    expect(unfinished).toEqual([]);
  });

  it('calls the present leg back in a process that was killed meanwhile', async () => {
    const world = await stopOnItsSecondLeg();
    world.account.fateOf = (call) => ({ kind: call === 'cancel' ? 'lost-before' : 'ok' });
    world.account.fill(world.sent(2), undefined, { price: '90' });
    await world.time.advance(MINUTE);
    expect(world.account.open).toHaveLength(1);
    const next = world.killed();
    next.account.fateOf = () => ({ kind: 'ok' });
    await next.start();
    await next.time.advance(MINUTE);
    expect(next.account.open).toEqual([]);
    expect(next.story(STOP)).toEqual(['accepted', 'filled 1']);
  });

  it('of a part leaves the present leg on what is left', async () => {
    const world = await stopOnItsSecondLeg();
    world.account.fill(world.sent(2), '0.4', { price: '90' });
    await world.time.advance(MINUTE);
    expect(world.account.open.map(({ order }) => order.quantity.toString())).toEqual(['0.6']);
    expect(world.story(STOP)).toEqual(['accepted', 'partially_filled 0.4']);
  });

  it.each([false, true])('is booked after a restart; ids dropped: %s', async (drops) => {
    const world = await calledBack(drops);
    world.account.fill(world.account.orders.keys().next().value ?? '');
    await world.time.advance(3 * MINUTE);
    expect(world.story(ENTRY)).toEqual(['accepted', 'canceled', 'late filled 1']);
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
  });
});
