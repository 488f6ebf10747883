import type { SlippageModel } from './slippage-model.ts';

export interface SpreadSettings {
  /** Distance from bid to ask as a fraction of the price. */
  readonly fraction: number;
}

/**
 * Bar prices stand in the middle of a spread of `fraction` of the price: a buy pays half of it
 * above, a sell receives half of it below.
 */
export function spreadSlippage({ fraction }: SpreadSettings): SlippageModel {
  const slippage = { spread: fraction / 2, impact: 0 };
  return () => slippage;
}
