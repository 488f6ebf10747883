import { describe, expect, it } from 'vitest';
import { orderId, positionId } from '../../../../src/core/ids.ts';
import { dec, entryOrder, exitOrder } from '../../../support/orders.ts';
import { limitEntry, stopLoss } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';

const MINUTE = 60_000;
const O1 = orderId(1);
const O2 = orderId(2);
const O3 = orderId(3);
const ENTRY = entryOrder({ id: 1, quantity: '1' });

async function started(options?: ConstructorParameters<typeof LiveWorld>[0]): Promise<LiveWorld> {
  return await new LiveWorld(options).start();
}

/** A world in which a limit entry for one unit rests at the exchange. */
async function resting(options?: ConstructorParameters<typeof LiveWorld>[0]): Promise<LiveWorld> {
  const world = await started(options);
  world.submit(limitEntry());
  await world.time.advance(10_000);
  return world;
}

describe('fills, cancellations and fees', () => {
  it('F15: a fill that stream and poll both tell is booked once, after a restart too', async () => {
    const world = await resting({ capabilities: { streams: true } });
    const trade = world.account.fill(world.sent(1), '0.4');
    world.account.stream({ kind: 'trade', trade });
    world.account.tradesMade.push(trade);
    await world.time.advance(MINUTE);
    const next = await world.killed().start();
    next.account.stream({ kind: 'trade', trade });
    await next.time.advance(10 * MINUTE);
    expect(next.story(O1)).toEqual(['accepted', 'partially_filled 0.4']);
  });

  it('F16: what is only known to be filled waits for its trades, and is booked from them alone', async () => {
    const world = await resting();
    world.account.fateOf = (call) => (call === 'trades' ? { kind: 'empty' } : { kind: 'ok' });
    world.account.fill(world.sent(1), undefined, { price: '98.76' });
    await world.time.advance(5 * MINUTE);
    expect(world.story(O1)).toEqual(['accepted']);
    expect(world.log.warnings.length).toBeGreaterThan(2);
    world.account.fateOf = () => ({ kind: 'ok' });
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'filled 1']);
    expect(world.engine.fills[0]?.price).toEqual(dec('98.76'));
  });

  it('F17: a fill that the stream missed is found by the poll within ten seconds', async () => {
    const world = await resting({ capabilities: { streams: true } });
    const { watch } = world.account;
    expect(watch).not.toBeNull();
    world.account.isMute = true;
    world.account.fill(world.sent(1), '0.4');
    await world.time.advance(10_000);
    expect(world.story(O1)).toEqual(['accepted', 'partially_filled 0.4']);
  });

  it('F18: an order that filled while it was cancelled is filled', async () => {
    const world = await resting();
    world.cancel(O1);
    world.account.fill(world.sent(1));
    await world.time.advance(MINUTE);
    expect(world.account.cancels).toHaveLength(1);
    expect(world.story(O1)).toEqual(['accepted', 'filled 1']);
  });

  it('F18: fills are booked before the cancellation that came after them', async () => {
    const world = await resting();
    world.account.fateOf = (call) => (call === 'trades' ? { kind: 'empty' } : { kind: 'ok' });
    world.account.fill(world.sent(1), '0.3');
    world.cancel(O1);
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted']);
    world.account.fateOf = () => ({ kind: 'ok' });
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'partially_filled 0.3', 'canceled']);
  });

  it('F18: an execution after the end that the exchange had named is booked as late', async () => {
    const world = await resting();
    world.cancel(O1);
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'canceled']);
    world.account.fill(world.sent(1), '0.3');
    await world.time.advance(2 * MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'canceled', 'late partially_filled 0.3']);
    expect(world.engine.fills.at(-1)?.late).toMatchObject({ id: O1 });
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
  });

  it('F19: the rest of a cancelled order keeps its fills, and what cannot be sold is not tried', async () => {
    const world = await resting();
    world.account.fill(world.sent(1), '0.001');
    await world.time.advance(10_000);
    world.cancel(O1);
    await world.time.advance(MINUTE);
    world.submit(stopLoss(2, '0.001'), exitOrder({ id: 3, quantity: '0.001' }));
    await world.time.advance(10 * MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'partially_filled 0.001', 'canceled']);
    expect(world.story(O2)).toEqual(['rejected']);
    expect(world.story(O3)).toEqual(['rejected']);
    expect(world.account.posts).toHaveLength(1);
  });

  it('F20: a closed order that says nothing of what it filled is unknown until trades tell', async () => {
    const world = await resting();
    world.account.set(world.sent(1), 'filled');
    world.account.claim(world.sent(1), null);
    await world.time.advance(10 * MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'unknown']);
    world.account.fill(world.sent(1));
    await world.time.advance(2 * MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'unknown', 'filled 1']);
  });

  it('F20: a fill that a status invents is not booked', async () => {
    const world = await resting();
    world.account.set(world.sent(1), 'filled');
    world.account.claim(world.sent(1), dec(1));
    await world.time.advance(30 * MINUTE);
    expect(world.engine.fills).toEqual([]);
    expect(world.story(O1)).toEqual(['accepted']);
  });

  it('F21: a status that no table lists makes an order unknown, never open and never over', async () => {
    const world = await resting();
    world.account.set(world.sent(1), 'unclear');
    await world.time.advance(30 * MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'unknown']);
    expect(world.log.warnings.length).toBeGreaterThan(5);
    world.account.set(world.sent(1), 'rejected');
    await world.time.advance(2 * MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'unknown', 'rejected']);
  });

  it('F22: a fee taken from the goods leaves less to sell', async () => {
    const world = await started();
    world.account.price = dec(100);
    world.account.feeOf = () => ({ currency: 'BTC', amount: dec('0.001') });
    world.submit(ENTRY);
    await world.time.advance(MINUTE);
    const commission = { takenFrom: 'base', currency: 'BTC', amount: dec('0.001') };
    expect(world.engine.fills[0]).toMatchObject({ fee: dec('0.1'), commission });
    world.submit(stopLoss(2, '1'));
    await world.time.advance(MINUTE);
    expect(world.account.posts[1]?.quantity).toEqual(dec('0.999'));
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
  });

  it('F23: a fee from a third asset touches neither cash nor goods', async () => {
    const world = await started();
    world.account.price = dec(100);
    world.account.feeOf = () => ({ currency: 'BNB', amount: dec('0.01') });
    world.submit(ENTRY);
    await world.time.advance(5 * MINUTE);
    const commission = { takenFrom: 'other', currency: 'BNB', amount: dec('0.01') };
    expect(world.engine.fills[0]).toMatchObject({ fee: dec(0), commission });
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
  });

  it('F24: a fee that is told later corrects the fill, once', async () => {
    const world = await started();
    world.account.price = dec(100);
    world.account.feeOf = () => null;
    world.submit(ENTRY);
    await world.time.advance(MINUTE);
    expect(world.engine.fills[0]).toMatchObject({ fee: dec(0), isFeeProvisional: true });
    world.account.tellFee(world.account.tradesMade[0]?.tradeId ?? '', {
      currency: 'BTC',
      amount: dec('0.002'),
    });
    await world.time.advance(10 * MINUTE);
    const corrections = world.engine.heard.filter(({ kind }) => kind === 'fee');
    expect(corrections).toHaveLength(1);
    expect(corrections[0]).toMatchObject({
      correction: { booked: dec(0), fee: dec('0.2'), position: positionId(1) },
    });
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
    world.submit(stopLoss(2, '1'));
    await world.time.advance(MINUTE);
    expect(world.account.posts[1]?.quantity).toEqual(dec('0.998'));
  });

  it('F24: a fee that is told hours later still corrects the fill, in another process too', async () => {
    const first = await started();
    first.account.price = dec(100);
    first.account.feeOf = () => null;
    first.submit(ENTRY);
    await first.time.advance(60 * MINUTE);
    const world = await first.killed().start();
    await world.time.advance(60 * MINUTE);
    world.account.tellFee(world.account.tradesMade[0]?.tradeId ?? '', {
      currency: 'USD',
      amount: dec('0.2'),
    });
    await world.time.advance(40 * MINUTE);
    const corrections = world.engine.heard.filter(({ kind }) => kind === 'fee');
    expect(corrections).toMatchObject([{ correction: { booked: dec(0), fee: dec('0.2') } }]);
    expect(world.venue.snapshot().feesAwaited).toEqual({});
  });

  it('F25: a cancellation that is stuck counts as open, and is said after a minute', async () => {
    const world = await started();
    world.account.price = dec(100);
    world.submit(ENTRY);
    await world.time.advance(MINUTE);
    world.submit(stopLoss(2, '1'));
    await world.time.advance(MINUTE);
    world.account.fateOf = (call) => (call === 'cancel' ? { kind: 'ignored' } : { kind: 'ok' });
    world.replace([O2], [stopLoss(3, '1')]);
    await world.time.advance(50_000);
    const before = world.log.warnings.length;
    await world.time.advance(30_000);
    expect(world.log.warnings.length).toBeGreaterThan(before);
    expect(world.story(O2)).toEqual(['accepted']);
    expect(world.account.posts).toHaveLength(2);
    world.account.set(world.sent(2), 'canceled');
    await world.time.advance(MINUTE);
    expect(world.story(O2)).toEqual(['accepted', 'canceled']);
    expect(world.account.posts).toHaveLength(3);
  });

  it('F26: a stop that arrives after its position is closed is not sent', async () => {
    const world = await started();
    world.account.price = dec(100);
    world.submit(ENTRY);
    await world.time.advance(MINUTE);
    world.submit(exitOrder({ id: 2, quantity: '1' }));
    await world.time.advance(MINUTE);
    world.submit(stopLoss(3, '1'));
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(2);
    expect(world.story(O3)).toEqual(['canceled']);
  });

  it('F27: a stop follows what its entry has filled, and never covers more', async () => {
    const world = await resting();
    world.account.fill(world.sent(1), '0.4');
    await world.time.advance(10_000);
    world.submit(stopLoss(2, '0.4'));
    await world.time.advance(10_000);
    world.account.fill(world.sent(1), '0.6');
    await world.time.advance(10_000);
    world.replace([O2], [stopLoss(3, '1')]);
    await world.time.advance(MINUTE);
    const rests = world.account.open.map(({ order }) => order.quantity.toString());
    expect(rests).toEqual(['1']);
    expect(world.story(O2)).toEqual(['accepted', 'canceled']);
  });

  it('F28: stopping to send loses no order from sight, and cancellations still leave', async () => {
    const world = await resting();
    world.venue.stopSending();
    world.submit({ ...ENTRY, id: O2 });
    world.cancel(O1);
    world.account.fill(world.sent(1), '0.3');
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(1);
    expect(world.story(O1)).toEqual(['accepted', 'partially_filled 0.3', 'canceled']);
    expect(world.story(O2)).toEqual(['canceled']);
    expect(world.venue.isQuiet).toBe(true);
  });

  it('F29: more than was ordered is never booked: it is a difference, and the order unknown', async () => {
    const world = await resting();
    world.account.claim(world.sent(1), dec('1.5'));
    await world.time.advance(MINUTE);
    expect(world.engine.checks.at(-1)?.differences).toMatchObject([
      { kind: 'overfilled-order', symbol: 'BTC/USD', ours: dec(1), theirs: dec('1.5') },
    ]);
    expect(world.story(O1)).toEqual(['accepted', 'unknown']);
    const { inputs } = world.intake;
    await world.time.advance(10 * MINUTE);
    expect(world.intake.inputs).toBe(inputs);
  });

  it('F29: trades that come to more than was ordered are refused, the first of them are not', async () => {
    const world = await resting();
    world.account.fill(world.sent(1), '0.8');
    world.account.claim(world.sent(1), null);
    world.account.fill(world.sent(1), '0.7');
    await world.time.advance(5 * MINUTE);
    expect(world.engine.fills).toHaveLength(1);
    const kinds = world.engine.checks.at(-1)?.differences.map(({ kind }) => kind);
    expect(kinds).toContain('overfilled-order');
  });
});
