import { assertNever } from '../core/assert.ts';
import { fixedBpsSlippage } from './slippage/fixed-bps.ts';
import type { SlippageModel } from './slippage/slippage-model.ts';
import { spreadSlippage } from './slippage/spread.ts';
import { volumeBasedSlippage } from './slippage/volume-based.ts';
import { volumeShareSlippage } from './slippage/volume-share.ts';

/** A slippage model by name, with its parameters: fractions, but for `bps`. */
export type SlippageSettings =
  | { readonly model: 'volume_based'; readonly base: number; readonly perThousand: number }
  | { readonly model: 'fixed_bps'; readonly bps: number }
  | { readonly model: 'spread'; readonly fraction: number }
  | { readonly model: 'volume_share'; readonly impact: number };

/** The model that settings name. */
export function slippageModel(settings: SlippageSettings): SlippageModel {
  switch (settings.model) {
    case 'volume_based':
      return volumeBasedSlippage(settings);
    case 'fixed_bps':
      return fixedBpsSlippage(settings);
    case 'spread':
      return spreadSlippage(settings);
    case 'volume_share':
      return volumeShareSlippage(settings);
    default:
      return assertNever(settings, 'slippage model');
  }
}
