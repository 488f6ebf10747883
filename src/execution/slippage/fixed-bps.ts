import { against, type SlippageModel } from './slippage-model.ts';

const BPS_PER_ONE = 10_000;

/** The same share of the price on every fill, in basis points (1 bps = 0.01 %). */
export function fixedBpsSlippage({ bps }: { readonly bps: number }): SlippageModel {
  return ({ side, price }) => against(side, price, bps / BPS_PER_ONE);
}
