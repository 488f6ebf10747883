import { passed, refused } from '../assess.ts';
import type { OrderCheck } from '../risk-state.ts';

/** On the wrong side an exit would enlarge the position, by that many units. */
export const exitSide: OrderCheck = ({ id, role, side, quantity }, { position }) => {
  if (role === 'entry' || position === null) return null;
  const measure = { layer: 'order', check: 'exit-side', limit: 0 } as const;
  const expected = position.side === 'long' ? 'sell' : 'buy';
  if (side === expected) return passed({ ...measure, actual: 0 });
  return refused(
    { ...measure, actual: quantity.toNumber() },
    `exit ${id}: "${expected}" was expected to close a ${position.side} position, was "${side}"`,
  );
};
