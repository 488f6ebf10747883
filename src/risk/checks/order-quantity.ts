import type { OrderCheck } from '../risk-state.ts';

export const orderQuantity: OrderCheck = ({ id, quantity }) => {
  if (quantity.isPositive) return null;
  return {
    layer: 'order',
    check: 'order-quantity',
    limit: 0,
    actual: quantity.toNumber(),
    message: `order ${id}: a quantity above zero was expected, was "${quantity.toString()}"`,
  };
};
