import type { ApprovedOrder, Trail } from '../core/order.ts';
import type { WorkingOrder } from './working-order.ts';

/**
 * The trailing stop-loss that a new one takes the place of, or null: one of the same position that
 * follows as far behind, and was taken back since the last bar. Its order is made anew with every
 * further fill of an entry, while the market it has followed is the same.
 */
export function forerunnerOf(
  request: ApprovedOrder,
  orders: readonly WorkingOrder[],
): WorkingOrder | null {
  if (request.type !== 'trailing_stop' || request.role !== 'stop-loss') return null;
  const { position, trail } = request;
  const isForerunner = ({ request: other, isOpen, isTrailing }: WorkingOrder): boolean =>
    !isOpen &&
    isTrailing &&
    other.type === 'trailing_stop' &&
    other.role === 'stop-loss' &&
    other.position === position &&
    isSameTrail(other.trail, trail);
  return orders.findLast(isForerunner) ?? null;
}

function isSameTrail(one: Trail, other: Trail): boolean {
  if (one.kind === 'distance')
    return other.kind === 'distance' && one.distance.equals(other.distance);
  return other.kind === 'fraction' && one.fraction.equals(other.fraction);
}
