import { Decimal } from '../core/decimal.ts';
import type { Commission, FeeCorrection } from '../core/fill.ts';

/** What a fee takes beyond what was booked; negative where it takes less. */
interface FeeDifference {
  /** In quote currency. */
  readonly cash: Decimal;
  /** Base units, and what they count with. */
  readonly units: Decimal;
  readonly value: Decimal;
}

/**
 * A fee is taken from cash, from the goods of its fill, or from neither. Once it is known better,
 * `fees` changes by cash + value; cash falls by the former and goods worth the latter leave, so that
 * cash + cost of positions − realised changes by −cash − value: the accounting identity holds on.
 */
export function correctionOf(correction: FeeCorrection): FeeDifference {
  const now = takenBy(correction.fee, correction.commission);
  const before = takenBy(correction.booked, correction.bookedCommission);
  return {
    cash: now.cash.minus(before.cash),
    units: now.units.minus(before.units),
    value: now.value.minus(before.value),
  };
}

function takenBy(fee: Decimal, commission: Commission | null): FeeDifference {
  const { zero } = Decimal;
  return commission?.takenFrom === 'base'
    ? { cash: zero, units: commission.amount, value: fee }
    : { cash: fee, units: zero, value: zero };
}
