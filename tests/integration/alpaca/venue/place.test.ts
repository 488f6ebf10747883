import { describe, expect, it } from 'vitest';
import type { Fate } from '../../../support/exchange-sim/fates.ts';
import { bodyOf, dec, NEVER, newId, order, worlds, type World } from './world.ts';

const world = worlds();

const postsOf = ({ requests }: World['core']) =>
  requests.filter(({ method }) => method === 'POST').length;

describe('an order at Alpaca', () => {
  it('goes out with our id and comes back with it (F03)', async () => {
    const { account, core } = await world();
    const sent = order();
    const outcome = await account.place(sent);
    const request = core.requests.at(-1);
    expect(request).toMatchObject({ method: 'POST', path: '/v2/orders' });
    expect(bodyOf(request)['client_order_id']).toBe(sent.clientId);
    const found = core.order(sent.clientId);
    expect(outcome).toEqual({ kind: 'acknowledged', venueId: found?.id });
  });

  it('carries its numbers as decimal text to the last digit (F61)', async () => {
    const { account, core } = await world({ assetClasses: ['crypto'] });
    await account.place(
      order({
        symbol: 'BTC/USD',
        type: 'stop_limit',
        quantity: dec('0.000290001'),
        stopPrice: dec('60000.1'),
        limitPrice: dec('60100.29'),
      }),
    );
    expect(bodyOf(core.requests.at(-1))).toEqual({
      symbol: 'BTC/USD',
      qty: '0.000290001',
      side: 'buy',
      type: 'stop_limit',
      time_in_force: 'gtc',
      client_order_id: expect.any(String) as unknown,
      stop_price: '60000.1',
      limit_price: '60100.29',
    });
  });

  it.each([
    ['market', {}, {}],
    ['limit', { limitPrice: dec('199.99') }, { limit_price: '199.99' }],
    ['stop', { stopPrice: dec('230') }, { stop_price: '230' }],
    [
      'stop_limit',
      { stopPrice: dec('230'), limitPrice: dec('231.5') },
      { stop_price: '230', limit_price: '231.5' },
    ],
    [
      'trailing_stop',
      { stopPrice: dec('230'), trail: { kind: 'distance', distance: dec('5.5') } },
      { trail_price: '5.5' },
    ],
    [
      'trailing_stop',
      { stopPrice: dec('230'), trail: { kind: 'fraction', fraction: dec('0.025') } },
      { trail_percent: '2.5' },
    ],
  ])('of type %s is taken', async (type, terms, wire) => {
    const { account, core } = await world();
    const sent = order({ type, limitPrice: undefined, ...terms });
    expect(await account.place(sent)).toMatchObject({ kind: 'acknowledged' });
    expect(bodyOf(core.requests.at(-1))).toMatchObject({ type, ...wire });
    expect(core.order(sent.clientId)?.quantity).toBe('2');
  });
});

const TAKEN: readonly (readonly [string, Fate])[] = [
  ['dropped connection', { kind: 'drop', accepted: true }],
  ['timeout', { kind: 'hang', accepted: true }],
  ['trickling body', { kind: 'slow-loris', accepted: true, everyMs: 20 }],
  ['500', { kind: 'server-error', status: 500, accepted: true }],
  ['504', { kind: 'server-error', status: 504, accepted: true }],
  ['half a body', { kind: 'malformed', accepted: true }],
  ['page of HTML', { kind: 'html', accepted: true }],
  ['empty body', { kind: 'empty', accepted: true }],
  ['body without an id (F05)', { kind: 'no-id' }],
  ['redirect', { kind: 'redirect', to: 'http://127.0.0.1:1/', accepted: true }],
];

