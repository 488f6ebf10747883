import { Decimal } from '../../../core/decimal.ts';
import type { Side } from '../../../core/order.ts';

/** How far past its stop a stop order may fill where the venue wants a limit for it: one twentieth. */
const SLACK = Decimal.parse('0.05');

/**
 * The limit of a stop order at a venue whose stops all have one: as far behind the stop as no order of
 * ours should fill, on a tick. A market that jumps farther leaves the order in the book.
 */
export function limitBehind(stopPrice: Decimal, side: Side, tickSize: Decimal): Decimal {
  const slack = stopPrice.times(SLACK);
  return side === 'sell'
    ? stopPrice.minus(slack).toStep(tickSize, 'up')
    : stopPrice.plus(slack).toStep(tickSize, 'down');
}
