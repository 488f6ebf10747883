import type { Refusal } from '../../core/risk.ts';
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

function checkRate({ check, limit, actual, period }: Rate): Refusal | null {
  if (limit === null) return null;
  if (!(actual <= limit)) {
    const message = `at most ${limit} entries ${period} were expected, was "${actual}"`;
    return { layer: 'system', check, limit, actual, message };
  }
  return null;
}
