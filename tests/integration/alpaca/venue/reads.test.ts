import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../../src/core/errors.ts';
import { MINUTE_MS } from '../../../../src/core/time.ts';
import { dec, NEVER, newId, NOON, order, problemOf, worlds } from './world.ts';

const world = worlds();
const ALL = ['AAPL', 'MSFT', 'BTC/USD', 'ETH/USD'];

describe('an order looked for', () => {
  it('is found by our id alone, and by the id of the exchange', async () => {
    const { account, core } = await world();
    const sent = order({ quantity: dec('10') });
    await account.place(sent);
    core.fill(sent.clientId, '4');
    const byClientId = await account.find({ ...sent, venueId: null }, NEVER);
    expect(byClientId).toMatchObject({
      clientId: sent.clientId,
      venueId: core.order(sent.clientId)?.id,
      symbol: 'AAPL',
      side: 'buy',
      status: 'open',
      statusText: 'partially_filled',
      quantity: dec('10'),
      filled: dec('4'),
      averagePrice: dec('150'),
      updatedAt: NOON,
    });
    const venueId = byClientId?.venueId ?? null;
    expect(await account.find({ ...sent, venueId }, NEVER)).toEqual(byClientId);
  });

  it('is null while it is not found, whatever it is (F06)', async () => {
    const { account, core } = await world();
    const sent = order();
    core.next('place', { kind: 'not-found', reads: 2 });
    const placed = await account.place(sent);
    const venueId = placed.kind === 'acknowledged' ? placed.venueId : null;
    expect(await account.find({ ...sent, venueId }, NEVER)).toBeNull();
    expect(await account.find({ ...sent, venueId: null }, NEVER)).toBeNull();
    expect(await account.find({ ...sent, venueId }, NEVER)).toMatchObject({ status: 'open' });
  });

  it('has a status that is unclear for a word no table lists (F21)', async () => {
    const { account, core } = await world();
    const sent = order();
    await account.place(sent);
    core.next('order', { kind: 'status-word', word: 'pending_review' });
    expect(await account.find({ ...sent, venueId: null }, NEVER)).toMatchObject({
      status: 'unclear',
      statusText: 'pending_review',
    });
  });

  it.each([
    ['canceled after a part', 'canceled', '1'],
    ['filled', 'filled', '2'],
  ])('tells of one %s how much was filled', async (_, status, filled) => {
    const { account, core } = await world();
    const sent = order();
    await account.place(sent);
    core.fill(sent.clientId, filled);
    if (status === 'canceled') core.external.cancel(sent.clientId);
    const found = await account.find({ ...sent, venueId: null }, NEVER);
    expect(found).toMatchObject({ status, filled: dec(filled) });
  });

  it('is pending while its cancel is under way (F25)', async () => {
    const { account, core, clock } = await world();
    const sent = order();
    await account.place(sent);
    core.next('cancel', { kind: 'stuck-cancel', ms: MINUTE_MS });
    expect(await account.cancel({ ...sent, venueId: null })).toEqual({ kind: 'sent' });
    const find = () => account.find({ ...sent, venueId: null }, NEVER);
    expect(await find()).toMatchObject({ status: 'pending-cancel' });
    clock.time += MINUTE_MS;
    expect(await find()).toMatchObject({ status: 'canceled', filled: dec('0') });
  });

  it('that filled while it was canceled shows the fill (F18, F19)', async () => {
    const { account, core } = await world();
    const sent = order();
    await account.place(sent);
    const venueId = core.order(sent.clientId)?.id ?? null;
    core.next('cancel', { kind: 'cancel-race', percent: 50 });
    await account.cancel({ ...sent, venueId });
    const found = await account.find({ ...sent, venueId }, NEVER);
    expect(found).toMatchObject({ status: 'canceled', filled: dec('1') });
  });
});

