import { against, type SlippageModel } from './slippage-model.ts';

/**
 * Bar prices stand in the middle of a spread of `fraction` of the price: a buy pays half of it
 * above, a sell receives half of it below.
 */
export function spreadSlippage({ fraction }: { readonly fraction: number }): SlippageModel {
  return ({ side, price }) => against(side, price, fraction / 2);
}
