import type { Decimal } from '../core/decimal.ts';
import type { PositionBooks } from './open-position.ts';

/** The account to go on from. */
export interface LedgerSnapshot {
  readonly initialCash: Decimal;
  readonly cash: Decimal;
  readonly realised: Decimal;
  readonly fees: Decimal;
  readonly financing: Decimal;
  readonly commissions: readonly (readonly [currency: string, amount: Decimal])[];
  /** In order of entry. */
  readonly open: readonly PositionBooks[];
  /** Closed ones with fees still to be told. */
  readonly awaiting: readonly PositionBooks[];
}
