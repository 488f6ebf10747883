import type { OrderCheck } from '../risk-state.ts';

/** An exit from the whole position passes: where lots have grown since, the venue has the say. */
export const lotStep: OrderCheck = ({ id, role, symbol, quantity }, { instrument, position }) => {
  const step = instrument.lotStep;
  if (quantity.toStep(step, 'down').equals(quantity)) return null;
  if (role !== 'entry' && position?.quantity.equals(quantity) === true) return null;
  return {
    layer: 'order',
    check: 'lot-step',
    limit: step.toNumber(),
    actual: quantity.toNumber(),
    message:
      `order ${id}: a multiple of ${symbol}'s lot step ${step.toString()} was expected, ` +
      `was "${quantity.toString()}"`,
  };
};
