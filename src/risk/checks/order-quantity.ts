import { passed, refused } from '../assess.ts';
import type { OrderCheck } from '../risk-state.ts';

export const orderQuantity: OrderCheck = ({ id, quantity }) => {
  const measure = {
    layer: 'order',
    check: 'order-quantity',
    limit: 0,
    actual: quantity.toNumber(),
  } as const;
  if (quantity.isPositive) return passed(measure);
  return refused(
    measure,
    `order ${id}: a quantity above zero was expected, was "${quantity.toString()}"`,
  );
};
