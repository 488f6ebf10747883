import { NO_SLIPPAGE, type SlippageModel } from './slippage-model.ts';

/** Lets exits have the price they met: all of a round trip's slippage is paid on the way in. */
export function entriesOnly(model: SlippageModel): SlippageModel {
  return (input) => (input.role === 'entry' ? model(input) : NO_SLIPPAGE);
}
