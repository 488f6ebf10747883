import { describe, expect, it } from 'vitest';
import { ErrorBudget } from '../../../../src/app/trading/error-budget.ts';

const MINUTE = 60_000;

describe('the budget of faults', () => {
  it('bears as many as it is told to within ten minutes, and not one more', () => {
    const budget = new ErrorBudget(3);
    expect([0, 1, 2, 3].map((minute) => budget.spend(minute * MINUTE))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('forgets a fault after ten minutes', () => {
    const budget = new ErrorBudget(1);
    expect(budget.spend(0)).toBe(false);
    expect(budget.spend(10 * MINUTE)).toBe(false);
    expect(budget.spend(19 * MINUTE)).toBe(true);
  });

  it('begins anew once it was overdrawn, so that a halt is asked for once', () => {
    const budget = new ErrorBudget(1);
    expect([0, 1, 2].map((at) => budget.spend(at))).toEqual([false, true, false]);
    expect(budget.count).toBe(3);
  });
});
