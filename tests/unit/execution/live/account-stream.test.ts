import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../../src/core/errors.ts';
import { orderId } from '../../../../src/core/ids.ts';
import type { ExchangeAccount } from '../../../../src/ports/exchange-account.ts';
import { limitEntry } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';
import { ScriptedAccount } from '../../../support/live/scripted-account.ts';
import { SteppedTime } from '../../../support/stepped-time.ts';

const MINUTE = 60_000;

/** An account whose stream breaks as often as it is opened. */
class BreakingAccount extends ScriptedAccount {
  opened = 0;
  override readonly watch: ExchangeAccount['watch'] = async (on) => {
    this.opened++;
    on.ready();
    await Promise.resolve();
    throw new ExchangeError('the stream broke', { kind: 'network' });
  };
}

describe('the stream of an account', () => {
  it('is opened again after it broke, less often each time it does not stand', async () => {
    const time = new SteppedTime(0);
    const account = new BreakingAccount(time);
    const world = await new LiveWorld({ time, account }).start();
    await time.advance(MINUTE);
    expect(account.opened).toBeGreaterThan(5);
    expect(account.opened).toBeLessThanOrEqual(61);
    world.submit(limitEntry());
    await time.advance(10_000);
    account.fill(world.sent(1));
    await time.advance(10_000);
    expect(world.story(orderId(1))).toEqual(['accepted', 'filled 1']);
    await world.stop();
    expect(world.failure).toBeNull();
  });

  it('tells of fills at once, ahead of any poll', async () => {
    const world = await new LiveWorld({ capabilities: { streams: true } }).start();
    world.submit(limitEntry());
    await world.time.advance(10_000);
    const reads = world.account.calls.length;
    world.account.fill(world.sent(1), '0.3');
    expect(world.account.calls).toHaveLength(reads);
    expect(world.story(orderId(1))).toEqual(['accepted', 'partially_filled 0.3']);
  });

  it('stops the venue where the engine cannot take what it tells', async () => {
    const world = await new LiveWorld({ capabilities: { streams: true } }).start();
    world.submit(limitEntry());
    await world.time.advance(10_000);
    world.intake.failsNext = true;
    world.account.fill(world.sent(1), '0.3');
    await world.time.advance(1);
    expect(world.failure).toEqual(new Error('the database is full'));
  });

  it('ends with the run, and leaves nothing waiting', async () => {
    const world = await new LiveWorld({ capabilities: { streams: true } }).start();
    await world.time.advance(5 * MINUTE);
    await world.stop();
    expect(world.failure).toBeNull();
    expect(world.time.pending).toBe(0);
  });
});
