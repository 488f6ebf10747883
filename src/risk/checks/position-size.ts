import { entryValue } from '../entry-value.ts';
import { totalValue } from '../exposure.ts';
import type { EntryCheck } from '../risk-state.ts';
import { checkEquityShare } from './equity-share.ts';

/** What the strategy holds of the symbol, has on order, and asks for now. */
export const positionSize: EntryCheck = (order, { exposures, equity }, { position }) => {
  const own = exposures.filter(
    ({ strategy, symbol }) => strategy === order.strategy && symbol === order.symbol,
  );
  return checkEquityShare({
    layer: 'position',
    check: 'position-size',
    limit: position.maxFraction,
    exposure: totalValue(own) + entryValue(order),
    equity,
    where: () => `in the ${order.symbol} position of ${order.strategy}`,
  });
};
