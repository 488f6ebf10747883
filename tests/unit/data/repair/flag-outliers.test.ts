import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../../src/core/bar.ts';
import { flagOutliers } from '../../../../src/data/repair/flag-outliers.ts';
import type { BarRow } from '../../../../src/ports/bar-store.ts';
import { hourAt, hoursIn } from './repair-fixture.ts';

/** A hundred quiet hours before each bar that is asked about. */
function quiet(asked: string[]) {
  return (time: number, count: number): readonly BarRow[] => {
    asked.push(`${hoursIn([{ ...hourAt(0, 0), openTime: time }])[0]?.split(' ')[0]} ${count}`);
    return Array.from({ length: 100 }, (_, index) => hourAt(index, 100 + (index % 2) / 10));
  };
}

describe('outliers among repaired bars', () => {
  it('are judged by the bars before each stretch of them', () => {
    const asked: string[] = [];
    const bars = [hourAt(100, 100), hourAt(101, 120), hourAt(102, 119.9), hourAt(200, 90)];
    const measure = { sigmas: 5, window: 60 };
    const flagged = flagOutliers(bars, { timeframe: '1h', measure, barsBefore: quiet(asked) });
    expect(flagged.map(({ flags }) => flags)).toEqual([0, BAR_FLAGS.outlier, 0, BAR_FLAGS.outlier]);
    // 60 for the window after 30 to warm it up.
    expect(asked).toEqual(['100 90', '200 90']);
  });
});
