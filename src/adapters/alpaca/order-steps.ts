import type { Decimal } from '../../core/decimal.ts';
import type { Instrument } from '../../core/instrument.ts';
import { limitPriceOf, stopPriceOf } from '../../core/order.ts';
import type { VenueOrder } from '../../ports/exchange-account.ts';

/** What of an order does not fit the steps and minima of its symbol, in words; null where all does. */
export function stepBreach(order: VenueOrder, instrument: Instrument): string | null {
  const { quantity } = order;
  const { lotStep, tickSize, symbol } = instrument;
  if (!quantity.isPositive || !isOnStep(quantity, lotStep)) {
    return `a quantity of ${symbol} in steps of ${lotStep.toString()} was expected, was ${quantity.toString()}`;
  }
  for (const price of [limitPriceOf(order), stopPriceOf(order)]) {
    if (price === null || (price.isPositive && isOnStep(price, tickSize))) continue;
    return `a price of ${symbol} in steps of ${tickSize.toString()} was expected, was ${price.toString()}`;
  }
  return valueBreach(order, instrument);
}

/** What closes a position may be worth anything: it is for Alpaca to say what is too little to sell. */
function valueBreach(order: VenueOrder, { minNotional, symbol }: Instrument): string | null {
  const price = limitPriceOf(order) ?? stopPriceOf(order);
  if (order.isReducing || price === null) return null;
  const value = order.quantity.times(price);
  if (!value.lessThan(minNotional)) return null;
  return `an order for ${symbol} worth ${minNotional.toString()} or more was expected, was ${value.toString()}`;
}

function isOnStep(value: Decimal, step: Decimal): boolean {
  return value.toStep(step, 'down').equals(value);
}
