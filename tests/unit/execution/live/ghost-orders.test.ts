import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { limitEntry } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';

const MINUTE = 60_000;
const ENTRY = orderId(5);
const LISTS = new Set(['openOrders', 'closedOrders', 'find', 'trades']);

/** An entry whose answer was lost, that no list shows for long enough to count as never sent. */
async function takenForLost(): Promise<LiveWorld> {
  const world = await new LiveWorld().start();
  world.account.next('place', { kind: 'accepted-then-lost' });
  world.account.fateOf = (call) => ({ kind: LISTS.has(call) ? 'empty' : 'ok' });
  world.submit(limitEntry(5));
  await world.time.advance(5 * MINUTE);
  expect(world.story(ENTRY)).toEqual(['unknown', 'rejected']);
  return world;
}

function told(world: LiveWorld): readonly string[] {
  return world.engine.checks.flatMap(({ differences }) =>
    differences.map(({ message }) => message),
  );
}

describe('an order that was taken for over', () => {
  it('is called back and told of once the exchange shows it as open', async () => {
    const world = await takenForLost();
    world.account.fateOf = () => ({ kind: 'ok' });
    await world.time.advance(5 * MINUTE);
    expect(world.account.open).toEqual([]);
    expect(world.account.cancels).toHaveLength(1);
    expect(told(world)).toEqual([
      'order x1 on BTC/USD was taken for over and is open at the exchange: it is called back',
    ]);
    await world.time.advance(10 * MINUTE);
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
  });

  it('is called back again for as long as it is shown', async () => {
    const world = await takenForLost();
    world.account.fateOf = (call) => ({ kind: call === 'cancel' ? 'lost-before' : 'ok' });
    await world.time.advance(10 * MINUTE);
    expect(world.account.cancels.length).toBeGreaterThan(5);
    expect(told(world).length).toBe(1);
    const reasons = world.log.lines.filter(
      ({ fields }) =>
        fields['reason'] === 'timed out' &&
        fields['client_id'] === world.sent(1) &&
        !('order' in fields),
    );
    expect(reasons.length).toBeGreaterThan(5);
  });

  it('is left alone where one list alone shows it', async () => {
    const world = await takenForLost();
    world.account.next('openOrders', { kind: 'ok' });
    await world.time.advance(5 * MINUTE);
    expect(world.account.cancels).toEqual([]);
    expect(told(world)).toEqual([]);
  });

  it('is called back by a later process too', async () => {
    const world = await takenForLost();
    const next = world.killed();
    next.account.fateOf = () => ({ kind: 'ok' });
    await next.venue.reconcile(new AbortController().signal);
    expect(next.account.cancels).toEqual([]);
    await next.start();
    await next.time.advance(5 * MINUTE);
    expect(next.account.open).toEqual([]);
  });
});
