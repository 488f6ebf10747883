import { against, type SlippageModel } from './slippage-model.ts';

export interface VolumeBasedSettings {
  /** Fraction of the price that every fill loses. */
  readonly base: number;
  /** Further fraction lost for every 1,000 of notional, in quote currency. */
  readonly perThousand: number;
}

/** `price × (base + notional / 1000 × perThousand)`: larger orders pay more (DESIGN section 4). */
export function volumeBasedSlippage({ base, perThousand }: VolumeBasedSettings): SlippageModel {
  return ({ side, price, quantity }) =>
    against(side, price, base + ((price * quantity) / 1000) * perThousand);
}
