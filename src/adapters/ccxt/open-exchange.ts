import { InvariantError } from '../../core/errors.ts';
import type { CallScopes } from './call-scope.ts';
import type { CcxtExchange, Credentials, ExchangeClass, Fetch } from './ccxt-exchange.ts';
import type { Network } from '../http/network.ts';
import { openLanes } from './throttle-lanes.ts';
import { redirectTo } from './loopback-endpoint.ts';
import type { VenueProfile } from './venue-profile.ts';

export interface OpenOptions {
  readonly endpoint: string | null;
  readonly timeoutMs: number;
  readonly profile: VenueProfile;
  readonly fetch: Fetch;
  /** Null for what everyone may ask. */
  readonly credentials: Credentials | null;
  readonly scopes: CallScopes;
  /** Tells the time in place of this machine's clock; undefined for that one. */
  readonly network?: Network | undefined;
}

/** ccxt has a timer of its own, which may only be the second to fire: it does not name the cause. */
const LATER_MS = 1000;

/** An exchange of ccxt as this program uses it: without retries, talk on stdout, or lost candles. */
export async function openExchange(
  exchangeClass: ExchangeClass,
  options: OpenOptions,
): Promise<CcxtExchange> {
  const { endpoint, timeoutMs, profile, fetch, credentials, scopes } = options;
  const exchange = new exchangeClass({
    // A server on this machine is nobody's to be spared, nor is one within this program.
    enableRateLimit: endpoint === null && options.network === undefined,
    timeout: timeoutMs + LATER_MS,
    options: { ...profile.options, maxRetriesOnFailure: 0 },
    ...credentials,
  });
  assertSafeToSend(exchange);
  openLanes(exchange, scopes);
  if (endpoint !== null) await redirectTo(endpoint, exchange);
  if (!profile.needsCurrencies) exchange.has['fetchCurrencies'] = false;
  exchange.fetchImplementation = fetch;
  if (options.network !== undefined) followClock(exchange, options.network);
  if (profile.noncesRise) letNoncesRise(exchange);
  exchange.log = () => undefined;
  // ccxt sorts candles, cuts them to a limit, and drops those without a time: all of it in silence.
  exchange.parseOHLCVs = (rows, market) => rows.map((row) => exchange.parseOHLCV(row, market));
  // Loaded with the first request otherwise, in time of this machine and of no simulation.
  if (options.network !== undefined) await exchange.loadProxyModules();
  return exchange;
}

/**
 * Throws an `InvariantError` where ccxt would send a request more than once, or print it: an order
 * would be doubled, a key shown.
 */
export function assertSafeToSend(exchange: CcxtExchange): void {
  if (exchange.options['maxRetriesOnFailure'] !== 0) {
    throw new InvariantError('ccxt must not retry by itself: an order would be sent twice');
  }
  if (exchange.verbose !== false) {
    throw new InvariantError('ccxt must not print what it sends: there are keys in it');
  }
}

/** ccxt reads no other clock, neither for nonces nor for signatures. */
function followClock(exchange: CcxtExchange, { now }: Network): void {
  exchange.milliseconds = now;
  exchange.seconds = () => Math.floor(now() / 1000);
  exchange.microseconds = () => now() * 1000;
}

/** ccxt takes the millisecond for it: two requests within one would have the same. */
function letNoncesRise(exchange: CcxtExchange): void {
  let last = 0;
  const ofTime = exchange.nonce.bind(exchange);
  exchange.nonce = () => {
    last = Math.max(last + 1, ofTime());
    return last;
  };
}
