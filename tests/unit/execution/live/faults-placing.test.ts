import { describe, expect, it } from 'vitest';
import { orderId } from '../../../../src/core/ids.ts';
import { BTC, dec, entryOrder, exitOrder } from '../../../support/orders.ts';
import { limitEntry } from '../../../support/live/live-orders.ts';
import { LiveWorld } from '../../../support/live/live-world.ts';

const MINUTE = 60_000;
const O1 = orderId(1);
const O2 = orderId(2);
const ENTRY = entryOrder({ id: 1, quantity: '1' });

async function started(options?: ConstructorParameters<typeof LiveWorld>[0]): Promise<LiveWorld> {
  return await new LiveWorld(options).start();
}

describe('placing orders', () => {
  it('an order leaves once its input is on record, and fills are what trades say', async () => {
    const world = await started();
    world.account.price = dec(100);
    let isChecked = false;
    world.account.beforePost = ({ clientId }) => {
      isChecked = world.ledger.isDurable(clientId) && !world.intake.isInside;
    };
    world.submit(ENTRY);
    expect(world.account.posts).toHaveLength(0);
    await world.time.advance(MINUTE);
    expect(isChecked).toBe(true);
    expect(world.account.posts).toHaveLength(1);
    expect(world.story(O1)).toEqual(['filled 1']);
    expect(world.engine.fills[0]).toMatchObject({ price: dec(100), fee: dec('0.1') });
    await world.stop();
    expect(world.failure).toBeNull();
  });

  it('F01: an order placed before its answer got lost is adopted, and never sent again', async () => {
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

  it('F02: an adapter that throws in the middle of a create leads to no second one', async () => {
    const world = await started();
    world.account.next('place', { kind: 'throws' });
    world.submit(ENTRY);
    await world.time.advance(30 * MINUTE);
    expect(world.account.posts).toHaveLength(1);
    expect(world.story(O1)).toEqual(['unknown', 'rejected']);
  });

  it('F01: a create that is never answered makes its order unknown after a minute', async () => {
    const world = await started();
    world.account.next('place', { kind: 'held', until: new Promise(() => undefined) });
    world.submit(ENTRY);
    await world.time.advance(59_000);
    expect(world.story(O1)).toEqual([]);
    await world.time.advance(5 * MINUTE);
    expect(world.story(O1)).toEqual(['unknown', 'rejected']);
    await world.stop();
    expect(world.failure).toBeNull();
  });

  it('F03: an exchange that drops the client id has its order known by the venue id', async () => {
    const world = await started();
    world.account.dropsClientIds = true;
    world.submit(limitEntry());
    await world.time.advance(10_000);
    world.account.fill(world.sent(1));
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'filled 1']);
    expect(world.engine.checks.at(-1)?.differences).toEqual([]);
  });

  it('F03: an open order without an id that may be ours speaks against its absence', async () => {
    const world = await started();
    world.account.dropsClientIds = true;
    world.account.fateOf = (call) => (call === 'find' ? { kind: 'empty' } : { kind: 'ok' });
    world.account.next('place', { kind: 'accepted-then-lost' });
    world.submit(limitEntry());
    await world.time.advance(60 * MINUTE);
    expect(world.story(O1)).toEqual(['unknown']);
    const kinds = world.engine.checks.at(-1)?.differences.map(({ kind }) => kind);
    expect(kinds).toEqual(['foreign-order']);
  });

  it('F04: a client id is used once, also by what is sent on behalf of the same order', async () => {
    const world = await started();
    world.account.price = dec(100);
    for (let id = 1; id <= 20; id++) world.submit(entryOrder({ id, quantity: '0.1' }));
    await world.time.advance(MINUTE);
    expect(new Set(world.sentIds).size).toBe(20);
    for (const id of world.sentIds) expect(id).toMatch(/^qs[a-z2-7]{16}$/);
  });

  it('F05: an answer without an id leaves the order unknown until a read shows it', async () => {
    const world = await started();
    world.account.next('place', { kind: 'accepted-then-lost' });
    world.account.next('openOrders', { kind: 'empty' });
    world.account.next('find', { kind: 'empty' });
    world.submit(limitEntry());
    await world.time.advance(1);
    expect(world.story(O1)).toEqual(['unknown']);
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['unknown', 'accepted']);
  });

  it('F06: an order that reads do not show right after its create is still under way', async () => {
    const world = await started();
    world.submit(limitEntry());
    for (let read = 0; read < 5; read++) {
      world.account.next('openOrders', { kind: 'empty' });
      world.account.next('find', { kind: 'empty' });
    }
    await world.time.advance(30_000);
    expect(world.story(O1)).toEqual(['accepted']);
    expect(world.log.warnings).toEqual([]);
  });

  it('F07: an order that one list lacks and another shows is not absent', async () => {
    const world = await started();
    world.account.next('place', { kind: 'accepted-then-lost' });
    world.submit(limitEntry());
    world.account.fateOf = (call) =>
      call === 'openOrders' || call === 'find' ? { kind: 'empty' } : { kind: 'ok' };
    await world.time.advance(2_000);
    world.account.set(world.sent(1), 'canceled');
    await world.time.advance(10 * MINUTE);
    expect(world.story(O1)).toEqual(['unknown', 'canceled']);
    expect(world.engine.reasonOf(O1)).toContain('CANCELED');
  });

  describe('F08: only evidence ends an order that nobody can find', () => {
    async function lost(): Promise<LiveWorld> {
      const world = await started();
      world.account.next('place', { kind: 'lost-before' });
      world.submit(ENTRY);
      await world.time.advance(1);
      return world;
    }

    it('three complete reads over a minute, past the time a request is taken, are evidence', async () => {
      const world = await lost();
      await world.time.advance(55_000);
      expect(world.story(O1)).toEqual(['unknown']);
      await world.time.advance(MINUTE);
      expect(world.story(O1)).toEqual(['unknown', 'rejected']);
      expect(world.engine.reasonOf(O1)).toMatch(/^never reached the exchange: \d+ complete reads/);
    });

    it('reads that fail prove nothing, however long they do', async () => {
      const world = await lost();
      world.account.fateOf = (call) => (call === 'trades' ? { kind: 'fails' } : { kind: 'ok' });
      await world.time.advance(6 * 60 * MINUTE);
      expect(world.story(O1)).toEqual(['unknown']);
    });

    it('lookups of one kind that fail prove nothing either', async () => {
      const world = await lost();
      world.account.fateOf = (call) =>
        call === 'closedOrders' ? { kind: 'fails' } : { kind: 'ok' };
      await world.time.advance(60 * MINUTE);
      expect(world.story(O1)).toEqual(['unknown']);
    });

    it('the clock of the exchange has to be past the time it takes a request', async () => {
      const world = await lost();
      await world.time.advance(2_000);
      const stopped = world.time.now();
      for (let minute = 0; minute < 20; minute++) {
        world.account.clockOffset = stopped - world.time.now();
        await world.time.advance(5_000);
      }
      expect(world.story(O1)).toEqual(['unknown']);
    });

    it('the log says again and again that nobody knows', async () => {
      const world = await lost();
      world.account.fateOf = (call) =>
        call === 'closedOrders' ? { kind: 'empty' } : { kind: 'ok' };
      world.account.clockOffset = -10 * MINUTE;
      await world.time.advance(50_000);
      expect(world.log.warnings.length).toBeGreaterThan(0);
    });
  });

  it('F09: a fill that comes before the create is answered is booked once', async () => {
    const world = await started({ capabilities: { streams: true } });
    let answer: () => void = () => undefined;
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    world.account.next('place', { kind: 'held', until });
    world.submit(ENTRY);
    await world.time.advance(1);
    const trade = {
      tradeId: 'early',
      venueOrderId: 'x1',
      clientId: null,
      symbol: 'BTC/USD',
      side: 'buy',
      quantity: dec(1),
      price: dec(100),
      fee: { currency: 'USD', amount: dec('0.1') },
      liquidity: 'taker',
      time: world.time.now(),
    } as const;
    world.account.stream({ kind: 'trade', trade });
    expect(world.story(O1)).toEqual([]);
    world.account.tradesMade.push(trade);
    answer();
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['filled 1']);
  });

  it('F09: a fill named by our own id is booked while the create is still open', async () => {
    const world = await started({ capabilities: { streams: true } });
    let answer: () => void = () => undefined;
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    world.account.next('place', { kind: 'held', until });
    world.submit(ENTRY);
    await world.time.advance(1);
    world.account.stream({
      kind: 'trade',
      trade: {
        tradeId: 'early',
        venueOrderId: 'x1',
        clientId: world.sent(1),
        symbol: 'BTC/USD',
        side: 'buy',
        quantity: dec(1),
        price: dec(100),
        fee: null,
        liquidity: null,
        time: world.time.now(),
      },
    });
    expect(world.story(O1)).toEqual(['filled 1']);
    answer();
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['filled 1']);
  });

  it('F10: an acknowledgement says nothing of the state: a read does', async () => {
    const world = await started();
    world.account.fateOf = (call) => (call === 'openOrders' ? { kind: 'fails' } : { kind: 'ok' });
    world.submit(limitEntry());
    await world.time.advance(10_000);
    expect(world.story(O1)).toEqual([]);
    world.account.fateOf = () => ({ kind: 'ok' });
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted']);
  });

  it('F11: what the exchange would refuse is refused here, and what it refuses ends with its reason', async () => {
    const world = await started();
    world.submit(limitEntry(1, '0.000000001'));
    await world.time.advance(1_000);
    expect(world.account.posts).toHaveLength(0);
    expect(world.story(O1)).toEqual(['rejected']);
    world.account.next('place', { kind: 'refused', cause: 'funds' });
    world.submit({ ...ENTRY, id: O2 });
    await world.time.advance(MINUTE);
    expect(world.story(O2)).toEqual(['rejected']);
    expect(world.engine.reasonOf(O2)).toBe('refused by the exchange (funds): no');
    expect(world.account.posts).toHaveLength(1);
  });

  it('F12: on new steps an order is rounded once and sent as one of its own', async () => {
    const world = await started();
    world.account.instrumentNow = { ...BTC, lotStep: dec('0.1'), tickSize: dec('0.5') };
    world.account.next('place', { kind: 'refused', cause: 'filter' });
    world.submit({ ...limitEntry(1, '1.23'), type: 'limit', limitPrice: dec('99.21') });
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(2);
    expect(new Set(world.sentIds).size).toBe(2);
    expect(world.account.posts[1]).toMatchObject({ quantity: dec('1.2'), limitPrice: dec('99') });
    world.account.fill(world.sent(2));
    await world.time.advance(MINUTE);
    expect(world.story(O1)).toEqual(['accepted', 'partially_filled 1.2', 'canceled']);
  });

  it('F12: refused a second time, or on steps that did not change, it ends', async () => {
    const world = await started();
    const refused = { kind: 'refused', cause: 'filter' } as const;
    world.account.next('place', refused, refused, refused);
    world.submit(limitEntry());
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(1);
    expect(world.story(O1)).toEqual(['rejected']);
    world.account.instrumentNow = { ...BTC, lotStep: dec('0.4') };
    world.submit(limitEntry(2));
    await world.time.advance(MINUTE);
    expect(world.account.posts).toHaveLength(3);
    expect(world.story(O2)).toEqual(['rejected']);
  });

  it('F13: an exit asks for what is held, down to the last step of the exchange', async () => {
    const world = await started();
    world.account.price = dec(100);
    const third = { currency: 'BTC', amount: dec('0.0000000015') };
    world.account.feeOf = () => third;
    world.submit(ENTRY);
    await world.time.advance(MINUTE);
    world.submit(exitOrder({ id: 2, quantity: '1' }));
    await world.time.advance(MINUTE);
    expect(world.account.posts[1]?.quantity).toEqual(dec('0.99999999'));
    expect(world.story(O2)).toEqual(['filled 0.99999999']);
  });

  it('F14: a market order leaves with its quantity in base units', async () => {
    const world = await started();
    world.submit(ENTRY);
    await world.time.advance(1);
    expect(world.account.posts[0]).toMatchObject({ type: 'market', quantity: dec(1) });
  });
});