describe('lists of orders', () => {
  it('hold more than a page, and orders of others as well', async () => {
    const { account, core, clock } = await world();
    for (let count = 0; count < 1_020; count += 1) {
      clock.time += 1;
      core.external.place({ symbol: 'AAPL/USD', side: 'buy', quantity: '0.1', limit: '50' });
    }
    const open = await account.openOrders(['AAPL'], NEVER);
    expect(open).toHaveLength(1_020);
    expect(new Set(open.map(({ venueId }) => venueId)).size).toBe(1_020);
    expect(core.requests).toHaveLength(3);
  });

  it('are of the symbols that were asked for', async () => {
    const { account } = await world();
    const [stock, coin] = [order(), order({ symbol: 'ETH/USD', limitPrice: dec('2000') })];
    await account.place(stock);
    await account.place(coin);
    const open = await account.openOrders(['ETH/USD'], NEVER);
    expect(open.map(({ clientId }) => clientId)).toEqual([coin.clientId]);
    expect(await account.openOrders(ALL, NEVER)).toHaveLength(2);
  });

  it('of closed ones go by the end of an order, not by its beginning', async () => {
    const { account, core, clock } = await world();
    const [early, late, resting] = [order(), order(), order()];
    for (const each of [early, late, resting]) await account.place(each);
    core.external.cancel(early.clientId);
    clock.time += 40 * 24 * 60 * MINUTE_MS;
    const since = clock.time;
    core.fill(late.clientId);
    const closed = await account.closedOrders(['AAPL'], since, NEVER);
    expect(closed.map(({ clientId }) => clientId)).toEqual([late.clientId]);
    const all = await account.closedOrders(['AAPL'], NOON, NEVER);
    expect(all.map(({ clientId }) => clientId)).toEqual([early.clientId, late.clientId]);
  });

  it('that repeat a page for ever are refused', async () => {
    const { account, core, loopback } = await world();
    for (let count = 0; count < 500; count += 1) {
      core.external.place({ symbol: 'AAPL/USD', side: 'buy', quantity: '0.1', limit: '50' });
    }
    // The exchange takes no notice of where a page is to begin.
    loopback.server.prependListener('request', (request: { url: string }) => {
      request.url = request.url.replace('after_order_id', 'ignored');
    });
    const problem = await problemOf(account.openOrders(['AAPL'], NEVER));
    expect(problem).toMatchObject({ kind: 'bad-response' });
  });
});

describe('trades', () => {
  it('are the fills of account activities, oldest first, more than a page of them', async () => {
    const { account, core, clock } = await world();
    const sent = order({ quantity: dec('300') });
    await account.place(sent);
    for (let count = 0; count < 250; count += 1) {
      clock.time += 1;
      core.fill(sent.clientId, '1');
    }
    const trades = await account.trades(['AAPL'], NOON, NEVER);
    expect(trades).toHaveLength(250);
    expect(trades.map(({ time }) => time)).toEqual(
      Array.from({ length: 250 }, (_, index) => NOON + index + 1),
    );
    expect(new Set(trades.map(({ tradeId }) => tradeId)).size).toBe(250);
    expect(trades[0]).toMatchObject({
      venueOrderId: core.order(sent.clientId)?.id,
      symbol: 'AAPL',
      side: 'buy',
      quantity: dec('1'),
      price: dec('150'),
      fee: { currency: 'USD', amount: dec('0') },
    });
  });

  it('begin with the moment asked for', async () => {
    const { account, core, clock } = await world();
    const sent = order();
    await account.place(sent);
    core.fill(sent.clientId, '1');
    clock.time += 1;
    core.fill(sent.clientId, '1');
    const since = async (time: number) => (await account.trades(['AAPL'], time, NEVER)).length;
    expect([await since(NOON), await since(NOON + 1), await since(NOON + 2)]).toEqual([2, 1, 0]);
  });

  it('come once where the list has them twice (F15)', async () => {
    const { account, core } = await world();
    const sent = order();
    await account.place(sent);
    core.fill(sent.clientId);
    core.next('trades', { kind: 'duplicate-trade' });
    expect(await account.trades(['AAPL'], NOON, NEVER)).toHaveLength(1);
  });

  it('of coins have no fee until the day is over and it was posted, then the whole of it (F24)', async () => {
    const { account, core, clock } = await world();
    const buys = ['0.1', '0.25'].map((text) =>
      order({ symbol: 'BTC/USD', quantity: dec(text), limitPrice: dec('59000') }),
    );
    for (const each of buys) await account.place(each);
    for (const each of buys) core.fill(each.clientId);
    await account.place(
      order({ symbol: 'ETH/USD', side: 'sell', type: 'market', timeInForce: 'ioc' }),
    );
    const trades = () => account.trades(['BTC/USD', 'ETH/USD'], NOON, NEVER);
    expect((await trades()).map(({ fee }) => fee)).toEqual([null, null, null]);
    clock.time += 24 * 60 * MINUTE_MS;
    const told = await trades();
    const charged = core.trades().map(({ fee }) => fee);
    expect(charged[0]).toEqual({ asset: 'BTC', amount: '0.00015' });
    expect(told.slice(0, 2).map(({ fee }) => [fee?.currency, String(fee?.amount)])).toEqual([
      ['BTC', '0.000149999999999999'],
      ['BTC', '0.000375000000000001'],
    ]);
    expect(told[2]?.fee).toEqual({ currency: 'USD', amount: dec(charged[2]?.amount ?? '') });
    const one = await account.trades(['ETH/USD'], NOON, NEVER);
    expect(one.map(({ fee }) => fee)).toEqual([told[2]?.fee]);
  });
});

