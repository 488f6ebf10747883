import { describe, expect, it } from 'vitest';
import { LiveWorld } from '../../../support/live/live-world.ts';
import { limitEntry } from '../../../support/live/live-orders.ts';
import { entryOrder } from '../../../support/orders.ts';
import type { VenueOrderReport } from '../../../../src/ports/exchange-account.ts';

const MINUTE = 60_000;

async function waiting(): Promise<LiveWorld> {
  const world = await new LiveWorld().start();
  world.submit(limitEntry());
  await world.time.advance(MINUTE);
  return world;
}

describe('a stop of the engine', () => {
  it('while the account is being read is no failure', async () => {
    const world = await waiting();
    let reads = 0;
    world.account.openOrders = (_: unknown, signal?: AbortSignal) => {
      reads++;
      return new Promise<readonly VenueOrderReport[]>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    };
    await world.time.advance(10_000);
    await world.stop();
    expect(reads).toBe(1);
    expect(world.failure).toBeNull();
  });
});

describe('a venue about to end', () => {
  it('waits for what takes any price, and for nothing that rests', async () => {
    const world = await new LiveWorld().start();
    world.submit(limitEntry());
    await world.time.advance(MINUTE);
    expect(world.venue.isQuiet).toBe(true);
    world.submit(entryOrder({ id: 2, quantity: '1' }));
    await world.time.advance(MINUTE);
    expect(world.venue.isQuiet).toBe(false);
    world.account.fill(world.sent(2), '1');
    await world.time.advance(MINUTE);
    expect(world.venue.isQuiet).toBe(true);
  });
});

describe('gates that an earlier process left closed', () => {
  it('open once the account can be read', async () => {
    const world = await waiting();
    world.account.fateOf = (call) => ({ kind: call === 'openOrders' ? 'fails' : 'ok' });
    await world.time.advance(5 * MINUTE);
    expect(world.gates.at(-1)).toMatchObject({ gate: 'connection' });
    expect(world.gates.at(-1)?.reason).toContain('could not be read');
    const next = world.killed();
    next.account.fateOf = () => ({ kind: 'ok' });
    await next.start();
    await next.time.advance(10 * MINUTE);
    const told = next.gates.map(({ gate, reason }) => `${gate} ${reason ?? 'open'}`);
    expect(told.toSorted()).toEqual(['connection open', 'errors open', 'reconciliation open']);
  });

  it('stay closed for as long as the account cannot be read', async () => {
    const world = await waiting();
    const next = await world.killed().start();
    next.account.fateOf = (call) => ({ kind: call === 'openOrders' ? 'fails' : 'ok' });
    const before = next.gates.length;
    await next.time.advance(5 * MINUTE);
    const since = next.gates.slice(before).filter(({ gate }) => gate === 'connection');
    expect(since.every(({ reason }) => reason !== null)).toBe(true);
    expect(since.length).toBeGreaterThan(0);
  });

  it('for too many orders are told to be open by a new process, and close again', async () => {
    const world = await new LiveWorld({ settings: { createsPerMinute: 2 } }).start();
    expect(world.gates).toContainEqual({ gate: 'errors', symbol: null, reason: null });
    world.submit(limitEntry(1), limitEntry(2), limitEntry(3));
    await world.time.advance(1_000);
    const errors = world.gates.filter(({ gate }) => gate === 'errors');
    expect(errors).toHaveLength(2);
    expect(errors[1]?.reason).toContain('until the engine is started again');
  });
});
