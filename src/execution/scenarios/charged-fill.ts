import type { Decimal } from '../../core/decimal.ts';
import type { Fill, Liquidity } from '../../core/fill.ts';
import type { CommissionModel } from '../commission/commission-model.ts';
import type { WitnessedFill } from './fill-witness.ts';

/** Where else a fill might have been made. */
export interface OtherPrice {
  readonly price: Decimal;
  readonly rawPrice: Decimal;
  readonly impact: Decimal;
}

/** The fill at another price, with the fee of that price and liquidity. */
export function chargedFill(
  { fill, instrument, isFirstFill }: WitnessedFill,
  { price, rawPrice, impact }: OtherPrice,
  liquidity: Liquidity,
  commission: CommissionModel,
): Fill {
  const { quantity } = fill;
  const fee = commission({ instrument, liquidity, quantity, price, isFirstFill });
  return { ...fill, price, rawPrice, impact, liquidity, fee };
}
