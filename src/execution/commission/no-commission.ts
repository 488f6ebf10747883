import { Decimal } from '../../core/decimal.ts';
import type { CommissionModel } from './commission-model.ts';

/** Nothing, for research. */
export function noCommission(): CommissionModel {
  return () => Decimal.zero;
}
