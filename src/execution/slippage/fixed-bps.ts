import type { SlippageModel } from './slippage-model.ts';

export interface FixedBpsSettings {
  /** Basis points: hundredths of a percent of the price. */
  readonly bps: number;
}

const BPS_PER_ONE = 10_000;

/** The same share of the price on every fill, all of it spread. */
export function fixedBpsSlippage({ bps }: FixedBpsSettings): SlippageModel {
  const slippage = { spread: bps / BPS_PER_ONE, impact: 0 };
  return () => slippage;
}
