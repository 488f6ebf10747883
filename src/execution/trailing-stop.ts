import { Decimal } from '../core/decimal.ts';
import type { Side, Trail } from '../core/order.ts';
import type { Level } from './working-order.ts';

const TRAILING_REFERENCES = ['extreme', 'close'] as const;
/** What moves a trailing stop: the highs of bars (the lows, for a buy), or their closes. */
export type TrailingReference = (typeof TRAILING_REFERENCES)[number];

interface Trailing {
  readonly side: Side;
  readonly trail: Trail;
}

interface Reached {
  /** Best price for the order since the stop last moved. */
  readonly price: number;
  readonly tickSize: Decimal;
}

/**
 * Where a trailing stop goes once the market reached a price, or null where it stays: it never
 * moves back. Like every stop it is set on the tick towards the market, so that no rounding widens
 * it, but one tick away from the price at least.
 */
export function trailedLevel(trailing: Trailing, from: Level, reached: Reached): Level | null {
  const { side } = trailing;
  // Bars that move nothing are the rule: doubles tell them apart without making decimals.
  const rough = roughStop(trailing, reached.price);
  if (side === 'sell' ? rough <= from.double : rough >= from.double) return null;
  const exact = side === 'sell' ? stopBelow(trailing, reached) : stopAbove(trailing, reached);
  const moves = side === 'sell' ? exact.greaterThan(from.exact) : exact.lessThan(from.exact);
  return moves ? { exact, double: exact.toNumber() } : null;
}

function roughStop({ side, trail }: Trailing, price: number): number {
  const away =
    trail.kind === 'distance' ? trail.distance.toNumber() : price * trail.fraction.toNumber();
  return side === 'sell' ? price - away : price + away;
}

function stopBelow({ trail }: Trailing, { price, tickSize }: Reached): Decimal {
  const market = Decimal.fromNumber(price);
  const closest = market.toStep(tickSize, 'up').minus(tickSize);
  return market.minus(distanceOf(trail, market)).toStep(tickSize, 'up').min(closest);
}

function stopAbove({ trail }: Trailing, { price, tickSize }: Reached): Decimal {
  const market = Decimal.fromNumber(price);
  const closest = market.toStep(tickSize, 'down').plus(tickSize);
  return market.plus(distanceOf(trail, market)).toStep(tickSize, 'down').max(closest);
}

function distanceOf(trail: Trail, market: Decimal): Decimal {
  return trail.kind === 'distance' ? trail.distance : market.times(trail.fraction);
}
