import type { Decimal } from '../../core/decimal.ts';
import type { Liquidity } from '../../core/fill.ts';
import type { FeePayer } from './fee-schedule.ts';

export interface CommissionInput {
  /** As it is at the time of the fill. */
  readonly instrument: FeePayer;
  readonly liquidity: Liquidity;
  /** Base units. */
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** The order had no fill before this one. */
  readonly isFirstFill: boolean;
}

/**
 * The fee of one fill in quote currency, a multiple of 1e-8. Of the same fill at a higher price it
 * grows by less than the traded value does.
 */
export type CommissionModel = (input: CommissionInput) => Decimal;
