import { describe, expect, it } from 'vitest';
import type { AccountUpdate } from '../../../src/ports/exchange-account.ts';
import {
  inProcessStream,
  type StreamOptions,
} from '../../support/exchange-sim/in-process-stream.ts';
import { makeExchange } from '../../support/exchange-sim/make-exchange.ts';
import { SeededChance } from '../../support/exchange-sim/seeded-chance.ts';
import { VirtualTime } from '../../support/exchange-sim/virtual-time.ts';

const PAIR = 'BTC/USD';

function world(faults: Partial<StreamOptions> = {}) {
  const time = new VirtualTime(1_772_445_600_000);
  const { core } = makeExchange('kraken', { clock: time });
  const watch = inProcessStream({ core, time, chance: new SeededChance(7), ...faults });
  const updates: AccountUpdate[] = [];
  const stop = new AbortController();
  let isReady = false;
  const following = watch(
    { ready: () => (isReady = true), update: (update) => updates.push(update) },
    stop.signal,
  );
  const buy = () =>
    core.external.place({ symbol: PAIR, side: 'buy', quantity: '0.1', clientId: 'qsx' });
  return { time, core, updates, stop, following, buy, isReady: () => isReady };
}

function later(time: VirtualTime): Promise<void> {
  return time.runUntil(time.now() + 1_000);
}

describe('a stream within the process', () => {
  it('tells of orders and trades, once it is ready', async () => {
    const { time, updates, buy, isReady } = world();
    expect(isReady()).toBe(false);
    await later(time);
    expect(isReady()).toBe(true);
    buy();
    await later(time);
    const trades = updates.flatMap((each) => (each.kind === 'trade' ? [each.trade] : []));
    expect(trades).toHaveLength(1);
    expect(trades[0]?.price.toString()).toBe('60012');
    expect(trades[0]?.fee?.amount.toString()).toBe('24.0048');
    const statuses = updates.flatMap((each) => (each.kind === 'order' ? [each.order.status] : []));
    expect(statuses.toSorted()).toEqual(['filled', 'open']);
  });

  it('ends when its signal aborts, and tells nothing any more', async () => {
    const { time, core, updates, stop, following, buy } = world();
    await later(time);
    stop.abort();
    await following;
    buy();
    await later(time);
    expect(updates).toEqual([]);
    expect(core.reached.size).toBe(0);
  });

  it('is silent without a word while the exchange says so', async () => {
    const { time, core, updates, buy } = world();
    await later(time);
    core.next('open', { kind: 'silent-stream' });
    core.areStreamsSilent = true;
    buy();
    await later(time);
    expect(updates).toEqual([]);
    core.heal();
    buy();
    await later(time);
    expect(updates.length).toBeGreaterThan(0);
  });

  it('repeats, loses and breaks as often as it is told to, and counts it', async () => {
    const doubled = world({ doubles: 1 });
    doubled.buy();
    await later(doubled.time);
    expect(doubled.updates).toHaveLength(6);
    expect(doubled.core.reached.get('F15 stream double')).toBe(3);
    const lost = world({ losses: 1 });
    lost.buy();
    await later(lost.time);
    expect(lost.updates).toEqual([]);
    expect(lost.core.reached.get('F17 stream loss')).toBe(3);
    const torn = world({ breaks: 1 });
    torn.buy();
    await expect(torn.following).rejects.toMatchObject({ kind: 'network', isRetryable: true });
    expect(torn.core.reached.get('F62 stream break')).toBe(1);
  });

  it('lets updates overtake one another', async () => {
    let overtaken = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const { time, updates, buy } = world({ chance: new SeededChance(seed) });
      buy();
      await later(time);
      if (updates.at(-1)?.kind === 'trade') overtaken += 1;
    }
    expect(overtaken).toBeGreaterThan(3);
  });
});
