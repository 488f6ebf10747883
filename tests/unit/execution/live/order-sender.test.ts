import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { limitEntry } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';
import { dec, entryOrder, exitOrder } from '../../../support/orders.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A world that sells the one unit it holds, at the market, and is to buy another. */
async function selling(): Promise<LiveWorld> {
  const world = await new LiveWorld().start();
  world.account.price = dec(100);
  world.submit(entryOrder({ id: 1, quantity: '1' }));
  await world.time.advance(MINUTE);
  world.account.price = null;
  world.submit(exitOrder({ id: 2, quantity: '1' }), entryOrder({ id: 3, quantity: '1' }));
  await world.time.advance(10 * SECOND);
  return world;
}

describe('the sender of orders', () => {
  it('repeats a cancellation that the exchange does not follow every ten seconds', async () => {
    const world = await new LiveWorld().start();
    world.submit(limitEntry());
    await world.time.advance(MINUTE);
    world.account.fateOf = (call) => ({ kind: call === 'cancel' ? 'lost-before' : 'ok' });
    world.cancel(orderId(1));
    await world.time.advance(45 * SECOND);
    expect(world.account.cancels).toHaveLength(5);
  });

  it('lets an exit that too many went before leave once there is room for it', async () => {
    const world = await new LiveWorld({ settings: { createsPerMinute: 2 } }).start();
    world.account.price = dec(100);
    world.submit(entryOrder({ id: 1, quantity: '1' }));
    await world.time.advance(2 * MINUTE);
    // Exits may be twice as many.
    for (let id = 2; id <= 5; id += 1) world.submit(exitOrder({ id, quantity: '0.1' }));
    await world.time.advance(30 * SECOND);
    world.submit(exitOrder({ id: 6, quantity: '0.1' }));
    await world.time.advance(25 * SECOND);
    expect(world.account.posts).toHaveLength(5);
    await world.time.advance(7 * SECOND);
    expect(world.account.posts).toHaveLength(6);
  });

  it('sends what is called back before what is to take its place', async () => {
    const world = await new LiveWorld().start();
    world.submit(limitEntry());
    await world.time.advance(MINUTE);
    const said: string[] = [];
    world.account.fateOf = (call) => {
      if (call === 'place' || call === 'cancel') said.push(call);
      return { kind: 'ok' };
    };
    world.replace([orderId(1)], [limitEntry(2)]);
    await world.time.advance(SECOND);
    expect(said).toEqual(['cancel', 'place']);
  });

  it('keeps an entry back until what its strategy sells is sold: both would count', async () => {
    const world = await selling();
    expect(world.sentIds).toHaveLength(2);
    world.account.fill(world.sent(2), '1');
    await world.time.advance(10 * SECOND);
    expect(world.sentIds).toHaveLength(3);
  });

  it('keeps an entry back until one that is called back is gone', async () => {
    const world = await new LiveWorld().start();
    world.submit(limitEntry());
    await world.time.advance(MINUTE);
    world.account.fateOf = (call) => ({ kind: call === 'cancel' ? 'ignored' : 'ok' });
    world.replace([orderId(1)], [limitEntry(2)]);
    await world.time.advance(30 * SECOND);
    expect(world.sentIds).toHaveLength(1);
    world.account.set(world.sent(1), 'canceled');
    await world.time.advance(10 * SECOND);
    expect(world.sentIds).toHaveLength(2);
  });

  it('drops an entry where the one that was called back for it filled after all', async () => {
    const world = await new LiveWorld().start();
    world.submit(limitEntry());
    await world.time.advance(MINUTE);
    world.account.fateOf = (call) => ({ kind: call === 'cancel' ? 'ignored' : 'ok' });
    world.replace([orderId(1)], [limitEntry(2)]);
    await world.time.advance(5 * SECOND);
    world.account.fill(world.sent(1), '1');
    await world.time.advance(20 * SECOND);
    expect(world.story(orderId(1)).at(-1)).toBe('filled 1');
    expect(world.story(orderId(2))).toEqual(['accepted', 'canceled']);
    expect(world.sentIds).toHaveLength(1);
  });

  it('gives up an entry that could not leave for a minute', async () => {
    const world = await selling();
    await world.time.advance(2 * MINUTE);
    expect(world.story(orderId(3))).toEqual(['accepted', 'canceled']);
    world.account.fill(world.sent(2), '1');
    await world.time.advance(MINUTE);
    expect(world.sentIds).toHaveLength(2);
  });

  it('looks at nothing while an order rests, and while an answer is awaited', async () => {
    const world = await new LiveWorld().start();
    const waits: number[] = [];
    const wait = world.time.wait.bind(world.time);
    world.time.wait = (ms, signal) => {
      waits.push(ms);
      return wait(ms, signal);
    };
    let answer = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    world.account.fateOf = (call) => (call === 'place' ? { kind: 'held', until } : { kind: 'ok' });
    world.submit(limitEntry());
    await world.time.advance(20 * SECOND);
    expect(waits.filter((ms) => ms === SECOND)).toEqual([]);
    answer();
    await world.time.advance(20 * SECOND);
    expect(world.account.posts).toHaveLength(1);
  });
});
