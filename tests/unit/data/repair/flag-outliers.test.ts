import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../../src/core/bar.ts';
import { flagOutliers } from '../../../../src/data/repair/flag-outliers.ts';
import type { BarRow } from '../../../../src/ports/bar-store.ts';
import { HOUR_MS } from '../../../../src/core/time.ts';
import { START } from '../../../support/bars.ts';
import { hourAt } from './repair-fixture.ts';

const MEASURE = { sigmas: 5, window: 60 };

/** Quiet hours without end, but for those that are missing; notes what it is asked for. */
function quietBut(missing: readonly number[], asked: string[] = []) {
  return (time: number, count: number): readonly BarRow[] => {
    const hour = (time - START) / HOUR_MS;
    asked.push(`${hour} ${count}`);
    const stored: BarRow[] = [];
    for (let at = hour - 1; stored.length < count; at -= 1) {
      if (!missing.includes(at)) stored.unshift(hourAt(at, 100 + (at % 2) / 10));
    }
    return stored;
  };
}

describe('outliers among repaired bars', () => {
  it('are judged by the bars before each stretch of them', () => {
    const asked: string[] = [];
    const bars = [hourAt(100, 100), hourAt(101, 120), hourAt(102, 119.9), hourAt(200, 90)];
    const barsBefore = quietBut([100, 101, 102, 200], asked);
    const flagged = flagOutliers(bars, { timeframe: '1h', measure: MEASURE, barsBefore });
    expect(flagged.map(({ flags }) => flags)).toEqual([0, BAR_FLAGS.outlier, 0, BAR_FLAGS.outlier]);
    // 60 for the window after 30 to warm it up.
    expect(asked.filter((each) => each.endsWith(' 90'))).toEqual(['100 90', '200 90']);
  });

  it('are judged by each other where a closed market lies between them', () => {
    const bars = [hourAt(100, 120), hourAt(166, 120)];
    const weekend = Array.from({ length: 67 }, (_, at) => 100 + at);
    const flagged = flagOutliers(bars, {
      timeframe: '1h',
      measure: MEASURE,
      barsBefore: quietBut(weekend),
    });
    expect(flagged.map(({ flags }) => flags)).toEqual([BAR_FLAGS.outlier, 0]);
  });
});
