import type { Accounts } from './accounts.ts';
import type { FeeTaking, OrderSide, SimOrder, SimTrade, VenueRules } from './exchange-types.ts';
import type { SimMarket } from './sim-market.ts';
import { ceilTo, least, product, quotient, units, type Units } from './units.ts';

/** Fees are charged in whole hundred-millionths, in the venue's favour. */
const FEE_STEP: Units = 10n ** 10n;

interface Worth {
  readonly side: OrderSide;
  readonly quantity: Units;
  readonly price: Units;
  readonly isMaker: boolean;
}

interface FeeWorld {
  readonly rules: VenueRules;
  readonly taking: FeeTaking;
  readonly accounts: Accounts;
}

/** What a trade already booked costs; in what it brings where the third asset has run out. */
export function feeOf(worth: Worth, market: SimMarket, world: FeeWorld): SimTrade['fee'] {
  const { rules, taking, accounts } = world;
  const isFree = rules.isFree?.(market.listing.symbol) === true;
  const rate = isFree ? 0n : units(worth.isMaker ? rules.makerFee : rules.takerFee);
  const inQuote = product(product(worth.quantity, worth.price), rate);
  if (taking === 'third') {
    const { asset, price } = rules.feeAsset;
    const amount = ceilTo(quotient(inQuote, units(price)), FEE_STEP);
    if (accounts.holding(asset).free >= amount) return { asset, amount };
  }
  const inBase = taking === 'base' || (taking !== 'quote' && worth.side === 'buy');
  const asset = inBase ? market.base : market.quote;
  const amount = ceilTo(inBase ? product(worth.quantity, rate) : inQuote, FEE_STEP);
  // The last hundred-millionth may be missing where all the money went into the trade.
  return { asset, amount: least(amount, accounts.holding(asset).free) };
}

/** Share of what goes out that has to be there on top, for the fee. */
export function holdRate(
  { side }: Pick<SimOrder, 'side'>,
  rules: VenueRules,
  taking: FeeTaking,
): Units {
  const takesWhatGoesOut = side === 'buy' ? taking === 'quote' : taking === 'base';
  return takesWhatGoesOut ? units(rules.takerFee) : 0n;
}

/** What an open order keeps from being spent: the rest of it at its worst price, with the fee. */
export function holdOf(order: SimOrder, market: SimMarket, rules: VenueRules): SimOrder['held'] {
  const rest = order.quantity - order.filled;
  const rate = holdRate(order, rules, rules.feeTaking);
  const asset = order.side === 'buy' ? market.quote : market.base;
  const worst = order.limit ?? order.stop ?? market.ask;
  const amount = order.side === 'buy' ? product(rest, worst) : rest;
  return { asset, amount: amount + ceilTo(product(amount, rate), FEE_STEP) };
}
