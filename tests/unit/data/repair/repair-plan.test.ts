import { describe, expect, it } from 'vitest';
import { planOfFillings } from '../../../../src/data/repair/repair-plan.ts';
import { HOUR_MS } from '../../../../src/core/time.ts';
import { START } from '../../../support/bars.ts';
import { hourAt } from './repair-fixture.ts';

const hole = (hour: number, missing: number) => {
  const from = START + hour * HOUR_MS;
  return { from, to: from + missing * HOUR_MS, missing, closeBefore: 1 };
};

describe('the plan of a repair', () => {
  it('counts what was found, holds what is made, and says why the rest stays', () => {
    const plan = planOfFillings(
      [
        { hole: hole(0, 2), bars: [hourAt(0, 1), hourAt(1, 1)], left: null },
        { hole: hole(5, 3), bars: [hourAt(6, 1)], left: 'nobody knows' },
        { hole: hole(20, 4), bars: [], left: 'nobody knows' },
        { hole: hole(30, 1), bars: [], left: 'too long' },
      ],
      { method: 'finer', source: '1m bars' },
    );
    expect(plan).toMatchObject({ method: 'finer', source: '1m bars', gaps: 4, found: 10 });
    expect(plan.bars).toHaveLength(3);
    expect(plan.left.map(({ reason, bars, gaps }) => [reason, bars, gaps])).toEqual([
      ['nobody knows', 6, 2],
      ['too long', 1, 1],
    ]);
    expect(plan.left[0]?.examples[1]).toEqual({
      from: START + 20 * HOUR_MS,
      to: START + 24 * HOUR_MS,
      missing: 4,
    });
  });

  it('shows ten gaps of those that stay', () => {
    const many = Array.from({ length: 12 }, (_, index) => {
      return { hole: hole(2 * index, 1), bars: [], left: 'because' };
    });
    const { left } = planOfFillings(many, { method: 'flat', source: 'x' });
    expect([left[0]?.gaps, left[0]?.examples.length]).toEqual([12, 10]);
  });
});
