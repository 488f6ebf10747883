import type { SlippageModel } from './slippage-model.ts';

export interface VolumeShareSettings {
  /** Fraction of the price lost by a fill that is the whole volume of its bar. */
  readonly impact: number;
}

/**
 * `price × impact × share²`, share being the part of the bar's volume that the fill takes, at most
 * one (zipline's VolumeShareSlippage). Without volume the fill counts as the whole bar. All of it is
 * impact.
 */
export function volumeShareSlippage({ impact }: VolumeShareSettings): SlippageModel {
  return ({ quantity, barVolume }) => {
    const share = barVolume > 0 ? Math.min(1, quantity / barVolume) : 1;
    return { spread: 0, impact: impact * share * share };
  };
}
