import type { EntryOrder } from '../core/order.ts';

/**
 * The price an entry counts at: the reference price, or the order's own limit or stop price where
 * that is higher, since the order may be filled there.
 */
export function worstPrice(order: EntryOrder): number {
  switch (order.type) {
    case 'market':
      return order.referencePrice;
    case 'limit':
      return Math.max(order.referencePrice, order.limitPrice.toNumber());
    case 'stop':
      return Math.max(order.referencePrice, order.stopPrice.toNumber());
  }
}

/** Exposure an entry adds when it fills completely, in quote currency. */
export function entryValue(order: EntryOrder): number {
  return order.quantity.toNumber() * worstPrice(order);
}
