import { describe, expect, it } from 'vitest';
import { limitEntry, stopLoss } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';
import { dec, entryOrder } from '../../../support/orders.ts';

/** An account with a position, its stop, and an entry of another one that rests. */
async function working(): Promise<LiveWorld> {
  const world = await new LiveWorld().start();
  world.account.price = dec(100);
  world.submit(entryOrder({ id: 1, quantity: '1' }));
  await world.time.advance(10_000);
  world.submit(stopLoss(2, '1'));
  world.submit(limitEntry(3));
  await world.time.advance(10_000);
  expect(world.account.posts).toHaveLength(3);
  return world;
}

const never = new AbortController().signal;

describe('an engine that has stopped', () => {
  it('calls its entries back and leaves what protects', async () => {
    const world = await working();
    const left = await world.venue.abandon(false, never);
    expect(world.account.cancels.map(({ clientId }) => clientId)).toEqual([world.sent(3)]);
    expect(left).toEqual([
      'stop-loss o2 of BTC/USD stays at scripted',
      'entry o3 of BTC/USD was called back',
    ]);
  });

  it('leaves entries where they are to be kept', async () => {
    const world = await working();
    const left = await world.venue.abandon(true, never);
    expect(world.account.cancels).toEqual([]);
    expect(left.at(-1)).toBe('entry o3 of BTC/USD stays at scripted');
  });

  it('says so where the exchange does not answer', async () => {
    const world = await working();
    world.account.fateOf = (call) => (call === 'cancel' ? { kind: 'lost-before' } : { kind: 'ok' });
    const late = new AbortController();
    const leaving = world.venue.abandon(false, late.signal);
    await world.time.advance(1_000);
    late.abort();
    expect((await leaving).at(-1)).toBe('entry o3 of BTC/USD may still be open at scripted');
  });

  it('sends nothing any more', async () => {
    const world = await working();
    await world.venue.abandon(false, never);
    world.submit(limitEntry(4));
    await world.time.advance(60_000);
    expect(world.account.posts).toHaveLength(3);
  });
});