describe('an order whose answer is lost (F01)', () => {
  it.each(TAKEN)('in a %s is unknown, and was sent once', async (_, fate) => {
    const { account, core } = await world();
    const sent = order();
    core.next('place', fate);
    expect(await account.place(sent)).toMatchObject({ kind: 'unknown' });
    expect(postsOf(core)).toBe(1);
    expect(core.order(sent.clientId), 'the exchange has it').toBeDefined();
  });

  it.each([
    ['dropped connection', { kind: 'drop', accepted: false }],
    ['timeout', { kind: 'hang', accepted: false }],
    ['503', { kind: 'server-error', status: 503, accepted: false }],
  ] as const)('before the exchange had it, in a %s, is as unknown', async (_, fate) => {
    const { account, core } = await world();
    const sent = order();
    core.next('place', fate);
    expect(await account.place(sent)).toMatchObject({ kind: 'unknown' });
    expect(postsOf(core)).toBe(1);
    expect(core.order(sent.clientId)).toBeUndefined();
  });

  it.each([
    ['another id of ours', { client_order_id: 'qsanotherorder' }],
    ['no id of ours', { client_order_id: undefined }],
    ['an id that is a number', { id: 12 }],
    ['an empty id', { id: '' }],
  ])('is unknown where the answer has %s (F03, F05)', async (_, change) => {
    const { account, core, edit } = await world();
    await account.instrument('AAPL', NEVER);
    edit((response) => {
      const body = { ...(JSON.parse(response.body) as object), ...change };
      return { ...response, body: JSON.stringify(body) };
    });
    const sent = order();
    expect(await account.place(sent)).toMatchObject({ kind: 'unknown' });
    expect(core.order(sent.clientId)).toBeDefined();
  });

  it('is unknown where nobody listens', async () => {
    const { open, loopback } = await world();
    const account = open();
    await account.instrument('AAPL', NEVER);
    await loopback.stop();
    expect(await account.place(order())).toMatchObject({ kind: 'unknown' });
  });
});

describe('an order that Alpaca refuses', () => {
  it.each([
    ['funds', { quantity: dec('100000') }],
    ['funds', { side: 'sell', quantity: dec('101') }],
    ['filter', { limitPrice: dec('150.123') }],
    ['filter', { symbol: 'BTC/USD', quantity: dec('0.00001'), limitPrice: dec('50000') }],
    ['market', { symbol: 'TSLA' }],
  ])('is refused for its %s', async (cause, change) => {
    const { account, core } = await world();
    const sent = order(change);
    expect(await account.place(sent)).toMatchObject({ kind: 'refused', cause });
    expect(core.order(sent.clientId)).toBeUndefined();
  });

  it.each([
    ['limitPrice', { tickSize: '0.5' }, { limitPrice: dec('150.25') }],
    ['quantity', { lotStep: '5', minQuantity: '5' }, { quantity: dec('7') }],
  ])('is refused where the steps of its %s changed (F12)', async (_, change, terms) => {
    const { account, core } = await world();
    await account.instrument('AAPL', NEVER);
    core.external.relist('AAPL/USD', change);
    expect(await account.place(order(terms))).toMatchObject({ kind: 'refused', cause: 'filter' });
    expect(postsOf(core)).toBe(1);
  });

  it('is refused with the key', async () => {
    const { open } = await world();
    const account = open({ secret: 'another' });
    expect(await account.place(order())).toMatchObject({ kind: 'refused', cause: 'auth' });
  });

  it('under an id that exists is unknown, not refused (F04)', async () => {
    const { account } = await world();
    const clientId = newId();
    await account.place(order({ clientId }));
    const outcome = await account.place(order({ clientId, quantity: dec('3') }));
    expect(outcome).toMatchObject({ kind: 'unknown' });
    expect(JSON.stringify(outcome)).toContain('to be reconciled');
  });

  it('for its rate is unknown, and the next one waits unsent until the pause is over', async () => {
    const { account, core, clock } = await world();
    core.next('place', { kind: 'rate-limit', retryAfterS: 2, accepted: true });
    expect(await account.place(order())).toMatchObject({ kind: 'unknown' });
    clock.time += 1_999;
    const posted = postsOf(core);
    expect(await account.place(order())).toMatchObject({ kind: 'refused', cause: 'rate' });
    expect(postsOf(core)).toBe(posted);
    clock.time += 1;
    expect(await account.place(order())).toMatchObject({ kind: 'acknowledged' });
  });
});

