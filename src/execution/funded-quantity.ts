import type { Decimal } from '../core/decimal.ts';
import { affordableQuantity } from './affordable-quantity.ts';

interface FundedQuantityInput {
  readonly wanted: Decimal;
  readonly lotStep: Decimal;
  /** What value and fee together may come to, in quote currency. */
  readonly power: Decimal;
  /** Price before slippage. */
  readonly rawPrice: Decimal;
  /** Price of a fill of that quantity. */
  readonly priceOf: (quantity: Decimal) => Decimal;
  readonly feeOf: (quantity: Decimal, price: Decimal) => Decimal;
}

/**
 * The largest part of `wanted`, in whole lots, that an account's buying power carries at the price
 * of the whole. A smaller purchase costs no more a unit; a smaller short sale may be worth more a
 * unit, and where that is too much it is cut as if it slipped by nothing.
 */
export function fundedQuantity(input: FundedQuantityInput): Decimal {
  const { wanted, power, rawPrice, priceOf, feeOf } = input;
  const quantity = affordableAt(input, priceOf(wanted));
  if (quantity.isZero || quantity.equals(wanted)) return quantity;
  const price = priceOf(quantity);
  const isCarried = !quantity.times(price).plus(feeOf(quantity, price)).greaterThan(power);
  return isCarried ? quantity : affordableAt(input, rawPrice);
}

function affordableAt(input: FundedQuantityInput, price: Decimal): Decimal {
  const { wanted, lotStep, power, feeOf } = input;
  return affordableQuantity({
    wanted,
    price,
    cash: power,
    lotStep,
    feeOf: (part) => feeOf(part, price),
  });
}
