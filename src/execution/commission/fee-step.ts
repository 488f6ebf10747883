import { Decimal } from '../../core/decimal.ts';

const FEE_STEP = Decimal.parse('0.00000001');

/** Rounded to 1e-8 in the venue's favour: a fee up, a rebate down. */
export function inVenuesFavour(fee: Decimal): Decimal {
  return fee.toStep(FEE_STEP, fee.isNegative ? 'down' : 'up');
}
