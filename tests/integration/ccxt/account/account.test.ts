import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createCcxtQuoteSource,
  createCcxtVenue,
} from '../../../../src/adapters/ccxt/account/create-ccxt-venue.ts';
import { createScope } from '../../../../src/adapters/ccxt/call-scope.ts';
import { loadExchangeClass } from '../../../../src/adapters/ccxt/exchange-class.ts';
import { openExchange } from '../../../../src/adapters/ccxt/open-exchange.ts';
import { profileOf } from '../../../../src/adapters/ccxt/venue-profile.ts';
import { nearest } from '../../../../src/config/nearest.ts';
import { ConfigError } from '../../../../src/core/errors.ts';
import type { VenueId } from '../../../support/exchange-sim/make-exchange.ts';
import { allText, errorOf, NEVER, orderFor, posts } from '../../conformance/case-orders.ts';
import { openAccount, SYSTEM, type OpenedAccount } from './opened-account.ts';

const SYMBOL = 'BTC/USD';
const VENUES: readonly VenueId[] = ['binance', 'coinbase', 'kraken'];

let opened: OpenedAccount | null = null;
afterEach(async () => {
  await opened?.stop();
  opened = null;
});

function placings({ core }: OpenedAccount): number {
  return posts({
    exchange: { requests: () => core.requests.map(({ call }) => ({ call, text: '' })) },
  });
}

