import { entryValue } from '../entry-value.ts';
import { totalValue } from '../exposure.ts';
import type { EntryCheck } from '../risk-state.ts';
import { checkEquityShare } from './equity-share.ts';

/** All strategies together: long and short of one symbol add up, they do not offset. */
export const symbolExposure: EntryCheck = (order, { exposures, equity }, { symbol }) => {
  const same = exposures.filter((exposure) => exposure.symbol === order.symbol);
  return checkEquityShare({
    layer: 'symbol',
    check: 'symbol-exposure',
    limit: symbol.maxExposure,
    exposure: totalValue(same) + entryValue(order),
    equity,
    where: () => `in ${order.symbol}`,
  });
};
