import type { Clock } from '../../ports/clock.ts';
import type { Timer } from '../../ports/timer.ts';
import type { Network } from '../http/network.ts';
import { redactor } from '../http/redaction.ts';
import { quoteFeed, requireKey, requireMatchingKey } from './alpaca-settings.ts';
import { AlpacaVenue } from './alpaca-venue.ts';
import type { TradedKinds } from './order-rules.ts';
import { AlpacaTradingClient } from './trading-client.ts';

interface AlpacaVenueOptions extends Partial<Pick<TradedKinds, 'fractionalShares'>> {
  /** Null where the user set none. */
  readonly keyId: string | null;
  readonly secret: string | null;
  /** False for real money, and only where that was asked for. */
  readonly paper?: boolean;
  /** `data.alpaca_feed`. */
  readonly feed: string;
  /** Of the symbols that are traded. */
  readonly assetClasses: TradedKinds['assetClasses'];
  /** A server on this machine in place of all of Alpaca's; null for the real ones. */
  readonly endpoint: string | null;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly timer: Timer;
  /** That of this machine by default. */
  readonly network?: Network;
}

/**
 * An account at Alpaca by its own client, which is loaded with the first request. Throws a
 * `ConfigError` where a key is missing, or is one of the other kind of account.
 */
export function createAlpacaVenue(options: AlpacaVenueOptions): AlpacaVenue {
  const { paper = true, fractionalShares = false, assetClasses, endpoint, clock, timer } = options;
  const keyId = requireKey('APCA_API_KEY_ID', options.keyId);
  const secret = requireKey('APCA_API_SECRET_KEY', options.secret);
  requireMatchingKey(keyId, paper);
  const shared = { keyId, secret, paper, redact: redactor([keyId, secret]) };
  const url = endpoint === null ? null : `${endpoint.replace(/^http/, 'ws')}/stream`;
  return new AlpacaVenue({
    client: new AlpacaTradingClient({
      ...shared,
      endpoint,
      feed: quoteFeed(options.feed),
      timeoutMs: options.timeoutMs,
      network: options.network ?? null,
      clock,
    }),
    kinds: { assetClasses, fractionalShares },
    updates: { ...shared, url, timer },
    clock,
  });
}
