import { createCcxtVenue } from '../../../src/adapters/ccxt/account/create-ccxt-venue.ts';
import { nearest } from '../../../src/config/nearest.ts';
import type { ExchangeCore } from '../../support/exchange-sim/exchange-core.ts';
import { listing, makeExchange, type VenueId } from '../../support/exchange-sim/make-exchange.ts';
import { serveOnLoopback } from '../../support/exchange-sim/serve-on-loopback.ts';
import type { ExchangeHandle, VenueWorld, WorldOptions } from './venue-world.ts';

const SYMBOL = 'BTC/USD';

/** An account through ccxt, on an exchange of this machine that speaks the venue's own format. */
export async function ccxtWorld(venue: VenueId, options: WorldOptions): Promise<VenueWorld> {
  const clock = { now: () => Date.now() };
  const balances = { USD: '100000', BTC: '1', BNB: '5' };
  const { core, frontEnd, credentials } = makeExchange(venue, {
    clock,
    listings: [listing(SYMBOL), listing('ETH/USD', { price: '2500' })],
    balances,
  });
  const server = await serveOnLoopback(core, frontEnd);
  const account = await createCcxtVenue({
    exchange: venue,
    endpoint: server.url,
    timeoutMs: options.timeoutMs,
    clock,
    nearest,
    secret: (name) => (name.endsWith('_KEY') ? credentials.apiKey : credentials.secret),
    maxBodyBytes: 4_000_000,
  });
  return {
    account,
    exchange: handleOf(core),
    symbol: SYMBOL,
    base: 'BTC',
    quote: 'USD',
    feeAsset: core.rules.feeAsset.asset,
    namesFeeCurrency: venue === 'binance',
    secrets: [credentials.apiKey, credentials.secret, ...linesOf(credentials.secret)],
    page: { binance: 1000, coinbase: 250, kraken: 50 }[venue],
    stop: async () => {
      await account.close();
      await server.stop();
    },
  };
}

/** Of a key of several lines each one is a secret. */
function linesOf(secret: string): readonly string[] {
  return secret.split('\n').filter((line) => line.length > 16 && !line.startsWith('-----'));
}

/** What a test can see of and do to one of the fake exchanges. */
export function handleOf(core: ExchangeCore): ExchangeHandle {
  return {
    next: (call, fate) => core.next(call, fate),
    requests: () =>
      core.requests.map(({ call, path, query, body }) => ({
        call,
        text: `${path}?${query}\n${body}`,
      })),
    order: (clientId) => core.order(clientId),
    count: (clientId) => core.orders().filter((each) => each.clientId === clientId).length,
    trades: () => core.trades(),
    balances: () => core.balances(),
    fill: (clientId, quantity) => {
      core.fill(clientId, quantity);
    },
    moveTo: (price) => core.moveTo(SYMBOL, price),
    placeForeign: (quantity, limit, clientId) => {
      core.external.place({ symbol: SYMBOL, side: 'buy', quantity, limit, clientId });
    },
    relist: (change) => core.external.relist(SYMBOL, change),
    delist: () => core.external.delist(SYMBOL),
    takeFeesFrom: (taking) => {
      core.desk.feeTaking = taking;
    },
    tellFeesAfter: (ms) => {
      core.desk.feeDelayMs = ms;
    },
    permit: (permissions) => {
      core.permissions = permissions;
    },
    setClockAhead: (ms) => {
      core.clockOffsetMs = ms;
    },
    now: () => core.now(),
  };
}
