import { ConfigError } from '../../../core/errors.ts';
import type { VenueCapabilities } from '../../../ports/exchange-account.ts';
import { BINANCE } from './binance-account.ts';
import { BINANCE_WINDOW_MS } from './binance-orders.ts';
import { COINBASE } from './coinbase-account.ts';
import type { SecretNames } from './credentials.ts';
import type { Dialect } from './dialect.ts';
import { KRAKEN } from './kraken-account.ts';
import { KRAKEN_DEADLINE_MS } from './kraken-orders.ts';

/** A venue whose accounts this program can trade on, as data. */
export interface TradedVenue {
  readonly capabilities: VenueCapabilities;
  readonly secrets: SecretNames;
  readonly dialect: Dialect;
}

/** A wrong clock, here or there, and the way. */
const ALLOWANCE_MS = 30_000;

/** How long a token that signs a request of Coinbase is good. */
const COINBASE_TOKEN_MS = 120_000;

const COINBASE_VENUE: TradedVenue = {
  capabilities: {
    // A stop is sent as a stop-limit whose limit lies far behind: it has no other.
    orderTypes: new Set(['market', 'limit', 'stop', 'stop_limit']),
    timesInForce: new Set(['gtc', 'ioc', 'fok', 'gtd']),
    clientIdField: 'client_order_id',
    findsByClientId: false,
    restsStops: true,
    restsBothExits: false,
    requestValidityMs: COINBASE_TOKEN_MS + ALLOWANCE_MS,
    readPauseMs: 2_000,
  },
  secrets: { apiKey: 'COINBASE_API_KEY', secret: 'COINBASE_API_SECRET' },
  dialect: COINBASE,
};

const KRAKEN_VENUE: TradedVenue = {
  capabilities: {
    orderTypes: new Set(['market', 'limit', 'stop', 'stop_limit']),
    timesInForce: new Set(['gtc', 'ioc', 'gtd']),
    clientIdField: 'cl_ord_id',
    findsByClientId: false,
    restsStops: true,
    restsBothExits: false,
    requestValidityMs: KRAKEN_DEADLINE_MS + ALLOWANCE_MS,
    // A private call costs three seconds of its allowance, a history six.
    readPauseMs: 10_000,
  },
  secrets: { apiKey: 'KRAKEN_API_KEY', secret: 'KRAKEN_API_SECRET' },
  dialect: KRAKEN,
};

const BINANCE_VENUE: TradedVenue = {
  capabilities: {
    orderTypes: new Set(['market', 'limit', 'stop', 'stop_limit']),
    timesInForce: new Set(['gtc', 'ioc', 'fok']),
    clientIdField: 'newClientOrderId',
    findsByClientId: true,
    restsStops: true,
    restsBothExits: false,
    requestValidityMs: BINANCE_WINDOW_MS + ALLOWANCE_MS,
    readPauseMs: 2_000,
  },
  secrets: { apiKey: 'BINANCE_API_KEY', secret: 'BINANCE_API_SECRET' },
  dialect: BINANCE,
};

const VENUES = new Map<string, TradedVenue>([
  ['coinbase', COINBASE_VENUE],
  ['kraken', KRAKEN_VENUE],
  ['binance', BINANCE_VENUE],
  [
    'binanceus',
    {
      ...BINANCE_VENUE,
      secrets: { apiKey: 'BINANCEUS_API_KEY', secret: 'BINANCEUS_API_SECRET' },
    },
  ],
]);

/** Throws a `ConfigError` on a venue whose orders nobody checked. */
export function tradedVenue(exchange: string): TradedVenue {
  const venue = VENUES.get(exchange);
  if (venue !== undefined) return venue;
  throw new ConfigError(
    `an exchange to trade on (${[...VENUES.keys()].join(', ')}) was expected, was "${exchange}"; ` +
      'candles of others can be collected, orders are sent to these alone',
  );
}
