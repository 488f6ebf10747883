import { passed, refused } from '../assess.ts';
import type { OrderCheck } from '../risk-state.ts';

/** An exit closes the position it names; without it, it would open one, of that many units. */
export const exitPosition: OrderCheck = ({ id, role, position, quantity }, context) => {
  if (role === 'entry') return null;
  const measure = { layer: 'order', check: 'exit-position', limit: 0 } as const;
  if (context.position?.id === position) return passed({ ...measure, actual: 0 });
  return refused(
    { ...measure, actual: quantity.toNumber() },
    `exit ${id}: position ${position} was expected to be open, ` +
      `was "${context.position === null ? 'absent' : `replaced by ${context.position.id}`}"`,
  );
};
