import type { Phase } from './bar-passage.ts';
import { onePrice, type PriceSpan } from './bar-matching.ts';
import type { BarStretch } from './order-encounters.ts';
import type { WorkingOrder } from './working-order.ts';

/**
 * What a bar is for an order that a quote within it preceded: the bar does not tell which of its
 * prices came later, but for the last. A stop counts the whole range as yet to come, from the price of
 * the quote on; what fills at any price has the close; a limit waits for the next bar, or for a quote.
 * Null where there is nothing of the bar for it.
 */
export function stretchFor(
  { placement, isImmediate }: WorkingOrder,
  phase: Phase,
  stretch: BarStretch,
): BarStretch | null {
  const { bar } = stretch;
  if (placement === null || !placement.meetsBar || placement.time >= bar.closeTime) return null;
  const { high, low, close, closeTime } = bar;
  if (phase === 'market' || (phase === 'limit' && isImmediate)) {
    return { ...stretch, span: onePrice(close), time: closeTime };
  }
  if (phase === 'limit') return null;
  const span: PriceSpan = { start: placement.price, high, low, close, rangeFollows: false };
  return { ...stretch, span, time: placement.time };
}
