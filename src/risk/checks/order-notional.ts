import { passed, refused } from '../assess.ts';
import { entryValue } from '../entry-value.ts';
import type { EntryCheck } from '../risk-state.ts';
import { roundedForReading } from './equity-share.ts';

export const orderNotional: EntryCheck = (order, _state, { system }) => {
  const limit = system.maxOrderNotional;
  const actual = entryValue(order);
  const measure = { layer: 'system', check: 'order-notional', actual } as const;
  if (limit === null || actual <= limit) return passed({ ...measure, limit });
  return refused(
    { ...measure, limit },
    `entry ${order.id}: a value of at most ${limit} was expected, ` +
      `was "${roundedForReading(actual)}"`,
  );
};
