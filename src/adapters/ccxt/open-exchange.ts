import { InvariantError } from '../../core/errors.ts';
import type { CcxtExchange, ExchangeClass, Fetch } from './ccxt-exchange.ts';
import type { Network } from '../http/network.ts';
import { redirectTo } from './loopback-endpoint.ts';
import type { VenueProfile } from './venue-profile.ts';

export interface OpenOptions {
  readonly endpoint: string | null;
  readonly timeoutMs: number;
  readonly profile: VenueProfile;
  readonly fetch: Fetch;
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
  const { endpoint, timeoutMs, profile, fetch } = options;
  const exchange = new exchangeClass({
    // A server on this machine is nobody's to be spared, nor is one within this program.
    enableRateLimit: endpoint === null && options.network === undefined,
    timeout: timeoutMs + LATER_MS,
    options: { ...profile.options, maxRetriesOnFailure: 0 },
  });
  if (exchange.options['maxRetriesOnFailure'] !== 0) {
    throw new InvariantError('ccxt must not retry by itself: an order would be sent twice');
  }
  if (endpoint !== null) await redirectTo(endpoint, exchange);
  if (!profile.needsCurrencies) exchange.has['fetchCurrencies'] = false;
  exchange.fetchImplementation = fetch;
  if (options.network !== undefined) followClock(exchange, options.network);
  exchange.log = () => undefined;
  // ccxt sorts candles, cuts them to a limit, and drops those without a time: all of it in silence.
  exchange.parseOHLCVs = (rows, market) => rows.map((row) => exchange.parseOHLCV(row, market));
  // Loaded with the first request otherwise, in time of this machine and of no simulation.
  if (options.network !== undefined) await exchange.loadProxyModules();
  return exchange;
}

/** ccxt reads no other clock, neither for nonces nor for signatures. */
function followClock(exchange: CcxtExchange, { now }: Network): void {
  exchange.milliseconds = now;
  exchange.seconds = () => Math.floor(now() / 1000);
  exchange.microseconds = () => now() * 1000;
}
