import { Decimal } from '../core/decimal.ts';
import type { OrderPricing } from '../core/order.ts';
import type { PositionSide } from '../core/position.ts';
import {
  stopLossPrice,
  takeProfitPrice,
  type ProtectiveLevel,
  type StopLevel,
} from '../core/protection.ts';
import type { WishedTrail } from '../core/signal.ts';
import { aboveZero, trailOf } from './order-pricing.ts';

/** What the stop-loss of a position is placed by. Prices in quote currency. */
interface StopBasis {
  readonly side: PositionSide;
  readonly tickSize: Decimal;
  /** Mean entry price. */
  readonly entryPrice: Decimal;
  /** Price that rounding leaves a tick away, and that a trailing stop begins to follow. */
  readonly market: Decimal;
  /** A trailing stop begins no farther away than there; null for no such bound. */
  readonly farthest: number | null;
}

/** The order that a stop-loss becomes: one that trails begins behind `market`, others stay. */
export function stopLossPricing(level: StopLevel, basis: StopBasis): OrderPricing {
  const { side, entryPrice, market, farthest } = basis;
  const trail = trailWishedBy(level);
  if (trail === null) {
    const price = stopLossPrice(level, { side, entryPrice: entryPrice.toNumber() });
    return { type: 'stop', stopPrice: onTick(price, basis) };
  }
  const behind = stopLossPrice(level, { side, entryPrice: market.toNumber() });
  const bound = farthest ?? behind;
  const price = side === 'long' ? Math.max(behind, bound) : Math.min(behind, bound);
  return { type: 'trailing_stop', stopPrice: onTick(price, basis), trail: trailOf(trail) };
}

/** A limit order on the tick next to the level. */
export function takeProfitPricing(
  level: ProtectiveLevel,
  { side, entryPrice, tickSize }: Pick<StopBasis, 'side' | 'entryPrice' | 'tickSize'>,
): OrderPricing {
  const price = takeProfitPrice(level, { side, entryPrice: entryPrice.toNumber() });
  const onTick = Decimal.fromNumber(price).toStep(tickSize, 'half-even');
  return { type: 'limit', limitPrice: aboveZero(onTick, tickSize) };
}

/** How a stop-loss follows the market; null for one that does not. */
export function trailWishedBy(level: StopLevel): WishedTrail | null {
  if (level.kind === 'trailing_distance') return { kind: 'distance', distance: level.distance };
  if (level.kind === 'trailing_fraction') return { kind: 'fraction', fraction: level.fraction };
  return null;
}

/**
 * On the tick towards the market, so that no rounding widens the stop, and by rounding alone no
 * closer than one tick. A stop that the market has passed already stays where it was wished: it is
 * out at the next price, not only once the market goes further.
 */
function onTick(price: number, { side, tickSize, market }: StopBasis): Decimal {
  const exact = Decimal.fromNumber(price);
  if (side === 'short') {
    const highest = exact.toStep(tickSize, 'down');
    if (exact.lessThan(market)) return aboveZero(highest, tickSize);
    return highest.max(market.toStep(tickSize, 'down').plus(tickSize));
  }
  const lowest = exact.toStep(tickSize, exact.isNegative ? 'down' : 'up');
  if (exact.greaterThan(market)) return lowest;
  return aboveZero(lowest.min(market.toStep(tickSize, 'up').minus(tickSize)), tickSize);
}
