import type { OrderPricing, OrderRequest } from '../core/order.ts';
import type { OpenOrder } from '../ports/portfolio-view.ts';
import type { PendingOrder } from './pending-orders.ts';

/** A pending order as its strategy sees it. */
export function openOrder({ order, filled, requestedAt }: PendingOrder): OpenOrder {
  const { id, symbol, side, role, quantity, timeInForce, expiresAt } = order;
  return Object.freeze({
    id,
    symbol,
    side,
    role,
    reduceOnly: role !== 'entry',
    quantity: quantity.max(filled),
    filled,
    timeInForce,
    expiresAt,
    requestedAt,
    ...pricingOf(order),
  });
}

function pricingOf(order: OrderRequest): OrderPricing {
  switch (order.type) {
    case 'market':
      return { type: 'market' };
    case 'limit':
      return { type: 'limit', limitPrice: order.limitPrice };
    case 'stop':
      return { type: 'stop', stopPrice: order.stopPrice };
    case 'stop_limit':
      return { type: 'stop_limit', stopPrice: order.stopPrice, limitPrice: order.limitPrice };
    case 'trailing_stop':
      return { type: 'trailing_stop', stopPrice: order.stopPrice, trail: order.trail };
  }
}
