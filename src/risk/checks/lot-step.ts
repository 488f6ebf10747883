import { passed, refused } from '../assess.ts';
import type { OrderCheck } from '../risk-state.ts';

/** An exit from the whole position passes: where lots have grown since, the venue has the say. */
export const lotStep: OrderCheck = ({ id, role, symbol, quantity }, { instrument, position }) => {
  const step = instrument.lotStep;
  const measure = {
    layer: 'order',
    check: 'lot-step',
    limit: step.toNumber(),
    actual: quantity.toNumber(),
  } as const;
  if (quantity.toStep(step, 'down').equals(quantity)) return passed(measure);
  if (role !== 'entry' && position?.quantity.equals(quantity) === true) return passed(measure);
  return refused(
    measure,
    `order ${id}: a multiple of ${symbol}'s lot step ${step.toString()} was expected, ` +
      `was "${quantity.toString()}"`,
  );
};
