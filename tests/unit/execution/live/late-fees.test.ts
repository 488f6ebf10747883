import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { stopLoss } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';
import { dec, entryOrder, exitOrder } from '../../../support/orders.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STOP = orderId(2);
const FEE = { currency: 'BTC', amount: dec('0.0025') };

/** A world that bought one unit, of which nobody has said what it cost. */
async function bought(restsStops = false): Promise<LiveWorld> {
  const world = await new LiveWorld({ capabilities: { capabilities: { restsStops } } }).start();
  world.account.price = dec(100);
  world.account.feeOf = () => null;
  world.submit(entryOrder({ id: 1, quantity: '1' }));
  await world.time.advance(MINUTE);
  return world;
}

/** The exchange takes its fee, in coins, without a word. */
function takeFee(world: LiveWorld): void {
  world.account.balance.set('BTC', dec(1).minus(FEE.amount));
}

/** And tells of it later. */
function tellFee(world: LiveWorld, fee = FEE): void {
  const { balance, tradesMade } = world.account;
  const before = balance.get('BTC') ?? dec(0);
  world.account.tellFee(tradesMade[0]?.tradeId ?? '', fee);
  balance.set('BTC', before);
}

function held(world: LiveWorld): readonly string[] {
  return Object.values(world.venue.snapshot().held).map(String);
}

describe('coins that a fee was taken from before anybody said so', () => {
  it('are not offered again once the exchange said that they are not there', async () => {
    const world = await bought();
    takeFee(world);
    world.submit(stopLoss());
    await world.time.advance(2 * MINUTE);
    world.quote(89, 89.1);
    await world.time.advance(10 * MINUTE);
    expect(world.account.shortfalls).toBe(1);
    expect(world.account.posts.map(({ quantity }) => quantity.toString())).toEqual([
      '1',
      '1',
      '0.9975',
    ]);
    expect(world.story(STOP)).toEqual(['accepted', 'partially_filled 0.9975']);
    tellFee(world);
    await world.time.advance(HOUR);
    expect(world.story(STOP)).toEqual(['accepted', 'partially_filled 0.9975', 'canceled']);
    expect(held(world)).toEqual([]);
    expect(world.account.posts).toHaveLength(3);
  });

  it('let a stop rest on what is there, and leave it alone once the fee is told', async () => {
    const world = await bought(true);
    takeFee(world);
    world.submit(stopLoss());
    await world.time.advance(2 * MINUTE);
    const open = world.account.open.map(({ order }) => order.quantity.toString());
    expect(open).toEqual(['0.9975']);
    const sent = world.account.posts.length;
    expect(world.account.shortfalls).toBeLessThan(3);
    tellFee(world);
    await world.time.advance(2 * HOUR);
    expect(held(world)).toEqual(['0.9975']);
    expect(world.account.cancels).toEqual([]);
    expect(world.account.posts).toHaveLength(sent);
  });

  it('are offered in full to an exchange that has them', async () => {
    const world = await bought();
    await world.time.advance(2 * MINUTE);
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    await world.time.advance(MINUTE);
    expect(world.story(orderId(4))).toEqual(['filled 1']);
  });

  it('are owed once all was sold: no exit buys them back, and none is asked for again', async () => {
    const world = await bought();
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    await world.time.advance(MINUTE);
    tellFee(world, { currency: 'BTC', amount: dec('0.25') });
    await world.time.advance(2 * HOUR);
    expect(held(world)).toEqual(['-0.25']);
    world.submit(exitOrder({ id: 5, quantity: '0.25', side: 'buy' }));
    await world.time.advance(MINUTE);
    // Cancelled, whoever flattens would ask again at once, and again.
    expect(world.story(orderId(5))).toEqual(['rejected']);
    expect(world.account.posts).toHaveLength(2);
  });

  it('leave less than a lot: no exit sells that, and none is asked for again', async () => {
    const world = await bought();
    tellFee(world, { currency: 'BTC', amount: dec('0.999999999') });
    await world.time.advance(2 * HOUR);
    expect(held(world)).toEqual(['0.000000001']);
    world.account.price = dec(1e12);
    world.submit({ ...exitOrder({ id: 5, quantity: '0.00000001' }), referencePrice: 1e12 });
    await world.time.advance(MINUTE);
    expect(world.story(orderId(5))).toEqual(['rejected']);
    expect(world.account.posts).toHaveLength(1);
  });

  it('come back: an exit that had no goods goes on once they are there', async () => {
    const world = await bought();
    world.account.balance.set('BTC', dec(0));
    world.submit(exitOrder({ id: 4, quantity: '1' }));
    await world.time.advance(3 * MINUTE);
    expect(world.story(orderId(4)).at(-1)).not.toBe('filled 1');
    world.account.balance.set('BTC', dec(1));
    await world.time.advance(3 * MINUTE);
    expect(world.story(orderId(4)).at(-1)).toBe('filled 1');
  });
});

describe('a fee that is told late', () => {
  it('is read though no order is open', async () => {
    const world = await bought();
    await world.time.advance(26 * HOUR);
    tellFee(world);
    await world.time.advance(HOUR);
    expect(world.engine.heard.filter(({ kind }) => kind === 'fee')).toHaveLength(1);
    expect(held(world)).toEqual(['0.9975']);
  });

  it.each([false, true])('after a restart lessens what is held; ids dropped: %s', async (drops) => {
    const world = await bought();
    const next = world.killed();
    next.account.dropsClientIds = drops;
    const [trade] = next.account.tradesMade;
    if (trade !== undefined && drops) next.account.tradesMade[0] = { ...trade, clientId: null };
    takeFee(next);
    tellFee(next);
    await next.start();
    await next.time.advance(MINUTE);
    expect(held(next)).toEqual(['0.9975']);
  });

  it('is asked for with each look of the first hour, then twice an hour for a week', async () => {
    const world = await bought();
    const real = world.account.trades.bind(world.account);
    const reaches: number[] = [];
    world.account.trades = (symbols, since) => {
      reaches.push((world.time.now() - since) / MINUTE);
      return real(symbols, since);
    };
    await world.time.advance(6 * 24 * HOUR);
    // The first hour, and the ten minutes that every list reaches back further.
    const far = reaches.filter((minutes) => minutes > 71);
    expect(far.length).toBeGreaterThan(200);
    expect(far.length).toBeLessThanOrEqual(6 * 48);
    reaches.length = 0;
    await world.time.advance(2 * 24 * HOUR);
    expect(reaches.slice(-100).every((minutes) => minutes < 20)).toBe(true);
  });

  it('does not make a resting order have its whole time read again', async () => {
    const world = await bought(true);
    world.account.feeOf = () => ({ currency: 'USD', amount: dec(0) });
    tellFee(world);
    world.submit(stopLoss());
    await world.time.advance(HOUR);
    const real = world.account.trades.bind(world.account);
    let far = 0;
    world.account.trades = (symbols, since) => {
      far = Math.max(far, world.time.now() - since);
      return real(symbols, since);
    };
    await world.time.advance(10 * HOUR);
    expect(far).toBeLessThan(20 * MINUTE);
  });
});
