import type { AssetClass } from '../core/instrument.ts';
import type { PositionSide } from '../core/position.ts';
import { stopLossPrice, type Protection } from '../core/protection.ts';

/** The position layer's protective distances; null switches one off. Fractions of the price. */
export interface ProtectionLimits {
  readonly stopLoss: Readonly<Record<AssetClass, number | null>>;
  /** Take-profit distance as a multiple of the stop-loss distance. */
  readonly takeProfitRatio: number | null;
}

interface PlanInput {
  readonly wished: Protection;
  readonly limits: ProtectionLimits;
  readonly assetClass: AssetClass;
  readonly side: PositionSide;
  /** Price the decision was made at. */
  readonly price: number;
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
  const { wished, limits, assetClass, price } = input;
  const limit = limits.stopLoss[assetClass];
  const wishedFraction = stopFractionOf(input);
  const loose = wishedFraction === null || (limit !== null && !(wishedFraction <= limit));
  const stopFraction = loose ? limit : wishedFraction;
  const stopLoss =
    loose && limit !== null ? ({ kind: 'fraction', fraction: limit } as const) : wished.stopLoss;
  const takeProfit =
    wished.takeProfit ??
    (stopFraction === null || limits.takeProfitRatio === null
      ? null
      : ({ kind: 'distance', distance: price * stopFraction * limits.takeProfitRatio } as const));
  return { protection: { stopLoss, takeProfit }, stopFraction };
}

/** Distance of the wished stop below (above, for shorts) the price, as a fraction; null without. */
function stopFractionOf({ wished, side, price }: PlanInput): number | null {
  if (wished.stopLoss === null) return null;
  const stop = stopLossPrice(wished.stopLoss, { side, entryPrice: price });
  return (side === 'long' ? price - stop : stop - price) / price;
}
