import type { Decimal } from '../core/decimal.ts';
import type { OrderPricing, OrderRequest } from '../core/order.ts';
import type { StopLevel, Protection } from '../core/protection.ts';
import type { OrderChanges } from '../core/signal.ts';
import { limitTick, pricingOf, stopTick, type PricingBasis } from './order-pricing.ts';

/**
 * The prices of an order with changes made to them, on the tick. A change that the order's type has
 * no use for is left out. A trailing stop begins where it began, or behind the last price where that
 * is closer; a venue that knows how far the old one came goes on from there.
 */
export function amendedPricing(
  order: OrderPricing,
  changes: OrderChanges,
  basis: PricingBasis,
): OrderPricing {
  const limit = (price: Decimal) =>
    changes.limitPrice === null ? price : limitTick(changes.limitPrice, basis);
  const stop = (price: Decimal) =>
    changes.stopPrice === null ? price : stopTick(changes.stopPrice, basis);
  switch (order.type) {
    case 'market':
      return { type: 'market' };
    case 'limit':
      return { type: 'limit', limitPrice: limit(order.limitPrice) };
    case 'stop':
      return { type: 'stop', stopPrice: stop(order.stopPrice) };
    case 'stop_limit':
      return {
        type: 'stop_limit',
        stopPrice: stop(order.stopPrice),
        limitPrice: limit(order.limitPrice),
      };
    case 'trailing_stop':
      return amendedTrail(order, changes, basis);
  }
}

/** The level of a protective order with changes made to it; empty where its level stays. */
export function amendedLevel(
  order: OrderRequest,
  { limitPrice, stopPrice, trail }: OrderChanges,
): Partial<Protection> {
  if (order.role === 'take-profit') {
    return limitPrice === null ? {} : { takeProfit: { kind: 'price', price: limitPrice } };
  }
  if (order.type !== 'trailing_stop') {
    return stopPrice === null ? {} : { stopLoss: { kind: 'price', price: stopPrice } };
  }
  if (trail === null) return {};
  const stopLoss: StopLevel =
    trail.kind === 'distance'
      ? { kind: 'trailing_distance', distance: trail.distance }
      : { kind: 'trailing_fraction', fraction: trail.fraction };
  return { stopLoss };
}

function amendedTrail(
  order: Extract<OrderPricing, { type: 'trailing_stop' }>,
  { stopPrice, trail }: OrderChanges,
  basis: PricingBasis,
): OrderPricing {
  const wished = trail ?? wishOf(order.trail);
  const behind = pricingOf({ type: 'trailing_stop', trail: wished }, basis);
  if (behind.type !== 'trailing_stop') return behind;
  if (stopPrice !== null) return { ...behind, stopPrice: stopTick(stopPrice, basis) };
  if (trail !== null) return behind;
  const { stopPrice: begun } = order;
  const isCloser =
    basis.side === 'sell' ? begun.greaterThan(behind.stopPrice) : begun.lessThan(behind.stopPrice);
  return isCloser ? { ...behind, stopPrice: begun } : behind;
}

function wishOf(trail: Extract<OrderPricing, { type: 'trailing_stop' }>['trail']) {
  return trail.kind === 'distance'
    ? ({ kind: 'distance', distance: trail.distance.toNumber() } as const)
    : ({ kind: 'fraction', fraction: trail.fraction.toNumber() } as const);
}
