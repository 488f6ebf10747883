import type { Clock } from '../../../ports/clock.ts';
import type { QuoteSource } from '../../../ports/quote-source.ts';
import type { Network } from '../../http/network.ts';
import { redactor } from '../../http/redaction.ts';
import { CALL_SCOPES } from '../call-scope.ts';
import type { Credentials } from '../ccxt-exchange.ts';
import { loadExchangeClass, type FindNearest } from '../exchange-class.ts';
import { guardedFetch } from '../guarded-fetch.ts';
import type { Silence } from '../silence.ts';
import { openExchange } from '../open-exchange.ts';
import { profileOf } from '../venue-profile.ts';
import type { CallerParts } from './account-caller.ts';
import { CcxtVenue } from './ccxt-venue.ts';
import { credentialsFrom, type CcxtSecret } from './credentials.ts';
import { tradedVenue } from './venue-table.ts';

export interface CcxtVenueOptions {
  /** ccxt's id of an exchange, e.g. `coinbase`. */
  readonly exchange: string;
  /** How long one answer may take, body included. */
  readonly timeoutMs: number;
  /** A server on this machine to ask in its place, e.g. `http://127.0.0.1:8080`; null for none. */
  readonly endpoint: string | null;
  readonly clock: Clock;
  readonly nearest: FindNearest;
  /** Most bytes of one answer. */
  readonly maxBodyBytes?: number;
  /** That of this machine by default. */
  readonly network?: Network;
  /** Shared with whoever else asks this exchange; its own by default. */
  readonly silence?: Silence;
}

export interface CcxtAccountOptions extends CcxtVenueOptions {
  /** A variable of the environment; null where it is not set. */
  readonly secret: (name: CcxtSecret) => string | null;
}

/** Three times the longest list of markets. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Opens an account; nothing is sent yet. Its rate limiter knows of no other of this process: only a
 * pause that the exchange asks for is shared, by `silence`. Throws a `ConfigError` where the keys are not set, or where the exchange is none
 * of those that can be traded on.
 */
export async function createCcxtVenue(options: CcxtAccountOptions): Promise<CcxtVenue> {
  const venue = tradedVenue(options.exchange);
  const keys = credentialsFrom(options.exchange, venue.secrets, options.secret);
  return new CcxtVenue(await open(options, keys), venue);
}

/** Opens present prices alone, for which nobody needs a key. */
export async function createCcxtQuoteSource(
  options: CcxtVenueOptions,
): Promise<QuoteSource & Pick<CcxtVenue, 'close'>> {
  return new CcxtVenue(await open(options, null), tradedVenue(options.exchange));
}

async function open(
  options: CcxtVenueOptions,
  credentials: Credentials | null,
): Promise<CallerParts> {
  const { exchange: id, endpoint, timeoutMs, clock, nearest, network } = options;
  const exchangeClass = await loadExchangeClass(id, false, nearest);
  const scopes = CALL_SCOPES;
  const closing = new AbortController();
  const fetch = guardedFetch({
    exchange: id,
    timeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    scopes,
    closing: closing.signal,
    ...(network === undefined ? {} : { network }),
    ...(options.silence === undefined ? {} : { silence: options.silence }),
  });
  const profile = profileOf(id);
  const plan = { endpoint, timeoutMs, profile, fetch, network, credentials, scopes };
  const exchange = await openExchange(exchangeClass, plan);
  const secrets = credentials === null ? [] : [credentials.apiKey, credentials.secret];
  return { exchange, scopes, clock, nearest, redact: redactor(secrets), closing };
}
