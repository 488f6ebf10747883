import { passed, refused } from '../assess.ts';
import type { EntryCheck } from '../risk-state.ts';

/** Halts in force: none may be. A refusal tells the numbers of the limit that led to the halt. */
export const haltedTrading: EntryCheck = ({ id }, { halt }) => {
  const measure = { layer: 'system', check: 'halted' } as const;
  if (halt === null) return passed({ ...measure, limit: 0, actual: 0 });
  return refused(
    { ...measure, limit: halt.limit, actual: halt.actual },
    `entry ${id}: trading is halted by ${halt.check}: ${halt.message}`,
  );
};
