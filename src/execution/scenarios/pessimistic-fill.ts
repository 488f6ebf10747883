import { Decimal } from '../../core/decimal.ts';
import type { Fill } from '../../core/fill.ts';
import type { CommissionModel } from '../commission/commission-model.ts';
import { onTick } from '../fill-price.ts';
import { dearerOf } from './cash-flow.ts';
import { chargedFill, type OtherPrice } from './charged-fill.ts';
import { isStop, type WitnessedFill } from './fill-witness.ts';

export interface SensitivitySettings {
  /** How many times the slippage of the run is paid; at least one. */
  readonly slippageMultiple: number;
  /** Fraction of the way from where a stop filled to the worst price of its bar, in [0, 1]. */
  readonly stopOvershoot: number;
}

/**
 * A multiple of the slippage, on top of what a stop overshoots by; at the taker rate, unless the
 * maker's is higher. Limits stay at their price. Never better than the fill itself.
 */
export function pessimisticFill(
  witnessed: WitnessedFill,
  commission: CommissionModel,
  settings: SensitivitySettings,
): Fill {
  const other = worsePrice(witnessed, settings);
  const taker = chargedFill(witnessed, other, 'taker', commission);
  const maker = chargedFill(witnessed, other, 'maker', commission);
  return dearerOf(dearerOf(taker, maker), witnessed.fill);
}

function worsePrice(witnessed: WitnessedFill, settings: SensitivitySettings): OtherPrice {
  const { fill, orderType, instrument } = witnessed;
  if (orderType === 'limit' || orderType === 'stop_limit') return fill;
  const rawPrice = overshotPrice(witnessed, settings.stopOvershoot);
  const multiple = Decimal.fromNumber(settings.slippageMultiple);
  const lost = fill.price.minus(fill.rawPrice).times(multiple);
  const price = onTick(rawPrice.plus(lost), fill.side, instrument);
  const slippage = price.minus(rawPrice).abs().times(fill.quantity);
  return { price, rawPrice, impact: fill.impact.times(multiple).min(slippage) };
}

/** A fill at a close has all of its bar behind it; so has one that met the worst price there was. */
function overshotPrice({ fill, orderType, bar }: WitnessedFill, overshoot: number): Decimal {
  const { side, rawPrice, time } = fill;
  if (!isStop(orderType) || time !== bar.openTime) return rawPrice;
  const worst = Decimal.fromNumber(side === 'buy' ? bar.high : bar.low);
  const way = worst.minus(rawPrice).times(Decimal.fromNumber(overshoot));
  const isWorse = side === 'buy' ? way.isPositive : way.isNegative;
  return isWorse ? rawPrice.plus(way) : rawPrice;
}
