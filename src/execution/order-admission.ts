import { Decimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import { limitPriceOf, stopPriceOf, type ApprovedOrder } from '../core/order.ts';
import { formatTime, type EpochMs } from '../core/time.ts';
import { isImmediate } from './order-lifetime.ts';

const ONE = Decimal.parse('1');

interface Arrival {
  /** As it is now. */
  readonly instrument: Instrument;
  readonly now: EpochMs;
}

/**
 * Why an exchange would refuse this order on arrival, or null: quantity off the lot step, price
 * off the tick, less than the minimum notional at the reference price, a time in force that its
 * type does not have or that is over, a trail of nothing. Exits are refused like entries: what is
 * worth less than the minimum cannot be sold on a real venue either.
 */
export function refusalOf(order: ApprovedOrder, { instrument, now }: Arrival): string | null {
  return (
    quantityRefusal(order, instrument) ??
    priceRefusal(order, instrument) ??
    notionalRefusal(order, instrument) ??
    trailRefusal(order) ??
    timeInForceRefusal(order) ??
    expiryRefusal(order, now)
  );
}

function quantityRefusal({ quantity }: ApprovedOrder, { lotStep }: Instrument): string | null {
  if (quantity.isPositive && quantity.toStep(lotStep, 'down').equals(quantity)) return null;
  return (
    `a quantity on the lot step ${lotStep.toString()} was expected, positive, was ` +
    `"${quantity.toString()}"`
  );
}

function priceRefusal(order: ApprovedOrder, { tickSize }: Instrument): string | null {
  const price = [stopPriceOf(order), limitPriceOf(order)].find(
    (each) => each !== null && !(each.isPositive && each.toStep(tickSize, 'down').equals(each)),
  );
  if (price === undefined || price === null) return null;
  return (
    `a ${order.type} price on the tick ${tickSize.toString()} was expected, positive, was ` +
    `"${price.toString()}"`
  );
}

function notionalRefusal(order: ApprovedOrder, instrument: Instrument): string | null {
  const { minNotional, quoteCurrency } = instrument;
  if (!minNotional.isPositive) return null;
  const notional = order.quantity.times(Decimal.fromNumber(order.referencePrice));
  if (!notional.lessThan(minNotional)) return null;
  return (
    `an order of at least ${minNotional.toString()} ${quoteCurrency} was expected, was ` +
    `"${notional.toString()}"`
  );
}

function trailRefusal(order: ApprovedOrder): string | null {
  if (order.type !== 'trailing_stop') return null;
  const { trail } = order;
  if (trail.kind === 'distance') {
    if (trail.distance.isPositive) return null;
    return `a trail above zero was expected, was "${trail.distance.toString()}"`;
  }
  if (trail.fraction.isPositive && trail.fraction.lessThan(ONE)) return null;
  return `a trail between 0 and 1 of the price was expected, was "${trail.fraction.toString()}"`;
}

/** A stop waits for its price: it cannot fill at once or not at all. */
function timeInForceRefusal({ type, timeInForce }: ApprovedOrder): string | null {
  if (type === 'market' || type === 'limit' || !isImmediate(timeInForce)) return null;
  return `gtc, day or gtd was expected as time in force of a ${type} order, was "${timeInForce}"`;
}

function expiryRefusal({ timeInForce, expiresAt }: ApprovedOrder, now: EpochMs): string | null {
  if (timeInForce !== 'gtd' || (expiresAt !== null && expiresAt > now)) return null;
  const was = expiresAt === null ? 'none' : formatTime(expiresAt);
  return `an end after ${formatTime(now)} was expected of a gtd order, was "${was}"`;
}
