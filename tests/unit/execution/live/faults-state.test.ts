import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { dec, entryOrder, exitOrder } from '../../../support/orders.ts';
import { limitEntry, stopLoss, takeProfit } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';

const MINUTE = 60_000;
const O1 = orderId(1);
const O2 = orderId(2);
const ENTRY = entryOrder({ id: 1, quantity: '1' });

async function started(options?: ConstructorParameters<typeof LiveWorld>[0]): Promise<LiveWorld> {
  return await new LiveWorld(options).start();
}

/** A world that holds one unit under a stop that rests at the exchange. */
async function guarded(options?: ConstructorParameters<typeof LiveWorld>[0]): Promise<LiveWorld> {
  const world = await started(options);
  world.account.price = dec(100);
  world.submit(ENTRY);
  await world.time.advance(MINUTE);
  world.submit(stopLoss(2));
  await world.time.advance(MINUTE);
  expect(world.story(O2)).toEqual(['accepted']);
  return world;
}

describe('state, restarts and the account', () => {
  it('F30: killed between record and send, an order is looked for and never sent', async () => {
    const world = await started();
    world.submit(limitEntry());
    const next = await world.killed().start();
    expect(next.story(O1)).toEqual(['unknown']);
    await next.time.advance(5 * MINUTE);
    expect(next.story(O1)).toEqual(['unknown', 'rejected']);
    expect(next.account.posts).toHaveLength(0);
  });

  it('F30: killed between send and answer, an order is found and goes on', async () => {
    const world = await started();
    world.account.next('place', { kind: 'held', until: new Promise(() => undefined) });
    world.submit(limitEntry());
    await world.time.advance(1);
    const order = world.account.posts[0];
    if (order === undefined) throw new Error('nothing left');
    const next = world.killed();
    world.account.posts.pop();
    await next.account.place(order);
    await next.start();
    await next.time.advance(MINUTE);
    expect(next.story(O1)).toEqual(['unknown', 'accepted']);
    next.account.fill(order.clientId);
    await next.time.advance(MINUTE);
    expect(next.story(O1)).toEqual(['unknown', 'accepted', 'filled 1']);
    expect(next.account.posts).toHaveLength(1);
  });

  it('F41: an end in good order, with a read under way, is no failure', async () => {
    const world = await started();
    world.submit(limitEntry());
    await world.time.advance(1);
    const givenUp = new DOMException('This operation was aborted', 'AbortError');
    Object.assign(world.account, {
      openOrders: (_symbols: readonly string[], signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(givenUp));
        }),
    });
    await world.time.advance(MINUTE);
    await world.stop();
    expect(world.failure).toBeNull();
  });

  it('F31: an input that cannot be put on record sends nothing, now or later', async () => {
    const world = await started();
    world.intake.failsNext = true;
    expect(() => world.submit(limitEntry())).toThrow('the database is full');
    await world.time.advance(10 * MINUTE);
    expect(world.account.posts).toHaveLength(0);
  });

  it('F31: an engine that cannot record what an exchange answered stops its venue', async () => {
    const world = await started();
    world.submit(limitEntry());
    world.intake.failsNext = true;
    await world.time.advance(MINUTE);
    expect(world.failure).toEqual(new Error('the database is full'));
    expect(world.account.posts).toHaveLength(1);
  });

  it('F32: a restart sends nothing, cancels nothing and reports nothing twice', async () => {
    const world = await guarded();
    const heard = world.engine.heard.length;
    const next = await world.killed().start();
    await next.time.advance(10 * MINUTE);
    expect(next.account.posts).toHaveLength(2);
    expect(next.account.cancels).toHaveLength(0);
    const later = next.engine.heard.slice(heard);
    expect(later).toMatchObject([{ kind: 'checked', check: { differences: [] } }]);
    expect(next.venue.snapshot()).toEqual({
      ...world.venue.snapshot(),
      tradesReadTo: next.venue.snapshot().tradesReadTo,
    });
  });

  it('F32: what filled while nothing ran is booked at the start', async () => {
    const world = await guarded();
    const next = world.killed();
    next.account.fill(world.sent(2), undefined, { price: '89' });
    await next.start();
    expect(next.story(O2)).toEqual(['accepted', 'filled 1']);
    expect(next.engine.checks.at(-1)?.differences).toEqual([]);
  });

  it('F32: an exit that waits for its price does so after a restart', async () => {
    const world = await guarded();
    world.submit(takeProfit(3));
    await world.time.advance(MINUTE);
    const next = await world.killed().start();
    expect([...next.venue.watchedSymbols()]).toEqual(['BTC/USD']);
    next.account.price = null;
    next.quote(110, 110.1);
    await next.time.advance(10_000);
    expect(next.account.posts.at(-1)).toMatchObject({ type: 'limit', timeInForce: 'ioc' });
    next.account.fill(next.sent(3), undefined, { price: '110' });
    await next.time.advance(MINUTE);
    expect(next.story(orderId(3))).toEqual(['accepted', 'filled 1']);
    expect(next.story(O2)).toEqual(['accepted', 'canceled']);
  });

  it('F33: a list that leaves an order out, time and again, ends nothing while one query finds it', async () => {
    const world = await guarded();
    world.account.fateOf = (call) =>
      call === 'openOrders' || call === 'closedOrders' ? { kind: 'empty' } : { kind: 'ok' };
    await world.time.advance(60 * MINUTE);
    expect(world.story(O2)).toEqual(['accepted']);
    expect(world.account.cancels).toHaveLength(0);
    expect(world.account.posts).toHaveLength(2);
  });

  it('F33: an acknowledged order that nothing shows for a minute is missing, and said to be', async () => {
    const world = await guarded();
    world.account.orders.delete(world.sent(2));
    await world.time.advance(30_000);
    expect(world.story(O2)).toEqual(['accepted']);
    await world.time.advance(3 * MINUTE);
    expect(world.story(O2)).toEqual(['accepted']);
    expect(world.venue.placeOf(O2)).toBe('engine');
    expect(world.account.cancels).toHaveLength(0);
    const kinds = world.engine.checks.at(-1)?.differences.map(({ kind }) => kind);
    expect(kinds).toEqual(['missing-order', 'lost-protection']);
  });

  it('F33: one read that shows an order makes all before it that did not worth nothing', async () => {
    const world = await guarded();
    const hide = (): void => {
      world.account.fateOf = (call) =>
        ['openOrders', 'closedOrders', 'find'].includes(call) ? { kind: 'empty' } : { kind: 'ok' };
    };
    for (let time = 0; time < 10; time++) {
      hide();
      await world.time.advance(40_000);
      world.account.fateOf = () => ({ kind: 'ok' });
      await world.time.advance(10_000);
    }
    expect(world.venue.placeOf(O2)).toBe('exchange');
    hide();
    await world.time.advance(3 * MINUTE);
    expect(world.venue.placeOf(O2)).toBe('engine');
  });

  it('F34: a balance that changes from outside every minute is told too', async () => {
    const world = await guarded();
    for (let minute = 1; minute <= 4; minute++) {
      world.account.balance.set('BTC', dec(minute + 1));
      await world.time.advance(MINUTE);
    }
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
    for (let minute = 5; minute <= 7; minute++) {
      world.account.balance.set('BTC', dec(minute + 1));
      await world.time.advance(MINUTE);
    }
    const kinds = world.engine.checks.at(-1)?.differences.map(({ kind }) => kind);
    expect(kinds).toEqual(['balance']);
  });

  it('F34: a balance changed from outside is told once it was seen twice, and traded by nobody', async () => {
    const world = await guarded();
    world.account.balance.set('BTC', dec('0.7'));
    await world.time.advance(70_000);
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
    await world.time.advance(70_000);
    expect(world.engine.checks.at(-1)?.differences).toMatchObject([
      { kind: 'balance', symbol: 'BTC/USD', subject: 'BTC', ours: dec(1), theirs: dec('0.7') },
    ]);
    const checks = world.engine.checks.length;
    await world.time.advance(30 * MINUTE);
    expect(world.engine.checks).toHaveLength(checks);
    expect(world.account.posts).toHaveLength(2);
    world.account.balance.set('BTC', dec(1));
    await world.time.advance(2 * MINUTE);
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
  });

  it('F34: a difference that came about while nothing ran is told, too', async () => {
    const world = await guarded();
    const next = world.killed();
    next.account.balance.set('USD', dec(50_000));
    await next.start();
    await next.time.advance(3 * MINUTE);
    expect(next.engine.checks.at(-1)?.differences).toMatchObject([
      { kind: 'balance', symbol: null, subject: 'USD' },
    ]);
  });

  it('F35: balances that are suddenly blank are no balances', async () => {
    const world = await guarded();
    world.account.fateOf = (call) => (call === 'balances' ? { kind: 'empty' } : { kind: 'ok' });
    await world.time.advance(30 * MINUTE);
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
    expect(world.log.warnings.length).toBeGreaterThan(10);
  });

  it('F36: an order that is none of this run is a difference until it is gone', async () => {
    const world = await started();
    const foreign = {
      clientId: 'web-1',
      symbol: 'BTC/USD',
      side: 'buy',
      quantity: dec(2),
    } as const;
    await world.account.place({
      ...foreign,
      type: 'limit',
      limitPrice: dec(50),
      timeInForce: 'gtc',
      expiresAt: null,
      isReducing: false,
    });
    await world.time.advance(2 * MINUTE);
    expect(world.engine.checks.at(-1)?.differences).toMatchObject([
      { kind: 'foreign-order', symbol: 'BTC/USD', theirs: dec(2) },
    ]);
    expect(world.account.cancels).toHaveLength(0);
    world.account.set('web-1', 'canceled');
    await world.time.advance(5 * MINUTE);
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
  });

  it('F36: an order of ours from a run before this one is foreign as well', async () => {
    const world = await started();
    await world.account.place({
      clientId: 'qsaaaaaaaaaaaaaaaa',
      symbol: 'BTC/USD',
      side: 'buy',
      quantity: dec(2),
      type: 'limit',
      limitPrice: dec(50),
      timeInForce: 'gtc',
      expiresAt: null,
      isReducing: false,
    });
    await world.time.advance(2 * MINUTE);
    const kinds = world.engine.checks.at(-1)?.differences.map(({ kind }) => kind);
    expect(kinds).toEqual(['foreign-order']);
  });

  it('F36: an execution of an order that another run had sent is not booked in this one', async () => {
    const world = await started();
    world.submit(limitEntry());
    await world.time.advance(10_000);
    world.cancel(O1);
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'canceled']);
    await world.stop();
    const { time, account, ledger } = world;
    const other = await new LiveWorld({ time, account, ledger, nonce: 'another' }).start();
    other.submit(limitEntry());
    await time.advance(10_000);
    account.fill(world.sent(1), '0.5');
    await time.advance(5 * MINUTE);
    expect(other.story(O1)).toEqual(['accepted']);
    const subjects = other.engine.checks.at(-1)?.differences.map(({ subject }) => subject);
    expect(subjects).toEqual(['BTC', 'USD']);
  });

  it('F41: after the flag of a shutdown no create leaves, and protective stops stay where they are', async () => {
    const world = await guarded();
    world.submit(limitEntry(3));
    world.venue.stopSending();
    world.submit(limitEntry(4));
    world.cancel(orderId(3));
    await world.time.advance(5 * MINUTE);
    expect(world.account.posts).toHaveLength(2);
    expect(world.account.open.map(({ order }) => order.clientId)).toEqual([world.sent(2)]);
    expect(world.story(orderId(4))).toEqual(['canceled']);
  });

  it('F41: a stop that had not left goes out when the engine is back', async () => {
    const world = await started();
    world.account.price = dec(100);
    world.submit(ENTRY);
    await world.time.advance(MINUTE);
    world.submit(stopLoss(2));
    world.venue.stopSending();
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(1);
    const next = await world.killed().start();
    await next.time.advance(MINUTE);
    expect(next.account.posts).toHaveLength(2);
    expect(next.story(O2)).toEqual(['accepted']);
  });

  it('F56: a read waits as long as the exchange asks for', async () => {
    const world = await guarded();
    world.account.next('openOrders', { kind: 'fails', retryAfterMs: 120_000 });
    await world.time.advance(6_000);
    const { length } = world.account.calls;
    await world.time.advance(100_000);
    expect(world.account.calls).toHaveLength(length);
    await world.time.advance(30_000);
    expect(world.account.calls.length).toBeGreaterThan(length);
  });

  it('F58: an account that cannot be read closes a gate, which opens once it can', async () => {
    const world = await guarded();
    world.account.fateOf = (call) => (call === 'openOrders' ? { kind: 'fails' } : { kind: 'ok' });
    await world.time.advance(2 * MINUTE);
    expect(world.gates.at(-1)).toMatchObject({ gate: 'connection', symbol: null });
    expect(world.gates.at(-1)?.reason).toContain('could not be read');
    world.account.fateOf = () => ({ kind: 'ok' });
    await world.time.advance(2 * MINUTE);
    expect(world.gates.at(-1)).toEqual({ gate: 'connection', symbol: null, reason: null });
  });

  it('F63: more orders a minute than allowed stop the entries, and exits still leave', async () => {
    const world = await started({ settings: { createsPerMinute: 5 } });
    world.account.price = dec(100);
    for (let id = 1; id <= 8; id++) world.submit({ ...ENTRY, id: orderId(id) });
    await world.time.advance(5 * MINUTE);
    expect(world.account.posts).toHaveLength(5);
    const closed = world.gates.filter(({ reason }) => reason !== null);
    expect(closed).toHaveLength(1);
    expect(closed[0]).toMatchObject({ gate: 'errors', symbol: null });
    world.submit(exitOrder({ id: 20, quantity: '5' }));
    await world.time.advance(MINUTE);
    expect(world.story(orderId(20))).toEqual(['filled 5']);
    world.cancel(orderId(6));
    await world.time.advance(MINUTE);
    expect(world.story(orderId(6))).toEqual(['canceled']);
  });

  it('a start without a look at the account is no start', async () => {
    const world = new LiveWorld();
    world.account.fateOf = (call) => (call === 'balances' ? { kind: 'fails' } : { kind: 'ok' });
    await expect(world.start()).rejects.toThrow('the exchange did not answer');
    expect(world.account.calls.filter((call) => call === 'balances')).toHaveLength(3);
  });

  it('an idle engine lets nothing enter', async () => {
    const world = await guarded();
    const { inputs } = world.intake;
    await world.time.advance(60 * MINUTE);
    expect(world.intake.inputs).toBe(inputs);
  });
});
