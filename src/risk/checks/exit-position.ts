import type { OrderCheck } from '../risk-state.ts';

/** An exit closes the position it names; without it, it would open one. */
export const exitPosition: OrderCheck = ({ id, role, position, quantity }, context) => {
  if (role === 'entry' || context.position?.id === position) return null;
  return {
    layer: 'order',
    check: 'exit-position',
    limit: 0,
    actual: quantity.toNumber(),
    message:
      `exit ${id}: position ${position} was expected to be open, ` +
      `was "${context.position === null ? 'absent' : `replaced by ${context.position.id}`}"`,
  };
};
