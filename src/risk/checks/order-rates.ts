import type { Assessment } from '../../core/risk.ts';
import { passed, refused } from '../assess.ts';
import type { EntryCheck } from '../risk-state.ts';

/** A strategy gone wild sends orders without end; these caps lie outside it. */
export const ordersPerMinute: EntryCheck = (_order, { approvedLastMinute }, { system }) =>
  checkRate({
    check: 'orders-per-minute',
    limit: system.maxOrdersPerMinute,
    actual: approvedLastMinute + 1,
    period: 'within sixty seconds',
  });

export const ordersPerDay: EntryCheck = (_order, { approvedToday }, { system }) =>
  checkRate({
    check: 'orders-per-day',
    limit: system.maxOrdersPerDay,
    actual: approvedToday + 1,
    period: 'within the UTC day',
  });

interface Rate {
  readonly check: string;
  readonly limit: number | null;
  /** Entries of the period, the one asked for included. */
  readonly actual: number;
  readonly period: string;
}

function checkRate({ check, limit, actual, period }: Rate): Assessment {
  const measure = { layer: 'system', check, actual } as const;
  if (limit === null || actual <= limit) return passed({ ...measure, limit });
  return refused(
    { ...measure, limit },
    `at most ${limit} entries ${period} were expected, was "${actual}"`,
  );
}
