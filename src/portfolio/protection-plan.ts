import type { AssetClass } from '../core/instrument.ts';
import type { PositionSide } from '../core/position.ts';
import { stopLossPrice, type Protection, type StopLevel } from '../core/protection.ts';
import { trailWishedBy } from './protective-pricing.ts';

/** The position layer's protective distances; null switches one off. Fractions of the price. */
export interface ProtectionLimits {
  readonly stopLoss: Readonly<Record<AssetClass, number | null>>;
  /** Take-profit distance as a multiple of the stop-loss distance. */
  readonly takeProfitRatio: number | null;
}

interface StopInput {
  readonly wished: Pick<Protection, 'stopLoss'>;
  readonly limits: ProtectionLimits;
  readonly assetClass: AssetClass;
  readonly side: PositionSide;
  /** Price the position is entered at, or expected to be. */
  readonly price: number;
}

interface PlanInput extends StopInput {
  readonly wished: Protection;
}

interface StopPlan {
  readonly stopLoss: StopLevel | null;
  /** Distance of the stop-loss as a fraction of the price; null without a stop. */
  readonly stopFraction: number | null;
}

export interface ProtectionPlan {
  readonly protection: Protection;
  /** Distance of the stop-loss as a fraction of the price; null without a stop. */
  readonly stopFraction: number | null;
}

/**
 * What a position will be protected by: the strategy's own levels, but never a stop wider than the
 * limit, and the limits' levels where the strategy gives none. A strategy can tighten, not loosen.
 */
export function planProtection(input: PlanInput): ProtectionPlan {
  const { wished, limits, price } = input;
  const { stopLoss, stopFraction } = planStopLoss(input);
  const takeProfit =
    wished.takeProfit ??
    (stopFraction === null || limits.takeProfitRatio === null
      ? null
      : ({ kind: 'distance', distance: price * stopFraction * limits.takeProfitRatio } as const));
  return { protection: { stopLoss, takeProfit }, stopFraction };
}

/** The stop-loss within the limit; a trailing one that is too wide trails at the limit. */
export function planStopLoss(input: StopInput): StopPlan {
  const { wished, limits, assetClass } = input;
  const limit = limits.stopLoss[assetClass];
  const wishedFraction = stopFractionOf(input);
  const isWithin = wishedFraction !== null && (limit === null || wishedFraction <= limit);
  if (isWithin) return { stopLoss: wished.stopLoss, stopFraction: wishedFraction };
  if (limit === null) return { stopLoss: wished.stopLoss, stopFraction: null };
  const trails = wished.stopLoss !== null && trailWishedBy(wished.stopLoss) !== null;
  const kind = trails ? 'trailing_fraction' : 'fraction';
  return { stopLoss: { kind, fraction: limit }, stopFraction: limit };
}

/** Distance of the wished stop below (above, for shorts) the price, as a fraction; null without. */
function stopFractionOf({ wished, side, price }: StopInput): number | null {
  const { stopLoss } = wished;
  if (stopLoss === null) return null;
  // By way of a price, the fraction of the limit itself would come out above it by a rounding.
  if (stopLoss.kind === 'fraction' || stopLoss.kind === 'trailing_fraction') {
    return stopLoss.fraction;
  }
  const stop = stopLossPrice(stopLoss, { side, entryPrice: price });
  return (side === 'long' ? price - stop : stop - price) / price;
}