describe.each(VENUES)('an account at %s', (venue) => {
  it('shows no key that the exchange echoes, in reads nor in orders', async () => {
    opened = await openAccount(venue, (frontEnd) => ({
      answer: (request) => {
        const call = frontEnd.callOf(request);
        if (call !== 'open' && call !== 'place') return frontEnd.answer(request);
        const key = Object.values(request.headers).join(' ');
        const said = `${key} ${request.body} ${request.query}`;
        const body = JSON.stringify({ error: ['EEcho'], code: -1, msg: said, message: said });
        return { status: 400, headers: { 'content-type': 'application/json' }, body };
      },
    }));
    const { account, secrets } = opened;
    const error = await errorOf(account.openOrders([SYMBOL], NEVER));
    const outcome = await account.place(orderFor({ symbol: SYMBOL }, 'qsecho'));
    expect(outcome.kind).toBe('unknown');
    for (const secret of secrets) {
      expect(allText(error)).not.toContain(secret);
      expect(JSON.stringify(outcome)).not.toContain(secret);
    }
    // What ccxt threw has the address in it, and that is signed.
    expect(error).not.toHaveProperty('cause');
    expect(allText(error)).not.toContain('signature=');
  });

  it('takes no answer about another order for one about its own', async () => {
    opened = await openAccount(venue, (frontEnd) => ({
      answer: (request) => {
        const answer = frontEnd.answer(request);
        return { ...answer, body: answer.body.replaceAll('qsmine', 'qsyours') };
      },
    }));
    const outcome = await opened.account.place(orderFor({ symbol: SYMBOL }, 'qsmine'));
    expect(outcome.kind).toBe(venue === 'kraken' ? 'acknowledged' : 'unknown');
  });

  it('sends nothing once ccxt would send it twice, or print it', async () => {
    opened = await openAccount(venue);
    const { account, parts } = opened;
    const { exchange } = parts;
    exchange.options['maxRetriesOnFailure'] = 3;
    const order = orderFor({ symbol: SYMBOL }, 'qsthrice');
    expect(await account.place(order)).toMatchObject({ kind: 'refused' });
    exchange.options['maxRetriesOnFailure'] = 0;
    Reflect.set(exchange, 'verbose', true);
    expect(await account.place(order)).toMatchObject({ kind: 'refused' });
    expect(placings(opened)).toBe(0);
    Reflect.set(exchange, 'verbose', false);
    expect(await account.place(order)).toMatchObject({ kind: 'acknowledged' });
    expect(placings(opened)).toBe(1);
  });

  it('follows no redirect, with keys or without', async () => {
    const strangers: string[] = [];
    const stranger = createServer((request, response) => {
      strangers.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    opened = await openAccount(venue);
    const { account, core } = opened;
    await account.instrument(SYMBOL, NEVER);
    const to = `http://127.0.0.1:${port}/`;
    core.next('place', { kind: 'redirect', to, accepted: false });
    core.next('open', { kind: 'redirect', to, accepted: false });
    const outcome = await account.place(orderFor({ symbol: SYMBOL }, 'qsaway'));
    await errorOf(account.openOrders([SYMBOL], NEVER));
    await new Promise((resolve) => stranger.close(resolve));
    expect(outcome.kind).toBe('unknown');
    expect(strangers).toEqual([]);
  });

  it('loads its markets once for all who ask at a time, and anew for who asks later', async () => {
    opened = await openAccount(venue);
    const { account, core } = opened;
    const loads = () => core.requests.filter(({ call }) => call === 'markets').length;
    await Promise.all([1, 2, 3].map(() => account.instrument(SYMBOL, NEVER)));
    const once = loads();
    await account.balances(NEVER);
    expect(loads()).toBe(once);
    await account.instrument(SYMBOL, NEVER);
    expect(loads()).toBe(2 * once);
  });

  it('goes on with the markets it knows when they cannot be read anew', async () => {
    opened = await openAccount(venue);
    const { account, core } = opened;
    await account.instrument(SYMBOL, NEVER);
    for (let n = 0; n < 3; n++) core.next('markets', { kind: 'drop', accepted: false });
    await errorOf(account.instrument(SYMBOL, NEVER));
    const outcome = await account.place(orderFor({ symbol: SYMBOL }, 'qsgoon'));
    expect(outcome.kind).toBe('acknowledged');
  });

  it('has prices for who has no keys, and sends none for them', async () => {
    opened = await openAccount(venue);
    const { core, url, secrets } = opened;
    const plan = { exchange: venue, endpoint: url, timeoutMs: 10_000, clock: SYSTEM, nearest };
    const source = await createCcxtQuoteSource(plan);
    core.moveTo(SYMBOL, '61000');
    const [quote] = await source.quotes([SYMBOL, 'NOPE/USD'], NEVER);
    expect(quote).toMatchObject({ symbol: SYMBOL });
    expect(Math.abs((quote?.bid ?? 0) - 61_000)).toBeLessThan(100);
    const sent = JSON.stringify(core.requests);
    for (const secret of secrets) expect(sent).not.toContain(JSON.stringify(secret).slice(1, -1));
  });
});

describe('an account', () => {
  it('opens with keys alone, on exchanges whose orders were checked', async () => {
    const plan = { endpoint: null, timeoutMs: 1000, clock: SYSTEM, nearest };
    const secret = () => null;
    const keyless = errorOf(createCcxtVenue({ ...plan, exchange: 'kraken', secret }));
    expect(await keyless).toBeInstanceOf(ConfigError);
    const unknown = errorOf(createCcxtVenue({ ...plan, exchange: 'bitfinex', secret }));
    expect(await unknown).toBeInstanceOf(ConfigError);
  });

  it('cancels at once, however many reads are in line before it', async () => {
    opened = await openAccount('kraken');
    const { scopes } = opened.parts;
    const exchange = await openExchange(await loadExchangeClass('kraken', false, nearest), {
      endpoint: null,
      timeoutMs: 1000,
      profile: profileOf('kraken'),
      fetch: () => Promise.reject(new Error('nothing is sent here')),
      credentials: null,
      scopes,
    });
    const order: string[] = [];
    const pass = (name: string, lane: 'read' | 'create' | 'cancel') =>
      scopes.run(createScope(NEVER, lane), () => exchange.throttle(3)).then(() => order.push(name));
    const reads = Array.from({ length: 20 }, (_, n) => pass(`read ${n}`, 'read'));
    const creates = Array.from({ length: 5 }, (_, n) => pass(`create ${n}`, 'create'));
    await pass('cancel', 'cancel');
    expect(order.length).toBeLessThanOrEqual(3);
    expect(order).toContain('cancel');
    expect([reads.length, creates.length]).toEqual([20, 5]);
  });

  it('at Kraken numbers its requests upwards within a millisecond too', async () => {
    opened = await openAccount('kraken');
    const { exchange } = opened.parts;
    exchange.milliseconds = () => 1_795_780_800_000;
    const nonces = [exchange.nonce(), exchange.nonce(), exchange.nonce()];
    expect(nonces).toEqual(nonces.toSorted((one, other) => one - other));
    expect(new Set(nonces).size).toBe(3);
  });

  it.each([
    ['coinbase', 'v3PrivateGetBrokerageOrdersHistoricalBatch'],
    ['coinbase', 'v3PrivateGetBrokerageKeyPermissions'],
    ['kraken', 'privatePostGetApiKeyInfo'],
    ['binance', 'sapiGetAccountApiRestrictions'],
    ['binanceus', 'privatePostOrder'],
    ['binanceus', 'privateDeleteOrder'],
    ['binanceus', 'privateGetOrder'],
    ['binanceus', 'privateGetOpenOrders'],
    ['binanceus', 'privateGetAllOrders'],
    ['binanceus', 'privateGetMyTrades'],
    ['binanceus', 'privateGetAccount'],
    ['binanceus', 'publicGetTickerBookTicker'],
    ['binanceus', 'publicGetTime'],
  ])('at %s has %s in the ccxt there is', async (venue, method) => {
    const exchangeClass = await loadExchangeClass(venue, false, nearest);
    const exchange = new exchangeClass({ enableRateLimit: true, timeout: 1000, options: {} });
    expect(typeof Reflect.get(exchange, method)).toBe('function');
  });
});
