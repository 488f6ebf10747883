import { ConfigError } from '../../core/errors.ts';
import type { BarSource } from '../../ports/bar-source.ts';
import { CALL_SCOPES } from './call-scope.ts';
import { CcxtBarSource } from './ccxt-bar-source.ts';
import type { Network } from '../http/network.ts';
import { loadExchangeClass, type FindNearest } from './exchange-class.ts';
import { guardedFetch } from './guarded-fetch.ts';
import type { Silence } from './silence.ts';
import { openExchange } from './open-exchange.ts';
import { profileOf } from './venue-profile.ts';

export interface CcxtOptions {
  /** ccxt's id of an exchange, e.g. `coinbase`. */
  readonly exchange: string;
  /** How long one answer may take, body included. */
  readonly timeoutMs: number;
  /** A server on this machine to ask in its place, e.g. `http://127.0.0.1:8080`; null for none. */
  readonly endpoint: string | null;
  /** Whether candles will be watched: loads what streams need, where the venue has any. */
  readonly streaming: boolean;
  readonly nearest: FindNearest;
  /** Most bytes of one answer. */
  readonly maxBodyBytes?: number;
  /** That of this machine by default. */
  readonly network?: Network;
  /** Shared with whoever else asks this exchange; its own by default. */
  readonly silence?: Silence;
}

/** Three times the longest list of markets. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Opens an exchange; nothing is sent yet. One for each exchange and process, for its rate limiter
 * knows of no other. Throws a `ConfigError` on an exchange that ccxt does not know, or that serves
 * no candles.
 */
export async function createCcxtBarSource(options: CcxtOptions): Promise<BarSource> {
  const { exchange: id, endpoint, timeoutMs, streaming, nearest } = options;
  const exchangeClass = await loadExchangeClass(id, streaming, nearest);
  const profile = profileOf(id);
  const scopes = CALL_SCOPES;
  const closing = new AbortController();
  const fetch = guardedFetch({
    exchange: id,
    timeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    scopes,
    closing: closing.signal,
    ...(options.network === undefined ? {} : { network: options.network }),
    ...(options.silence === undefined ? {} : { silence: options.silence }),
  });
  const { network } = options;
  const plan = { endpoint, timeoutMs, profile, fetch, network, credentials: null, scopes };
  const open = () => openExchange(exchangeClass, plan);
  const exchange = await open();
  if (exchange.has['fetchOHLCV'] !== true) {
    throw new ConfigError(
      `an exchange that serves candles was expected, was "${id}"; choose another --exchange`,
    );
  }
  return new CcxtBarSource({ exchange, profile, scopes, nearest, reopen: open, closing });
}
