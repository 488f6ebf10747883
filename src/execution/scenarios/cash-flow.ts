import type { Decimal } from '../../core/decimal.ts';
import type { Fill } from '../../core/fill.ts';

/** What a fill leaves in cash, fee included: negative for purchases. Quote currency. */
function cashFlowOf({ side, quantity, price, fee }: Fill): Decimal {
  const value = quantity.times(price);
  return (side === 'buy' ? value.negated() : value).minus(fee);
}

/** The one that leaves more cash; the first where both leave the same. */
export function cheaperOf(one: Fill, other: Fill): Fill {
  return cashFlowOf(one).lessThan(cashFlowOf(other)) ? other : one;
}

/** The one that leaves less cash; the first where both leave the same. */
export function dearerOf(one: Fill, other: Fill): Fill {
  return cashFlowOf(one).greaterThan(cashFlowOf(other)) ? other : one;
}
