import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, type TimeRange } from '../../../../src/core/time.ts';
import { holesIn, missingOpens, type SeriesGrid } from '../../../../src/data/repair/holes.ts';
import { START } from '../../../support/bars.ts';
import { ALL_TIME, barAt, gridOf, hourAt, pageOf } from './repair-fixture.ts';

const HOURLY = gridOf('1h');
/** Hours 0, 1, then 4, then 6: two holes. */
const HOURS = [hourAt(0, 10), hourAt(1, 11), hourAt(4, 14), hourAt(6, 16)];

/** `2+2 after 11`: hour of the first missing bar, how many, and the close before. */
function holes(pages: readonly Float64Array[], range: TimeRange = ALL_TIME, grid = HOURLY) {
  return [...holesIn(pages, grid, range)].map(
    ({ from, missing, closeBefore }) =>
      `${(from - START) / HOUR_MS}+${missing} after ${closeBefore}`,
  );
}

describe('the holes of a series', () => {
  it('are where bars are missing between two others', () => {
    expect(holes([pageOf(HOURS)])).toEqual(['2+2 after 11', '5+1 after 14']);
  });

  it('are found across pages', () => {
    expect(holes([pageOf(HOURS.slice(0, 2)), pageOf(HOURS.slice(2))])).toEqual([
      '2+2 after 11',
      '5+1 after 14',
    ]);
  });

  it.each([
    [
      'from inside the first on',
      { start: START + 3 * HOUR_MS, end: null },
      ['3+1 after 11', '5+1 after 14'],
    ],
    ['until inside the first', { start: null, end: START + 3 * HOUR_MS }, ['2+1 after 11']],
    ['between two', { start: START + 4 * HOUR_MS, end: START + 5 * HOUR_MS }, []],
    [
      'off the grid',
      { start: START + 2.5 * HOUR_MS, end: START + 3.5 * HOUR_MS },
      ['3+1 after 11'],
    ],
    ['after the last bar', { start: START + 9 * HOUR_MS, end: null }, []],
  ])('are cut to a range %s', (_title, range, expected) => {
    expect(holes([pageOf(HOURS)], range)).toEqual(expected);
  });

  it.each([
    ['no bar', []],
    ['one bar', [hourAt(7, 1)]],
    ['bars without a break', [hourAt(0, 1), hourAt(1, 1), hourAt(2, 1)]],
  ])('are none in %s', (_title, bars) => {
    expect(holes([pageOf(bars)])).toEqual([]);
  });

  it('leave out what a US exchange has no session for', () => {
    // 2024-01-01 was a Monday and New Year; then Tuesday to Friday, and the Monday after.
    const day = (index: number) => barAt(index * DAY_MS, 100 + index);
    const daily: SeriesGrid = gridOf('1d', 'us');
    expect(holes([pageOf([day(1), day(2), day(4), day(7)])], ALL_TIME, daily)).toEqual([
      '72+1 after 102',
    ]);
    const [hole] = [...holesIn([pageOf([day(2), day(8)])], daily, ALL_TIME)];
    const opens = hole === undefined ? [] : missingOpens(hole, daily);
    expect(opens.map((open) => (open - START) / DAY_MS)).toEqual([3, 4, 7]);
  });

  it('are none where no calendar is known', () => {
    expect(holes([pageOf(HOURS)], ALL_TIME, gridOf('1h', 'unknown'))).toEqual([]);
  });
});
