import { createAlpacaVenue } from '../../../src/adapters/alpaca/create-alpaca-venue.ts';
import { SYSTEM_TIMER } from '../../../src/adapters/system/system-timer.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import { activityId } from '../../support/exchange-sim/alpaca-encoding.ts';
import { makeAlpaca } from '../../support/exchange-sim/make-alpaca.ts';
import { listing } from '../../support/exchange-sim/make-exchange.ts';
import { serveAlpaca } from '../../support/exchange-sim/serve-alpaca.ts';
import { handleOf } from './ccxt-world.ts';
import type { VenueWorld, WorldOptions } from './venue-world.ts';

/** An account that trades coins through Alpaca's own client, on a fake Alpaca of this machine. */
export async function alpacaWorld({ timeoutMs }: WorldOptions): Promise<VenueWorld> {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const { core, frontEnd, credentials } = makeAlpaca({
    clock,
    listings: [
      listing('BTC/USD', { lotStep: '0.000000001' }),
      listing('ETH/USD', { price: '2500' }),
    ],
    balances: { USD: '100000', BTC: '1', BNB: '5' },
  });
  const server = await serveAlpaca(core, frontEnd);
  const account = createAlpacaVenue({
    keyId: credentials.apiKey,
    secret: credentials.secret,
    feed: 'iex',
    assetClasses: ['crypto'],
    endpoint: server.url,
    timeoutMs,
    clock,
    timer: SYSTEM_TIMER,
  });
  return {
    account,
    exchange: {
      ...handleOf(core),
      trades: () => core.trades().map((trade) => ({ ...trade, id: activityId(trade) })),
    },
    symbol: 'BTC/USD',
    base: 'BTC',
    quote: 'USD',
    feeAsset: null,
    namesFeeCurrency: true,
    tellsLiquidity: false,
    feeTakings: ['received'],
    passFeeDay: () => {
      ahead += DAY_MS;
    },
    secrets: [credentials.apiKey, credentials.secret],
    page: 500,
    stop: async () => {
      await account.close();
      await server.stop();
    },
  };
}
