import { describe, expect, it } from 'vitest';
import { annualizationOf } from '../../../src/reporting/annualization.ts';
import { dailyLevels } from '../../../src/reporting/daily-levels.ts';

describe('dailyLevels', () => {
  const closes = { days: [10, 11, 14], equity: [100, 110, 120] };

  it('repeats the last level on days without a mark where markets never close', () => {
    expect(dailyLevels(closes, true)).toEqual([100, 110, 110, 110, 120]);
  });

  it('takes marked days only where markets close', () => {
    expect(dailyLevels(closes, false)).toEqual([100, 110, 120]);
  });

  it('is empty before the first mark', () => {
    expect(dailyLevels({ days: [], equity: [] }, true)).toEqual([]);
  });
});

describe('annualizationOf', () => {
  it.each([
    ['crypto', ['crypto'], '1h', { periodsPerYear: 365, everyDay: true }],
    ['stocks', ['stock'], '1d', { periodsPerYear: 252, everyDay: false }],
    ['both', ['stock', 'crypto'], '1h', { periodsPerYear: 365, everyDay: true }],
    ['stocks on weekly bars', ['stock'], '1w', { periodsPerYear: 52, everyDay: false }],
    ['crypto on weekly bars', ['crypto'], '1w', { periodsPerYear: 365, everyDay: true }],
  ] as const)('of %s', (_, classes, timeframe, expected) => {
    expect(annualizationOf(classes, timeframe)).toEqual(expected);
  });
});