describe('an order that was never sent', () => {
  it.each([
    ['a stop of coins', { symbol: 'BTC/USD', type: 'stop', stopPrice: dec('70000') }],
    ['coins for a day', { symbol: 'BTC/USD', timeInForce: 'day', limitPrice: dec('50000') }],
    ['parts of a share that rest', { quantity: dec('1.5') }],
    ['an immediate stop', { type: 'stop', stopPrice: dec('230'), timeInForce: 'ioc' }],
    ['a price between steps', { limitPrice: dec('150.123') }],
    ['no coins worth a trade', { symbol: 'BTC/USD', quantity: dec('0.00001') }],
    ['a symbol nobody knows', { symbol: 'TSLA' }],
    ['one till a date', { timeInForce: 'gtd', expiresAt: 1_800_000_000_000 }],
  ])('is refused: %s', async (_, change) => {
    const { account, core } = await world();
    expect(await account.place(order(change))).toMatchObject({ kind: 'refused' });
    expect(postsOf(core)).toBe(0);
  });

  it('may be worth less than the least where it closes a position (F19)', async () => {
    const { account, core } = await world();
    const rest = { symbol: 'BTC/USD', side: 'sell', limitPrice: dec('61000') };
    const sent = order({ ...rest, quantity: dec('0.0001'), isReducing: true });
    await account.place(sent);
    expect(postsOf(core)).toBe(1);
  });

  it('is refused for now where the terms of its symbol cannot be read', async () => {
    const { account, core } = await world();
    core.next('markets', { kind: 'drop', accepted: true });
    expect(await account.place(order())).toMatchObject({ kind: 'refused', cause: 'rate' });
    expect(postsOf(core)).toBe(0);
  });

  it('is refused after the account was closed', async () => {
    const { account, core } = await world();
    await account.close();
    const outcome = await account.place(order());
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(outcome)).toContain('the order was not sent');
    expect(core.requests).toEqual([]);
  });
});

describe('a cancel at Alpaca', () => {
  it('is sent by the id of the exchange', async () => {
    const { account, core } = await world();
    const sent = order();
    const placed = await account.place(sent);
    const venueId = placed.kind === 'acknowledged' ? placed.venueId : null;
    expect(await account.cancel({ ...sent, venueId })).toEqual({ kind: 'sent' });
    expect(core.order(sent.clientId)?.state).toBe('canceled');
    expect(core.requests.slice(-2).map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });

  it('finds the id of an order that was never acknowledged', async () => {
    const { account, core } = await world();
    const sent = order();
    core.next('place', { kind: 'drop', accepted: true });
    await account.place(sent);
    expect(await account.cancel({ ...sent, venueId: null })).toEqual({ kind: 'sent' });
    expect(core.order(sent.clientId)?.state).toBe('canceled');
  });

  it('of a filled order says that it is not open (F18)', async () => {
    const { account, core } = await world();
    const sent = order();
    await account.place(sent);
    core.fill(sent.clientId);
    expect(await account.cancel({ ...sent, venueId: null })).toMatchObject({ kind: 'not-open' });
  });

  it('of an order nobody knows is unknown without an id, not open with one', async () => {
    const { account } = await world();
    const ref = { clientId: newId(), symbol: 'AAPL' };
    expect(await account.cancel({ ...ref, venueId: null })).toMatchObject({ kind: 'unknown' });
    expect(await account.cancel({ ...ref, venueId: 'x' })).toMatchObject({ kind: 'not-open' });
  });

  it.each([
    ['drop', { kind: 'drop', accepted: true }],
    ['hang', { kind: 'hang', accepted: true }],
    ['server-error', { kind: 'server-error', status: 500, accepted: false }],
    ['rate-limit', { kind: 'rate-limit', retryAfterS: 1, accepted: false }],
    ['malformed', { kind: 'malformed', accepted: true }],
    ['empty', { kind: 'empty', accepted: false }],
    ['html', { kind: 'html', accepted: false }],
  ] as const)('is unknown after a %s, and never throws', async (_, fate) => {
    const { account, core } = await world();
    const sent = order();
    const placed = await account.place(sent);
    const venueId = placed.kind === 'acknowledged' ? placed.venueId : null;
    core.next('cancel', fate);
    expect(await account.cancel({ ...sent, venueId })).toMatchObject({ kind: 'unknown' });
  });

  it('is sent though Alpaca asked to be left alone (F56)', async () => {
    const { account, core } = await world();
    const sent = order();
    await account.place(sent);
    core.next('time', { kind: 'rate-limit', retryAfterS: 60, accepted: false });
    await expect(account.serverTime(NEVER)).rejects.toMatchObject({ kind: 'rate-limit' });
    expect(await account.place(order())).toMatchObject({ kind: 'refused', cause: 'rate' });
    expect(await account.cancel({ ...sent, venueId: null })).toEqual({ kind: 'sent' });
  });
});
