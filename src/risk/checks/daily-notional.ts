import { passed, refused } from '../assess.ts';
import { entryValue } from '../entry-value.ts';
import type { EntryCheck } from '../risk-state.ts';
import { roundedForReading } from './equity-share.ts';

/** What a strategy gone wild may spend within a day, whatever became of the orders. */
export const dailyNotional: EntryCheck = (order, { notionalToday }, { system }) => {
  const limit = system.maxDailyNotional;
  if (limit === null) return null;
  const actual = notionalToday + entryValue(order);
  const measure = { layer: 'system', check: 'notional-per-day', actual, limit } as const;
  if (actual <= limit) return passed(measure);
  return refused(
    measure,
    `entries of a value of at most ${limit} within the UTC day were expected, ` +
      `was "${roundedForReading(actual)}"`,
  );
};
