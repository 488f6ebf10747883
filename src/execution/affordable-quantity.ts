import { Decimal } from '../core/decimal.ts';

interface Purchase {
  readonly wanted: Decimal;
  readonly price: Decimal;
  readonly cash: Decimal;
  readonly lotStep: Decimal;
  readonly feeOf: (quantity: Decimal) => Decimal;
}

/**
 * The largest part of `wanted` that cash pays for, fee included, rounded down to the lot step.
 * Fees must not fall as the quantity grows.
 */
export function affordableQuantity(purchase: Purchase): Decimal {
  const { wanted, price, cash, lotStep, feeOf } = purchase;
  const fee = feeOf(wanted);
  if (isPaidBy(purchase, wanted, fee)) return wanted;
  if (!cash.isPositive) return Decimal.zero;
  const pricePerUnit = price.plus(fee.dividedBy(wanted));
  const proportional = cash.dividedBy(pricePerUnit).toStep(lotStep, 'down');
  const feeOfPart = feeOf(proportional);
  if (isPaidBy(purchase, proportional, feeOfPart)) return proportional;
  // A minimum fee weighs more on less: what its own fee leaves buys this much at least.
  const left = cash.minus(feeOfPart).max(Decimal.zero);
  return left.dividedBy(price).toStep(lotStep, 'down');
}

function isPaidBy({ price, cash }: Purchase, quantity: Decimal, fee: Decimal): boolean {
  return !quantity.times(price).plus(fee).greaterThan(cash);
}
