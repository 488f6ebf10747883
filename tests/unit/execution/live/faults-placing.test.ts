import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { entryOrder, dec } from '../../../support/orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';

const MINUTE = 60_000;
const ENTRY = entryOrder({ id: 1, quantity: '1', side: 'buy' });
const O1 = orderId(1);

async function started(options?: ConstructorParameters<typeof LiveWorld>[0]): Promise<LiveWorld> {
  return await new LiveWorld(options).start();
}

describe('placing orders', () => {
  it('an order leaves once its input is on record, and fills are what trades say', async () => {
    const world = await started();
    world.account.price = dec(100);
    world.account.beforePost = ({ clientId }) => {
      expect(world.ledger.isDurable(clientId)).toBe(true);
      expect(world.intake.isInside).toBe(false);
    };
    world.submit(ENTRY);
    expect(world.account.posts).toHaveLength(0);
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(1);
    expect(world.story(O1)).toEqual(['filled 1']);
    expect(world.engine.fills[0]).toMatchObject({ price: dec(100), fee: dec('0.1') });
    await world.stop();
    expect(world.failure).toBeNull();
  });

  it('F01: an order that was placed before the answer got lost is adopted, and never sent again', async () => {
    const world = await started();
    world.account.next('place', { kind: 'accepted-then-lost' });
    world.submit(ENTRY);
    await world.time.advance(10_000);
    expect(world.story(O1)).toEqual(['unknown', 'accepted']);
    world.account.fill(world.sent(1));
    await world.time.advance(5 * MINUTE);
    expect(world.story(O1)).toEqual(['unknown', 'accepted', 'filled 1']);
    expect(world.account.posts).toHaveLength(1);
  });
});
