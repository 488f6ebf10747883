import { expectedPrice, type EntryOrder } from '../../core/order.ts';
import { stopLossPrice } from '../../core/protection.ts';
import { passed, refused } from '../assess.ts';
import type { EntryCheck } from '../risk-state.ts';
import { roundedForReading } from './equity-share.ts';

/** A stop placed at exactly the limit is rounded to either side of it. */
const TOLERANCE = 1e-9;

/** An entry without a stop risks its whole price. */
const NO_STOP = 1;

/** The stop-loss lies on the losing side of the expected entry, and no farther than the limit. */
export const stopLoss: EntryCheck = (order, { instrument }, { position }) => {
  const limit = position.stopLoss[instrument.assetClass];
  const distance = stopDistance(order);
  const measure = { layer: 'position', check: 'stop-loss', actual: distance ?? NO_STOP } as const;
  if (limit === null || isWithin(limit, distance)) return passed({ ...measure, limit });
  return refused(
    { ...measure, limit },
    `entry ${order.id}: a stop-loss at most ${limit} of the price away was expected, ` +
      `was "${distance === null ? 'none' : roundedForReading(distance)}"`,
  );
};

function isWithin(limit: number, distance: number | null): boolean {
  return distance !== null && distance > 0 && distance <= limit * (1 + TOLERANCE);
}

/** Fraction of the expected entry price lost at the stop, negative where the stop would gain. */
function stopDistance(order: EntryOrder): number | null {
  const { side, referencePrice, protection } = order;
  if (protection.stopLoss === null) return null;
  const entryPrice = expectedPrice(order, side, referencePrice);
  const entry = { side: side === 'buy' ? 'long' : 'short', entryPrice } as const;
  const stop = stopLossPrice(protection.stopLoss, entry);
  return (side === 'buy' ? entryPrice - stop : stop - entryPrice) / entryPrice;
}
