import { entriesOnly } from './slippage/entries-only.ts';
import { fixedBpsSlippage, type FixedBpsSettings } from './slippage/fixed-bps.ts';
import type { SlippageModel } from './slippage/slippage-model.ts';
import { spreadSlippage, type SpreadSettings } from './slippage/spread.ts';
import { volumeBasedSlippage, type VolumeBasedSettings } from './slippage/volume-based.ts';
import { volumeShareSlippage, type VolumeShareSettings } from './slippage/volume-share.ts';

/** Parameters of every slippage model, under the name it is chosen by. */
interface SlippageParameters {
  volume_based: VolumeBasedSettings;
  fixed_bps: FixedBpsSettings;
  spread: SpreadSettings;
  volume_share: VolumeShareSettings;
}
type SlippageName = keyof SlippageParameters;

/** Every slippage model by its name: a new one is a file of its own and a line here. */
const SLIPPAGE_MODELS: {
  readonly [Name in SlippageName]: (parameters: SlippageParameters[Name]) => SlippageModel;
} = {
  volume_based: volumeBasedSlippage,
  fixed_bps: fixedBpsSlippage,
  spread: spreadSlippage,
  volume_share: volumeShareSlippage,
};

/** A slippage model by name, with its parameters: fractions, but for `bps`. */
export type SlippageSettings<Chosen extends SlippageName = SlippageName> = {
  readonly [Name in Chosen]: SlippageParameters[Name] & {
    readonly model: Name;
    /** Whether exits slip as entries do; they do where nothing is said. */
    readonly appliesTo?: 'all' | 'entries';
  };
}[Chosen];

/** The model that settings name. */
export function slippageModel<Name extends SlippageName>(
  settings: SlippageSettings<Name>,
): SlippageModel {
  const model = SLIPPAGE_MODELS[settings.model](settings);
  return settings.appliesTo === 'entries' ? entriesOnly(model) : model;
}
