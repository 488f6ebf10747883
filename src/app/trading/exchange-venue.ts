import type { Config } from '../../config/config-schema.ts';
import { Decimal } from '../../core/decimal.ts';
import type { LiveVenueSettings } from '../../execution/live/live-venue.ts';
import type { ExchangeAccount } from '../../ports/exchange-account.ts';
import type { Logger } from '../../ports/logger.ts';
import type { QuoteSource } from '../../ports/quote-source.ts';
import type { Timer } from '../../ports/timer.ts';
import { sha256 } from '../content-hash.ts';
import { AccountVenue } from './account-venue.ts';
import { liveVenueState } from './session-state.ts';
import type { VenueContext } from './trading-account.ts';

const LIVE_SETTINGS: Omit<LiveVenueSettings, 'createsPerMinute'> = {
  pollMs: 5_000,
  balanceMs: 60_000,
  cashTolerance: Decimal.parse('0.01'),
  startAttempts: 5,
};
/** A price that old says nothing of what an order would fill at. */
const QUOTE_STALE_MS = 60_000;

interface ExchangeVenueParts extends VenueContext {
  readonly account: ExchangeAccount;
  readonly quotes: QuoteSource;
  readonly config: Pick<Config, 'data' | 'live'>;
  readonly logger: Logger;
  readonly timer: Timer;
}

/** The venue that is an account at an exchange, as a session of these links trades on it. */
export function exchangeVenue(parts: ExchangeVenueParts): AccountVenue {
  const { account, config, logger, timer, plan, run, links, restored, engine, feedParts } = parts;
  const { clock } = feedParts;
  return new AccountVenue({
    venue: {
      account,
      ledger: run.venueLedger,
      intake: links.intake,
      clock,
      timer,
      logger,
      instrumentOf: (symbol) => plan.instruments.at(symbol, clock.now()),
      symbols: [...plan.symbols, ...plan.managed],
      nonce: run.nonce,
      sha256,
      restored: liveVenueState(restored),
      settings: { ...LIVE_SETTINGS, createsPerMinute: config.live.maxCreatesPerMinute },
      mayEnter: links.mayEnter,
      onGate: links.onGate,
    },
    quote: (quote) => engine().quote(quote),
    quotes: {
      source: parts.quotes,
      everyMs: config.data.quoteSeconds * 1000,
      staleAfterMs: QUOTE_STALE_MS,
      clock,
      timer,
      logger,
    },
  });
}
