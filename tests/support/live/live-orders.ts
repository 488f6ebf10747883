import type { EntryOrder, ExitOrder } from '../../../src/core/order.ts';
import { dec, entryOrder, exitOrder } from '../orders.ts';

/** An entry that rests below the market. */
export function limitEntry(id = 1, quantity = '1', limitPrice = 99): EntryOrder {
  return { ...entryOrder({ id, quantity }), type: 'limit', limitPrice: dec(limitPrice) };
}

/** A stop-loss at 90. */
export function stopLoss(id = 2, quantity = '1', position = 1): ExitOrder {
  const exit = exitOrder({ id, quantity, position });
  return { ...exit, role: 'stop-loss', type: 'stop', stopPrice: dec(90) };
}

/** A take-profit at 110. */
export function takeProfit(id = 3, quantity = '1', position = 1): ExitOrder {
  const exit = exitOrder({ id, quantity, position });
  return { ...exit, role: 'take-profit', type: 'limit', limitPrice: dec(110) };
}
