import type { EntryCheck } from '../risk-state.ts';

export const haltedTrading: EntryCheck = ({ id }, { halt }) => {
  if (halt === null) return null;
  return {
    layer: 'system',
    check: 'halted',
    limit: halt.limit,
    actual: halt.actual,
    message: `entry ${id}: trading is halted by ${halt.check}: ${halt.message}`,
  };
};
