import type { Decimal } from './decimal.ts';
import type { PositionId } from './ids.ts';
import type { EpochMs } from './time.ts';

/** What a venue took for lending: goods to a short position, or cash to the account. */
export type FinancingCharge = {
  /** Quote currency, positive: what cash falls by. */
  readonly amount: Decimal;
  /** UTC days it is for. */
  readonly days: number;
  /** End of the first of these days. */
  readonly time: EpochMs;
} & (
  { readonly kind: 'borrow-fee'; readonly position: PositionId } | { readonly kind: 'interest' }
);
