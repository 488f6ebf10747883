import { mean } from './moments.ts';

const TAIL = 0.05;

/**
 * Historical (empirical) one-period value at risk at 95 %: the loss, as a positive fraction, that
 * the worst twentieth of the returns reach or exceed. It is minus the 5 % quantile, interpolated
 * between neighbours (Hyndman and Fan 1996, type 7: numpy's default, and empyrical's
 * `value_at_risk`). Negative when even that return was a gain; null of no returns.
 */
export function valueAtRisk95(returns: readonly number[]): number | null {
  const sorted = returns.toSorted((a, b) => a - b);
  const position = tailPosition(sorted.length);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  // Subtracted from zero, not negated: no loss is 0, never −0.
  return 0 - (below + (above - below) * (position - Math.floor(position)));
}

/**
 * Historical conditional value at risk at 95 % (expected shortfall): the mean loss, as a positive
 * fraction, of the returns at or below the 5 % quantile (empyrical `conditional_value_at_risk`).
 * Null of no returns.
 */
export function conditionalValueAtRisk95(returns: readonly number[]): number | null {
  const sorted = returns.toSorted((a, b) => a - b);
  const tail = mean(sorted.slice(0, Math.floor(tailPosition(sorted.length)) + 1));
  return tail === null ? null : 0 - tail;
}

function tailPosition(count: number): number {
  return TAIL * (count - 1);
}
