import { limitPriceOf, stopPriceOf, type OrderRequest } from '../../core/order.ts';
import type { OrderCheck } from '../risk-state.ts';

/** Reference price and the order's own price must be positive numbers: values are made of them. */
export const orderPrice: OrderCheck = (order) => {
  const price = pricesOf(order).find((candidate) => !(candidate > 0 && Number.isFinite(candidate)));
  if (price === undefined) return null;
  return {
    layer: 'order',
    check: 'order-price',
    limit: 0,
    actual: price,
    message: `order ${order.id}: a finite price above zero was expected, was "${price}"`,
  };
};

function pricesOf(order: OrderRequest): readonly number[] {
  const own = [limitPriceOf(order), stopPriceOf(order)].flatMap((price) => price?.toNumber() ?? []);
  return [order.referencePrice, ...own];
}
