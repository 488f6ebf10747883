import { limitPriceOf, stopPriceOf, type OrderRequest } from '../../core/order.ts';
import { passed, refused } from '../assess.ts';
import type { OrderCheck } from '../risk-state.ts';

/** Reference price and the order's own price must be positive numbers: values are made of them. */
export const orderPrice: OrderCheck = (order) => {
  const price = pricesOf(order).find((candidate) => !(candidate > 0 && Number.isFinite(candidate)));
  const measure = {
    layer: 'order',
    check: 'order-price',
    limit: 0,
    actual: price ?? order.referencePrice,
  } as const;
  if (price === undefined) return passed(measure);
  return refused(
    measure,
    `order ${order.id}: a finite price above zero was expected, was "${price}"`,
  );
};

function pricesOf(order: OrderRequest): readonly number[] {
  const own = [limitPriceOf(order), stopPriceOf(order)].flatMap((price) => price?.toNumber() ?? []);
  return [order.referencePrice, ...own];
}
