import type { ApprovedOrder, OrderRequest } from '../core/order.ts';

/** Stamps a request that passed every check: the only place where an approved order comes from. */
export function approveOrder(order: OrderRequest): ApprovedOrder {
  return order as ApprovedOrder;
}
