import { Decimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import { limitPriceOf, stopPriceOf, type ApprovedOrder } from '../core/order.ts';

/**
 * Why an exchange would refuse this order on arrival, or null: quantity off the lot step, price
 * off the tick, less than the minimum notional at the reference price. Exits are refused like
 * entries: what is worth less than the minimum cannot be sold on a real venue either.
 */
export function refusalOf(order: ApprovedOrder, instrument: Instrument): string | null {
  return (
    quantityRefusal(order, instrument) ??
    priceRefusal(order, instrument) ??
    notionalRefusal(order, instrument)
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
