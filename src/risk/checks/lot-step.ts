import type { OrderCheck } from '../risk-state.ts';

export const lotStep: OrderCheck = ({ id, symbol, quantity }, { instrument }) => {
  const step = instrument.lotStep;
  if (quantity.toStep(step, 'down').equals(quantity)) return null;
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
