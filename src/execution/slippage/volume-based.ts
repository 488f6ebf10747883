import type { SlippageModel } from './slippage-model.ts';

export interface VolumeBasedSettings {
  /** Fraction of the price that every fill loses. */
  readonly base: number;
  /** Further fraction lost for every 1,000 of notional, in quote currency. */
  readonly perThousand: number;
}

/**
 * `price × (base + notional / 1000 × perThousand)`: larger orders pay more (DESIGN section 4). The
 * base is spread, what grows with the notional is impact.
 */
export function volumeBasedSlippage({ base, perThousand }: VolumeBasedSettings): SlippageModel {
  return ({ price, quantity }) => ({
    spread: base,
    impact: ((price * quantity) / 1000) * perThousand,
  });
}