describe('trades of coins asked for from the middle of a day', () => {
  it('have the shares of the whole day, and those before are left out', async () => {
    const { account, core, clock } = await world();
    const sent = order({ symbol: 'BTC/USD', quantity: dec('0.4'), limitPrice: dec('59000') });
    await account.place(sent);
    core.fill(sent.clientId, '0.1');
    clock.time += 60 * MINUTE_MS;
    const since = clock.time;
    core.fill(sent.clientId, '0.3');
    clock.time += 24 * 60 * MINUTE_MS;
    const all = await account.trades(['BTC/USD'], NOON, NEVER);
    const later = await account.trades(['BTC/USD'], since, NEVER);
    expect(all).toHaveLength(2);
    expect(all[0]?.fee).not.toBeNull();
    expect(later).toEqual(all.slice(1));
  });

  it('cost one request while the day lasts', async () => {
    const { account, core } = await world();
    await account.trades(['BTC/USD', 'AAPL'], NOON - MINUTE_MS, NEVER);
    expect(core.requests).toHaveLength(1);
  });
});

describe('the account', () => {
  it('has cash, shares and coins, with what orders hold of them', async () => {
    const { account } = await world();
    await account.place(order({ quantity: dec('100') }));
    await account.place(order({ side: 'sell', quantity: dec('40'), limitPrice: dec('300') }));
    const balances = await account.balances(NEVER);
    expect(
      balances.map(({ currency, total, free }) => [currency, String(total), String(free)]),
    ).toEqual([
      ['USD', '100000', '85000'],
      ['AAPL', '100', '60'],
      ['BTC', '1', '1'],
      ['ETH', '10', '10'],
    ]);
  });

  it('is named, may trade or not, and says nothing of transfers', async () => {
    const { account, core } = await world();
    const identity = { accountId: 'PA3TESTACCT1', mayTrade: true, mayWithdraw: null };
    expect(await account.identify(NEVER)).toEqual(identity);
    core.permissions.mayTrade = false;
    expect(await account.identify(NEVER)).toEqual({ ...identity, mayTrade: false });
  });

  it('has the clock of the exchange (F57)', async () => {
    const { account, core } = await world();
    core.clockOffsetMs = -4_321;
    expect(await account.serverTime(NEVER)).toBe(NOON - 4_321);
    expect(await account.session(NEVER)).toMatchObject({ isOpen: true });
  });

  it('lets one trade whole shares unless parts were asked for, and coins in parts', async () => {
    const { account, open } = await world();
    expect(await account.instrument('AAPL', NEVER)).toMatchObject({ lotStep: dec('1') });
    const parts = open({ fractionalShares: true });
    expect(await parts.instrument('AAPL', NEVER)).toMatchObject({ lotStep: dec('0.000000001') });
    expect(await account.instrument('BTC/USD', NEVER)).toEqual({
      symbol: 'BTC/USD',
      assetClass: 'crypto',
      quoteCurrency: 'USD',
      tickSize: dec('0.01'),
      lotStep: dec('0.000000001'),
      minNotional: dec('10'),
      fees: null,
    });
    await expect(account.instrument('BTD/USD', NEVER)).rejects.toThrow('did you mean "BTC/USD"?');
    await expect(account.instrument('AAPK', NEVER)).rejects.toThrow('did you mean "AAPL"?');
  });

  it('has quotes of stocks and coins, but none of a symbol without one', async () => {
    const { account, core } = await world();
    core.moveTo('ETH/USD', '2600');
    const quotes = await account.quotes(['AAPL', 'ETH/USD', 'TSLA'], NEVER);
    expect(quotes).toEqual([
      { symbol: 'AAPL', bid: 199.96, ask: 200.04, time: NOON },
      { symbol: 'ETH/USD', bid: 2599.48, ask: 2600.52, time: NOON },
    ]);
  });
});

