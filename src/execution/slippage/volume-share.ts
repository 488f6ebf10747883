import { against, type SlippageModel } from './slippage-model.ts';

/**
 * `price × impact × share²`, share being the part of the bar's volume that the fill takes, at most
 * one (zipline's VolumeShareSlippage). Without volume the fill counts as the whole bar.
 */
export function volumeShareSlippage({ impact }: { readonly impact: number }): SlippageModel {
  return ({ side, price, quantity, barVolume }) => {
    const share = barVolume > 0 ? Math.min(1, quantity / barVolume) : 1;
    return against(side, price, impact * share * share);
  };
}
