import { makeAlpaca } from '../../support/exchange-sim/make-alpaca.ts';
import {
  listing,
  makeExchange,
  type MadeExchange,
  type VenueId,
} from '../../support/exchange-sim/make-exchange.ts';
import type { Clock } from '../../../src/ports/clock.ts';

/** The exchanges that there are worlds of. */
export type WorldVenue = VenueId | 'alpaca';
export const WORLD_VENUES: readonly WorldVenue[] = ['binance', 'kraken', 'coinbase', 'alpaca'];

/** Names differ from venue to venue in the quote currency alone. */
export function symbolsAt(venue: WorldVenue): readonly string[] {
  const quote = venue === 'binance' ? 'USDT' : 'USD';
  return ['BTC', 'ETH', 'SOL'].map((base) => `${base}/${quote}`);
}

/** An exchange that trades these symbols, with money and goods on the account. */
export function worldExchange(
  venue: WorldVenue,
  { symbols, clock }: { readonly symbols: readonly string[]; readonly clock: Clock },
): MadeExchange {
  const quote = symbols[0]?.split('/')[1] ?? 'USD';
  // Alpaca trades billionths of everything, for ten dollars at least.
  const fine = { lotStep: '0.000000001', minQuantity: '0.000000001', minNotional: '10' };
  const terms = venue === 'alpaca' ? fine : {};
  const listings = [
    listing(`BTC/${quote}`, terms),
    listing(`ETH/${quote}`, { price: '2500', lotStep: '0.0001', minQuantity: '0.0001', ...terms }),
    listing(`SOL/${quote}`, { price: '150', lotStep: '0.001', minQuantity: '0.001', ...terms }),
  ].filter((each) => symbols.includes(each.symbol));
  const money = { [quote]: '100000' };
  // Nothing beside: fees that are told after the day could be taken from what is not the engine's.
  if (venue === 'alpaca') return makeAlpaca({ clock, listings, balances: money });
  const goods = { BTC: '1', ETH: '10', SOL: '100', BNB: '50' };
  return makeExchange(venue, { clock, listings, balances: { ...money, ...goods } });
}
