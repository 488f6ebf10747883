import type { SlippageModel } from './slippage-model.ts';

/** Loses what the size of a fill costs and no spread: a price that is bid or asked holds it already. */
export function impactOnly(model: SlippageModel): SlippageModel {
  return (input) => ({ spread: 0, impact: model(input).impact });
}
