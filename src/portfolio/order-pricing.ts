import { Decimal } from '../core/decimal.ts';
import type { OrderPricing, Side, Trail } from '../core/order.ts';
import type { WishedPricing, WishedTrail } from '../core/signal.ts';

/** Stands for the first tick where prices are not stepped. */
const SMALLEST_PRICE = Decimal.parse('0.000000000001');

/** What the prices of an order are rounded by. */
export interface PricingBasis {
  readonly side: Side;
  readonly isEntry: boolean;
  /** Price step in quote currency; zero where prices are not stepped. */
  readonly tickSize: Decimal;
  /** Price that a trailing stop begins to follow from. */
  readonly last: number;
}

/** A wish with its prices on the tick. */
export function pricingOf(wish: WishedPricing, basis: PricingBasis): OrderPricing {
  switch (wish.type) {
    case 'market':
      return { type: 'market' };
    case 'limit':
      return { type: 'limit', limitPrice: limitTick(wish.limitPrice, basis) };
    case 'stop':
      return { type: 'stop', stopPrice: stopTick(wish.stopPrice, basis) };
    case 'stop_limit':
      return {
        type: 'stop_limit',
        stopPrice: stopTick(wish.stopPrice, basis),
        limitPrice: limitTick(wish.limitPrice, basis),
      };
    case 'trailing_stop':
      return {
        type: 'trailing_stop',
        stopPrice: stopTick(trailedFrom(basis.last, wish.trail, basis.side), basis),
        trail: trailOf(wish.trail),
      };
  }
}

/** Never worse than asked for: buys down, sells up. */
export function limitTick(price: number, { side, tickSize }: PricingBasis): Decimal {
  return aboveZero(
    Decimal.fromNumber(price).toStep(tickSize, side === 'buy' ? 'down' : 'up'),
    tickSize,
  );
}

/**
 * To the safe side: an entry triggers no earlier than asked for (buys up, sells down), an exit no
 * later (sells up, buys down).
 */
export function stopTick(price: number, { side, isEntry, tickSize }: PricingBasis): Decimal {
  const exact = Decimal.fromNumber(price);
  const isUp = (side === 'buy') === isEntry && !exact.isNegative;
  return aboveZero(exact.toStep(tickSize, isUp ? 'up' : 'down'), tickSize);
}

/** Where a stop lies that trails a price: above it for buys, below it for sells. */
function trailedFrom(price: number, trail: WishedTrail, side: Side): number {
  const distance = trail.kind === 'distance' ? trail.distance : price * trail.fraction;
  return side === 'buy' ? price + distance : price - distance;
}

export function trailOf(wish: WishedTrail): Trail {
  return wish.kind === 'distance'
    ? { kind: 'distance', distance: Decimal.fromNumber(wish.distance) }
    : { kind: 'fraction', fraction: Decimal.fromNumber(wish.fraction) };
}

/** Never zero or below, whatever the distance asked for. */
export function aboveZero(price: Decimal, tickSize: Decimal): Decimal {
  return price.max(tickSize.isPositive ? tickSize : SMALLEST_PRICE);
}
