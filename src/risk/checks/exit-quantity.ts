import { passed, refused } from '../assess.ts';
import type { OrderCheck } from '../risk-state.ts';

/** Each exit alone: the exits of one position share its quantity, a fill of one shrinks the rest. */
export const exitQuantity: OrderCheck = ({ id, role, quantity }, { position }) => {
  if (role === 'entry' || position === null) return null;
  const measure = {
    layer: 'order',
    check: 'exit-quantity',
    limit: position.quantity.toNumber(),
    actual: quantity.toNumber(),
  } as const;
  if (!quantity.greaterThan(position.quantity)) return passed(measure);
  return refused(
    measure,
    `exit ${id}: at most the ${position.quantity.toString()} that position ${position.id} ` +
      `holds was expected, was "${quantity.toString()}"`,
  );
};
