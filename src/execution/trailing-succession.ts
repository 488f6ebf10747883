import type { ApprovedOrder, Trail } from '../core/order.ts';
import type { WorkingOrder } from './working-order.ts';

/**
 * The trailing stop that a new one takes the place of, or null: one that follows as far behind, and
 * was taken back since the last bar. Either the new one names it, or both are the stop-loss of one
 * position, which is made anew with every further fill of an entry: the market it has followed is
 * the same.
 */
export function forerunnerOf(
  request: ApprovedOrder,
  orders: readonly WorkingOrder[],
): WorkingOrder | null {
  if (request.type !== 'trailing_stop') return null;
  const { trail } = request;
  const isForerunner = ({ request: other, isOpen, isTrailing }: WorkingOrder): boolean =>
    !isOpen &&
    isTrailing &&
    other.type === 'trailing_stop' &&
    isSameTrail(other.trail, trail) &&
    (other.id === request.replaces || isSameStopLoss(other, request));
  return orders.findLast(isForerunner) ?? null;
}

function isSameStopLoss(one: ApprovedOrder, other: ApprovedOrder): boolean {
  const isStopLoss = one.role === 'stop-loss' && other.role === 'stop-loss';
  return isStopLoss && one.position === other.position;
}

function isSameTrail(one: Trail, other: Trail): boolean {
  if (one.kind === 'distance')
    return other.kind === 'distance' && one.distance.equals(other.distance);
  return other.kind === 'fraction' && one.fraction.equals(other.fraction);
}
