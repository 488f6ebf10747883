import type { OrderWish, Refusal, VenueRules } from './exchange-types.ts';
import type { SimMarket } from './sim-market.ts';
import { product, units, type Units } from './units.ts';

/** What an exchange checks before it looks at the money; null where nothing is wrong. */
export function refusalOf(
  wish: OrderWish,
  market: SimMarket,
  quantity: Units,
  rules: VenueRules,
): Refusal | null {
  if (market.listing.status !== 'trading') return 'not-trading';
  return (
    shapeRefusal(wish) ??
    sizeRefusal(wish, market, quantity) ??
    priceRefusal(wish, market, rules) ??
    null
  );
}

function shapeRefusal({ kind, limit, stop, trail }: OrderWish): Refusal | null {
  const has = (value: Units | null | undefined) => typeof value === 'bigint' && value > 0n;
  const needsLimit = kind === 'limit' || kind === 'stop_limit';
  const needsStop = kind === 'stop' || kind === 'stop_limit';
  if (needsLimit !== has(limit) || needsStop !== has(stop)) return 'bad-order';
  return (kind === 'trailing') === has(trail) ? null : 'bad-order';
}

function sizeRefusal(wish: OrderWish, market: SimMarket, quantity: Units): Refusal | null {
  const { lotStep, minQuantity, minNotional } = market.listing;
  if (quantity <= 0n || quantity < units(minQuantity)) return 'min-quantity';
  if (quantity % units(lotStep) !== 0n) return 'lot-step';
  const price = wish.limit ?? wish.stop ?? market.last;
  return product(quantity, price) < units(minNotional) ? 'min-notional' : null;
}

function priceRefusal(wish: OrderWish, market: SimMarket, rules: VenueRules): Refusal | null {
  for (const price of [wish.limit, wish.stop, wish.trail]) {
    if (typeof price === 'bigint' && price % market.tick !== 0n) return 'tick-size';
  }
  if (isFarOff(wish, market)) return 'price-band';
  if (rules.refusesTriggered && isTriggered(wish, market)) return 'would-trigger';
  return wish.postOnly === true && takes(wish, market) ? 'would-take' : null;
}

/** Nobody takes a price of five times the market for meant. */
function isFarOff({ limit }: OrderWish, { last }: SimMarket): boolean {
  return typeof limit === 'bigint' && (limit > last * 5n || limit * 5n < last);
}

function isTriggered({ stop, side, triggersOnRise }: OrderWish, { last }: SimMarket): boolean {
  if (typeof stop !== 'bigint') return false;
  return (triggersOnRise ?? side === 'buy') ? last >= stop : last <= stop;
}

function takes({ limit, side }: OrderWish, { bid, ask }: SimMarket): boolean {
  if (typeof limit !== 'bigint') return false;
  return side === 'buy' ? limit >= ask : limit <= bid;
}
