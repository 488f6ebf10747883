import type { Clock } from '../../../src/ports/clock.ts';
import { BINANCE_RULES, BinanceFrontEnd } from './binance-front-end.ts';
import { COINBASE_RULES, CoinbaseFrontEnd } from './coinbase-front-end.ts';
import { coinbaseKey } from './coinbase-key.ts';
import { ExchangeCore, type FatePolicy } from './exchange-core.ts';
import type { Listing, VenueRules } from './exchange-types.ts';
import { KRAKEN_RULES, KrakenFrontEnd } from './kraken-front-end.ts';
import type { FrontEnd } from './wire.ts';

/** Credentials that the exchange accepts, as ccxt takes them. */
export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
}

export interface MadeExchange {
  readonly core: ExchangeCore;
  readonly frontEnd: FrontEnd;
  readonly credentials: Credentials;
}

export interface MakeOptions {
  readonly clock: Clock;
  readonly listings?: readonly Listing[];
  readonly balances?: Readonly<Record<string, string>>;
  readonly policy?: FatePolicy;
  /** Accepted in place of those of the venue. */
  readonly credentials?: Credentials;
}

interface Venue {
  readonly rules: VenueRules;
  readonly credentials: Credentials;
  readonly frontEnd: (core: ExchangeCore, credentials: Credentials) => FrontEnd;
}

/** A market of bitcoin as it might be; `change` makes another one of it. */
export function listing(symbol: string, change: Partial<Listing> = {}): Listing {
  return {
    symbol,
    price: '60000',
    tickSize: '0.01',
    lotStep: '0.00001',
    minQuantity: '0.00001',
    minNotional: '5',
    status: 'trading',
    ...change,
  };
}

const LISTINGS = ['USD', 'USDT'].flatMap((quote) => [
  listing(`BTC/${quote}`),
  listing(`ETH/${quote}`, { price: '2500', lotStep: '0.0001', minQuantity: '0.0001' }),
]);
const BALANCES = { USD: '100000', USDT: '100000', BTC: '1', ETH: '10', BNB: '5' };

const VENUES = {
  binance: {
    rules: BINANCE_RULES,
    credentials: { apiKey: 'canary-binance-key', secret: 'canary-binance-secret' },
    frontEnd: (core: ExchangeCore, key: Credentials) => new BinanceFrontEnd(core, key),
  },
  kraken: {
    rules: KRAKEN_RULES,
    credentials: { apiKey: 'canary-kraken-key', secret: 'Y2FuYXJ5LWtyYWtlbi1zZWNyZXQ=' },
    frontEnd: (core: ExchangeCore, key: Credentials) => new KrakenFrontEnd(core, key),
  },
  coinbase: {
    rules: COINBASE_RULES,
    credentials: coinbaseKey(),
    frontEnd: (core: ExchangeCore, key: Credentials) => new CoinbaseFrontEnd(core, key),
  },
} as const satisfies Readonly<Record<string, Venue>>;

export type VenueId = keyof typeof VENUES;

/** An exchange of a venue's rules and format, with money on the account. */
export function makeExchange(venue: VenueId, options: MakeOptions): MadeExchange {
  const { clock, listings = LISTINGS, balances = BALANCES, policy } = options;
  const { rules, frontEnd } = VENUES[venue];
  const credentials = options.credentials ?? VENUES[venue].credentials;
  const base = { clock, rules, listings, balances };
  const core = new ExchangeCore(policy === undefined ? base : { ...base, policy });
  return { core, frontEnd: frontEnd(core, credentials), credentials };
}
