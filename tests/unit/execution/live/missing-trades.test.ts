import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { dec, entryOrder } from '../../../support/orders.ts';
import { limitEntry } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const O1 = orderId(1);

const guarding = ({ gates }: LiveWorld) =>
  gates.filter(({ gate }) => gate === 'reconciliation').map(({ reason }) => reason);

describe('trades that are still missing', () => {
  it('keep entries of their symbol away until they come', async () => {
    const world = await new LiveWorld().start();
    world.submit(limitEntry());
    await world.time.advance(10_000);
    expect(guarding(world), 'told at the start, for an earlier process').toEqual([null]);
    world.account.fateOf = (call) => (call === 'trades' ? { kind: 'empty' } : { kind: 'ok' });
    world.account.fill(world.sent(1), undefined, { price: '98' });
    await world.time.advance(5 * MINUTE);
    expect(guarding(world)).toEqual([
      null,
      'order o1 of BTC/USD filled, and the trades of it are still missing',
    ]);
    world.account.fateOf = () => ({ kind: 'ok' });
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'filled 1']);
    expect(guarding(world).at(-1)).toBeNull();
  });
});

describe('a fee that is told late', () => {
  const entered = async (): Promise<LiveWorld> => {
    const world = await new LiveWorld().start();
    world.account.price = dec(100);
    world.account.feeOf = () => null;
    world.submit(entryOrder({ id: 1, quantity: '1' }));
    await world.time.advance(MINUTE);
    expect(world.engine.fills[0]).toMatchObject({ isFeeProvisional: true });
    return world;
  };
  const tell = (world: LiveWorld): void => {
    const id = world.account.tradesMade[0]?.tradeId ?? '';
    world.account.tellFee(id, { currency: 'USD', amount: dec('0.1') });
  };
  const corrections = (world: LiveWorld) =>
    world.engine.heard.filter(({ kind }) => kind === 'fee').length;
  /** Something has to be open for trades to be read often; it rests far away. */
  const keepReading = (world: LiveWorld): void => world.submit(limitEntry(2));

  it('is found hours later, though nothing was sent for so long', async () => {
    const world = await entered();
    await world.time.advance(3 * HOUR);
    keepReading(world);
    tell(world);
    await world.time.advance(40 * MINUTE);
    expect(corrections(world)).toBe(1);
  });

  it('is found by the process after this one', async () => {
    const world = await entered();
    await world.time.advance(HOUR);
    const next = await world.killed().start();
    keepReading(next);
    await next.time.advance(HOUR);
    tell(next);
    await next.time.advance(40 * MINUTE);
    expect(corrections(next)).toBe(1);
  });
});
