import { Decimal } from '../../core/decimal.ts';
import type { Fill } from '../../core/fill.ts';
import type { CommissionModel } from '../commission/commission-model.ts';
import { cheaperOf } from './cash-flow.ts';
import { chargedFill, type OtherPrice } from './charged-fill.ts';
import type { WitnessedFill } from './fill-witness.ts';

/**
 * The price the fill met without slippage, or its target where the bar reached both stop and target;
 * at the maker rate, unless the taker's is lower. Never worse than the fill itself.
 */
export function optimisticFill(witnessed: WitnessedFill, commission: CommissionModel): Fill {
  const price = bestPrice(witnessed);
  const other: OtherPrice = { price, rawPrice: price, impact: Decimal.zero };
  const maker = chargedFill(witnessed, other, 'maker', commission);
  const taker = chargedFill(witnessed, other, 'taker', commission);
  return cheaperOf(cheaperOf(maker, taker), witnessed.fill);
}

function bestPrice({ fill: { side, rawPrice }, target }: WitnessedFill): Decimal {
  if (target === null) return rawPrice;
  return side === 'sell' ? rawPrice.max(target) : rawPrice.min(target);
}
