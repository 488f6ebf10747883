import { describe, expect, it } from 'vitest';
import type { AccountUpdate } from '../../../../src/ports/exchange-account.ts';
import { ManualTimer } from '../../../support/manual-time.ts';
import { dec, order, problemOf, worlds, type World } from './world.ts';

const world = worlds();

/** Follows until told to stop, and lets tests wait for what comes. */
function follow({ account }: Pick<World, 'account'>, onUpdate?: (update: AccountUpdate) => void) {
  const stop = new AbortController();
  const updates: AccountUpdate[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let isReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const update = (each: AccountUpdate): void => {
    updates.push(each);
    onUpdate?.(each);
    waiting = waiting.filter(({ count, resolve }) => {
      if (updates.length >= count) resolve();
      return updates.length < count;
    });
  };
  const end = account.watch({ ready: isReady, update }, stop.signal);
  end.catch(() => undefined);
  const come = (count: number): Promise<void> =>
    updates.length >= count
      ? Promise.resolve()
      : new Promise((resolve) => waiting.push({ count, resolve }));
  return { ready, end, updates, come, stop };
}

const textsOf = (updates: readonly AccountUpdate[]) =>
  updates.map((each) => (each.kind === 'order' ? each.order.statusText : each.kind));

describe('the stream of trade updates', () => {
  it('is ready once it is authorized and listens, which it asks for once', async () => {
    const here = await world();
    const { ready, end, stop } = follow(here);
    await ready;
    expect(here.loopback.stream.heard).toEqual(['authenticate', 'listen']);
    expect(here.loopback.stream.listeners).toBe(1);
    stop.abort();
    await end;
  });

  it('shows every change of an order as the whole order, and no fill by another name', async () => {
    const here = await world();
    const { ready, come, updates, stop } = follow(here);
    await ready;
    const sent = order();
    await here.account.place(sent);
    here.core.fill(sent.clientId, '0.5');
    here.core.fill(sent.clientId, '1.5');
    await come(3);
    stop.abort();
    expect(textsOf(updates)).toEqual(['new', 'partially_filled', 'filled']);
    expect(updates[1]).toEqual({
      kind: 'order',
      order: {
        clientId: sent.clientId,
        venueId: here.core.order(sent.clientId)?.id,
        symbol: 'AAPL',
        side: 'buy',
        status: 'open',
        statusText: 'partially_filled',
        quantity: dec('2'),
        filled: dec('0.5'),
        averagePrice: dec('150'),
        updatedAt: here.clock.time,
      },
    });
  });

  it('reports orders of others too, and coins by our name of them', async () => {
    const here = await world();
    const { ready, come, updates, stop } = follow(here);
    await ready;
    here.core.external.place({ symbol: 'ETH/USD', side: 'buy', quantity: '1', limit: '2000' });
    await come(1);
    stop.abort();
    expect(updates[0]).toMatchObject({ order: { symbol: 'ETH/USD', status: 'open' } });
  });

  it('says the same twice where Alpaca does', async () => {
    const here = await world();
    here.loopback.stream.copies = 2;
    const { ready, come, updates, stop } = follow(here);
    await ready;
    await here.account.place(order());
    await come(2);
    stop.abort();
    expect(updates[0]).toEqual(updates[1]);
  });

  it('ends quietly when its signal aborts, before the answer or after', async () => {
    const here = await world();
    here.loopback.stream.isMute = true;
    const early = follow(here);
    early.stop.abort();
    await early.end;
    const stopped = new AbortController();
    stopped.abort();
    const idle = { ready: () => undefined, update: () => undefined };
    expect(await here.account.watch(idle, stopped.signal)).toBeUndefined();
  });

  it('hears nothing more once it has ended', async () => {
    const here = await world();
    const { ready, end, updates, stop } = follow(here);
    await ready;
    stop.abort();
    await end;
    await here.account.place(order());
    expect(updates).toEqual([]);
  });

  it('breaks with the connection, and does not come back by itself (F62)', async () => {
    const here = await world();
    const { ready, end } = follow(here);
    await ready;
    here.loopback.stream.drop();
    expect(await problemOf(end)).toMatchObject({ name: 'ExchangeError', kind: 'network' });
    const again = follow(here);
    await again.ready;
    expect(here.loopback.stream.listeners).toBe(1);
    again.stop.abort();
  });

  it('is one for all programs of an account, and says so (F62)', async () => {
    const here = await world();
    const first = follow(here);
    await first.ready;
    const problem = await problemOf(follow({ account: here.open() }).end);
    expect(problem).toMatchObject({ name: 'ExchangeError', kind: 'unavailable' });
    expect(String(problem)).toContain('end the other program that follows this account');
    first.stop.abort();
  });

  it('refuses keys without showing them', async () => {
    const here = await world();
    const problem = await problemOf(follow({ account: here.open({ secret: 'CANARY1' }) }).end);
    expect(problem).toMatchObject({ name: 'ExchangeError', kind: 'auth' });
    expect(String(problem)).not.toContain('CANARY1');
  });

  it('shows no key that Alpaca says back', async () => {
    const here = await world();
    const { ready, end } = follow(here);
    await ready;
    const words = `unknown key ${here.credentials.secret}`;
    here.loopback.stream.say(JSON.stringify({ action: 'error', data: { error_message: words } }));
    const problem = await problemOf(end);
    expect(problem).toMatchObject({ name: 'ExchangeError' });
    expect(String(problem)).toContain('unknown key ***');
  });

  it('is not ready where trade updates are not offered', async () => {
    const here = await world();
    here.loopback.stream.offers = ['account_updates'];
    expect(await problemOf(follow(here).end)).toMatchObject({ kind: 'network' });
  });

  it('is given up where no answer comes', async () => {
    const here = await world();
    here.loopback.stream.offers = null;
    const account = here.open({ timer: new ManualTimer(here.clock) });
    expect(await problemOf(follow({ account }).end)).toMatchObject({ kind: 'timeout' });
  });

  it.each([
    ['no JSON', '{"stream":'],
    ['a list', '[]'],
    ['an update without an order', '{"stream":"trade_updates","data":{"event":"fill"}}'],
    ['an order without an id', '{"stream":"trade_updates","data":{"order":{"symbol":"AAPL"}}}'],
    ['an order of nothing', '{"stream":"trade_updates","data":{"order":{"id":"1"}}}'],
  ])('breaks on a message that is %s', async (_, text) => {
    const here = await world();
    const { ready, end } = follow(here);
    await ready;
    here.loopback.stream.say(text);
    expect(await problemOf(end)).toMatchObject({ name: 'ExchangeError', kind: 'bad-response' });
  });

  it('leaves out what is neither share nor coin', async () => {
    const here = await world();
    const { ready, come, updates, stop } = follow(here);
    await ready;
    const option = { id: '1', symbol: 'AAPL240119C00100000', asset_class: 'us_option' };
    const text = JSON.stringify({ stream: 'trade_updates', data: { event: 'new', order: option } });
    here.loopback.stream.say(text);
    await here.account.place(order());
    await come(1);
    stop.abort();
    expect(textsOf(updates)).toEqual(['new']);
  });

  it('ends with what the listener throws', async () => {
    const here = await world();
    const { ready, end } = follow(here, () => {
      throw new Error('broken listener');
    });
    await ready;
    await here.account.place(order());
    expect(await problemOf(end)).toMatchObject({ message: 'broken listener' });
  });
});
