import { entryValue } from '../entry-value.ts';
import type { EntryCheck } from '../risk-state.ts';
import { roundedForReading } from './equity-share.ts';

export const orderNotional: EntryCheck = (order, _state, { system }) => {
  const limit = system.maxOrderNotional;
  if (limit === null) return null;
  const actual = entryValue(order);
  if (!(actual <= limit)) {
    return {
      layer: 'system',
      check: 'order-notional',
      limit,
      actual,
      message:
        `entry ${order.id}: a value of at most ${limit} was expected, ` +
        `was "${roundedForReading(actual)}"`,
    };
  }
  return null;
};