const READS = [
  ['identify', 'balances'],
  ['serverTime', 'time'],
  ['instrument', 'markets'],
  ['find', 'order'],
  ['openOrders', 'open'],
  ['closedOrders', 'closed'],
  ['trades', 'trades'],
  ['balances', 'balances'],
  ['quotes', 'quote'],
] as const;

describe.each(READS)('%s', (name, call) => {
  it.each([
    ['timeout', { kind: 'hang', accepted: true }],
    ['network', { kind: 'drop', accepted: true }],
    ['unavailable', { kind: 'server-error', status: 503, accepted: false }],
    ['bad-response', { kind: 'malformed', accepted: true }],
    ['bad-response', { kind: 'html', accepted: true }],
    ['bad-response', { kind: 'empty', accepted: true }],
    ['bad-response', { kind: 'redirect', to: 'http://127.0.0.1:1/', accepted: true }],
    ['rate-limit', { kind: 'rate-limit', retryAfterS: 7, accepted: false }],
  ] as const)('fails with %s, once, and without the keys', async (kind, fate) => {
    const { account, core, credentials } = await world();
    core.next(call, fate);
    const ref = { clientId: newId(), venueId: null, symbol: 'AAPL' };
    const reads = {
      identify: () => account.identify(NEVER),
      serverTime: () => account.serverTime(NEVER),
      instrument: () => account.instrument('AAPL', NEVER),
      find: () => account.find(ref, NEVER),
      openOrders: () => account.openOrders(ALL, NEVER),
      closedOrders: () => account.closedOrders(ALL, NOON, NEVER),
      trades: () => account.trades(ALL, NOON, NEVER),
      balances: () => account.balances(NEVER),
      quotes: () => account.quotes(['AAPL'], NEVER),
    };
    const problem = await problemOf(reads[name]());
    expect(problem).toBeInstanceOf(ExchangeError);
    expect(problem).toMatchObject({
      kind,
      retryAfterMs: kind === 'rate-limit' ? 7_000 : null,
    });
    expect(core.requests).toHaveLength(1);
    const words = JSON.stringify([problem, String(problem), (problem as Error).cause]);
    expect(words).not.toContain(credentials.apiKey);
    expect(words).not.toContain(credentials.secret);
  });
});

describe('keys', () => {
  it('that Alpaca does not know are named as what to check, never shown', async () => {
    const { open } = await world();
    const problem = await problemOf(open({ secret: 'SECRETCANARY' }).identify(NEVER));
    expect(problem).toMatchObject({ kind: 'auth' });
    expect(String(problem)).toContain('they must be of a paper account');
    expect(String(problem)).not.toContain('SECRETCANARY');
  });

  it('of a paper account are refused for money, and the reverse', async () => {
    const { open } = await world();
    expect(() => open({ paper: false })).toThrow('keys of a live account were expected');
    expect(() => open({ keyId: 'AKLIVE' })).toThrow('keys of a paper account were expected');
    expect(() => open({ keyId: 'AKLIVE', paper: false })).not.toThrow();
  });

  it('that are missing are asked for by the name of their variable', async () => {
    const { open } = await world();
    expect(() => open({ keyId: null })).toThrow('APCA_API_KEY_ID');
    expect(() => open({ secret: '' })).toThrow('APCA_API_SECRET_KEY');
  });
});

it('a read ends at once when its signal aborts', async () => {
  const { account, core } = await world({ timeoutMs: 60_000 });
  core.next('balances', { kind: 'hang', accepted: true });
  const stop = new AbortController();
  const read = problemOf(account.identify(stop.signal));
  stop.abort(new Error('enough'));
  expect(await read).toMatchObject({ message: 'enough' });
});
