import type { Decimal } from '../core/decimal.ts';
import type { Fill } from '../core/fill.ts';

/** Money that changed hands for the goods, in quote currency, fees aside. */
export function notionalOf(fill: Pick<Fill, 'price' | 'quantity'>): Decimal {
  return fill.price.times(fill.quantity);
}

/** What slippage cost, in quote currency: positive when the price was worse than the raw one. */
export function slippageOf({ side, price, rawPrice, quantity }: Fill): Decimal {
  const worse = side === 'buy' ? price.minus(rawPrice) : rawPrice.minus(price);
  return worse.times(quantity);
}
