import { Decimal } from '../../core/decimal.ts';
import { ConfigError } from '../../core/errors.ts';
import type { VenueSnapshot } from '../../execution/venue-snapshot.ts';
import type { QuoteSource } from '../../ports/quote-source.ts';
import { simulatedVenueOptions } from '../engine-terms.ts';
import { openQuoteSource } from '../exchange-accounts.ts';
import { simulatedVenueState } from './session-state.ts';
import { PaperVenue } from './paper-venue.ts';
import type { AccountRequest, TradingAccount, VenueContext } from './trading-account.ts';

/** A price that old says nothing of what an order would fill at. */
const QUOTE_STALE_MS = 60_000;
/** No exchange takes an order of it: any clock will do. */
const ANY_VALIDITY_MS = Number.MAX_SAFE_INTEGER;

/** Simulated money at live prices. */
export async function openPaperAccount({
  workspace,
  market,
  faults,
  silence,
}: AccountRequest): Promise<TradingAccount> {
  const { config, logger, machine } = workspace;
  const quotes = await quotesOf(workspace, market.exchange, silence);
  const everyMs = config.data.quoteSeconds * 1000;
  return {
    owner: { mode: 'paper', exchange: market.exchange, account: null },
    capital: () => Decimal.fromNumber(config.portfolio.initialCapital),
    balances: [],
    notes: [],
    requestValidityMs: ANY_VALIDITY_MS,
    makeVenue: ({ plan, links, restored, engine, feedParts }: VenueContext) =>
      new PaperVenue({
        venue: {
          ...simulatedVenueOptions(plan),
          ...restoredOption(simulatedVenueState(restored)),
        },
        intake: links.intake,
        quote: (quote) => engine().quote(quote),
        quotes:
          quotes === null
            ? null
            : {
                source: faults.watching(quotes, 'quotes'),
                everyMs,
                staleAfterMs: QUOTE_STALE_MS,
                clock: feedParts.clock,
                timer: machine.timer,
                logger,
              },
      }),
    close: async () => undefined,
  };
}

function restoredOption(restored: VenueSnapshot | null): { readonly restored?: VenueSnapshot } {
  return restored === null ? {} : { restored };
}

/** Some exchanges give candles and no more that this program understands. */
async function quotesOf(
  { config, options, machine }: AccountRequest['workspace'],
  exchange: string,
  silence: AccountRequest['silence'],
): Promise<QuoteSource | null> {
  try {
    return await openQuoteSource(exchange, {
      config,
      environment: options.environment,
      machine,
      silence,
    });
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}
