import { limitPriceOf, stopPriceOf, type EntryOrder } from '../core/order.ts';

/**
 * The price an entry counts at: the reference price, or the order's own limit or stop price where
 * that is higher, since the order may be filled there.
 */
export function worstPrice(order: EntryOrder): number {
  const prices = [limitPriceOf(order), stopPriceOf(order)].flatMap(
    (price) => price?.toNumber() ?? [],
  );
  return Math.max(order.referencePrice, ...prices);
}

/** Exposure an entry adds when it fills completely, in quote currency. */
export function entryValue(order: EntryOrder): number {
  return order.quantity.toNumber() * worstPrice(order);
}
