import { entryValue } from '../entry-value.ts';
import { totalValue } from '../exposure.ts';
import type { EntryCheck } from '../risk-state.ts';
import { checkEquityShare } from './equity-share.ts';

export const investedShare: EntryCheck = (order, { exposures, equity }, { portfolio }) =>
  checkEquityShare({
    layer: 'portfolio',
    check: 'invested-share',
    limit: portfolio.maxInvested,
    exposure: totalValue(exposures) + entryValue(order),
    equity,
    where: () => 'invested',
  });
