import { describe, expect, it } from 'vitest';
import { BAR_FLAGS } from '../../../../src/core/bar.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type TimeSpan } from '../../../../src/core/time.ts';
import type { Timeframe } from '../../../../src/core/time.ts';
import { fillFromFiner, type FinerSeries } from '../../../../src/data/repair/finer-fill.ts';
import type { BarRow } from '../../../../src/ports/bar-store.ts';
import { START } from '../../../support/bars.ts';
import { barAt, gridOf, hoursIn } from './repair-fixture.ts';

/** Hours 2, 3 and 4 are missing. */
const HOLE = {
  from: START + 2 * HOUR_MS,
  to: START + 5 * HOUR_MS,
  missing: 3,
  closeBefore: 1,
};
const HOURLY = gridOf('1h');
const TEN_HOURS = { from: START, to: START + 10 * HOUR_MS };

function series(
  timeframe: Timeframe,
  bars: readonly BarRow[],
  covered: readonly TimeSpan[] = [TEN_HOURS],
): FinerSeries {
  const rowsAround = (time: number) => {
    const before = bars.findLastIndex(({ openTime }) => openTime < time);
    return bars.slice(Math.max(before, 0));
  };
  return { timeframe, covered, rowsAround };
}

/** Half hours from 0 to 10 o'clock; the close tells which. */
const HALF_HOURS = Array.from({ length: 20 }, (_, index) => barAt(index * 30 * MINUTE_MS, index));

const without = (...indices: readonly number[]) =>
  HALF_HOURS.filter((_, index) => !indices.includes(index));

describe('filling a hole from shorter bars', () => {
  it('builds the missing bars, and only those', () => {
    const filling = fillFromFiner(HOLE, HOURLY, [series('30m', HALF_HOURS)]);
    expect(filling).toMatchObject({ left: null, sources: ['30m'], thin: 0 });
    expect(filling.bars).toEqual(
      [2, 3, 4].map((hour) =>
        barAt(hour * HOUR_MS, 2 * hour + 1, { open: 2 * hour, low: 2 * hour, volume: 20 }),
      ),
    );
  });

  it('hands the flags of the shorter bars on', () => {
    const flagged = HALF_HOURS.with(6, barAt(3 * HOUR_MS, 6, { flags: BAR_FLAGS.outlier }));
    const { bars } = fillFromFiner(HOLE, HOURLY, [series('30m', flagged)]);
    expect(bars.map(({ flags }) => flags)).toEqual([0, BAR_FLAGS.outlier, 0]);
  });

  it.each([
    ['the first half of the first hour', 4, ['2 5', '3 7', '4 9']],
    ['the last half of the last hour', 9, ['2 5', '3 7', '4 8']],
    ['a half in between', 6, ['2 5', '3 7', '4 9']],
  ])('counts an hour that lacks %s as thin', (_title, missing, expected) => {
    const filling = fillFromFiner(HOLE, HOURLY, [series('30m', without(missing))]);
    expect(hoursIn(filling.bars)).toEqual(expected);
    expect(filling).toMatchObject({ left: null, thin: 1 });
  });

  it('makes no bar of nothing', () => {
    const filling = fillFromFiner(HOLE, HOURLY, [series('30m', without(6, 7))]);
    expect(hoursIn(filling.bars)).toEqual(['2 5', '4 9']);
    expect(filling.left).toBe('there are 30m bars, but not of all that time');
  });

  it('makes no bar that no source has answered for as a whole', () => {
    const covered = [
      { from: START, to: START + 2.5 * HOUR_MS },
      { from: START + 3 * HOUR_MS, to: START + 4 * HOUR_MS },
    ];
    const { bars } = fillFromFiner(HOLE, HOURLY, [series('30m', HALF_HOURS, covered)]);
    expect(hoursIn(bars)).toEqual(['3 7']);
  });

  it('takes what one series lacks from the next', () => {
    const quarters = Array.from({ length: 40 }, (_, index) =>
      barAt(index * 15 * MINUTE_MS, 1000 + index),
    );
    const filling = fillFromFiner(HOLE, HOURLY, [
      series('30m', without(6, 7)),
      series('15m', quarters),
    ]);
    expect(hoursIn(filling.bars)).toEqual(['2 5', '3 1015', '4 9']);
    expect(filling).toMatchObject({ left: null, sources: ['30m', '15m'] });
  });

  it('says that there is nothing to build from', () => {
    expect(fillFromFiner(HOLE, HOURLY, [])).toMatchObject({
      bars: [],
      left: 'no series of a shorter timeframe is stored that they are made of',
    });
  });

  it('builds a US day from the hours of its session', () => {
    // Wednesday 2024-01-03; trading from 14:30 to 21:00 UTC, with two bars before and after hours.
    const day = 2 * DAY_MS;
    const open = day + 14.5 * HOUR_MS;
    const bars = [
      barAt(day + 14 * HOUR_MS, 1),
      ...Array.from({ length: 13 }, (_, index) =>
        barAt(open + index * 30 * MINUTE_MS, 100 + index),
      ),
      barAt(day + 21 * HOUR_MS, 999),
    ];
    const from = START + day;
    const hole = { from, to: from + DAY_MS, missing: 1, closeBefore: 1 };
    const covered = [{ from: START + open, to: START + day + 21 * HOUR_MS }];
    const filling = fillFromFiner(hole, gridOf('1d', 'us'), [series('30m', bars, covered)]);
    expect(filling.bars).toEqual([barAt(day, 112, { open: 100, low: 100, volume: 130 })]);
    expect(filling).toMatchObject({ thin: 0, left: null });
  });
});
