import { describe, expect, it } from 'vitest';
import { HOUR_MS, type TimeRange } from '../../../../src/core/time.ts';
import {
  closedEndAt,
  planSpans,
  type StoredExtent,
} from '../../../../src/data/collect/collect-plan.ts';

const NONE: StoredExtent = { firstOpen: null, lastOpen: null, covered: [] };

/** Hours in, hours out; it is hour 100, and 40 hours are the history that is collected. */
function plan(stored: Partial<StoredExtent>, range: TimeRange | null = null) {
  const ms = (hours: number | null) => (hours === null ? null : hours * HOUR_MS);
  const { firstOpen = null, lastOpen = null, covered = [] } = stored;
  return planSpans({
    timeframe: '1h',
    range: range === null ? null : { start: ms(range.start), end: ms(range.end) },
    historyMs: 40 * HOUR_MS,
    closedEnd: 100 * HOUR_MS,
    stored: {
      firstOpen: ms(firstOpen),
      lastOpen: ms(lastOpen),
      covered: covered.map(({ from, to }) => ({ from: from * HOUR_MS, to: to * HOUR_MS })),
    },
  }).map(({ from, to, newFrom }) => [from / HOUR_MS, newFrom / HOUR_MS, to / HOUR_MS]);
}

describe('planSpans', () => {
  it('goes back as far as history is wanted where nothing is stored', () => {
    expect(plan(NONE)).toEqual([[60, 60, 100]]);
  });

  it('goes on from the end of what is covered, three bars of overlap before it', () => {
    expect(plan({ firstOpen: 20, lastOpen: 79, covered: [{ from: 20, to: 80 }] })).toEqual([
      [77, 80, 100],
    ]);
  });

  it('goes on from the last bar where nobody vouched for the bars', () => {
    expect(plan({ firstOpen: 20, lastOpen: 79 })).toEqual([[77, 80, 100]]);
  });

  it('leaves holes of the past alone unless a range is named', () => {
    const covered = [
      { from: 10, to: 20 },
      { from: 50, to: 100 },
    ];
    expect(plan({ firstOpen: 10, lastOpen: 99, covered })).toEqual([]);
    expect(plan({ firstOpen: 10, lastOpen: 99, covered }, { start: 0, end: null })).toEqual([
      [0, 0, 10],
      [20, 20, 50],
    ]);
  });

  it('asks again for no bar before the first stored one', () => {
    expect(plan({ firstOpen: 79, lastOpen: 79, covered: [{ from: 60, to: 80 }] })).toEqual([
      [79, 80, 100],
    ]);
  });

  it('asks again for nothing where the last bars lie further back', () => {
    expect(plan({ firstOpen: 0, lastOpen: 70, covered: [{ from: 0, to: 80 }] })).toEqual([
      [80, 80, 100],
    ]);
    expect(plan({ firstOpen: 0, lastOpen: 19 }, { start: 50, end: 60 })).toEqual([[50, 50, 60]]);
  });

  it('ends a range with the last finished bar', () => {
    expect(plan(NONE, { start: 90, end: 200 })).toEqual([[90, 90, 100]]);
    expect(plan(NONE, { start: 100.5, end: null })).toEqual([]);
  });

  it('takes in what opens at the start of a range and not what opens at its end', () => {
    expect(plan(NONE, { start: 10.5, end: 20.5 })).toEqual([[11, 11, 21]]);
  });

  it('begins a range without a start where the series begins, else with the history', () => {
    const stored = { firstOpen: 12, lastOpen: 14, covered: [{ from: 10, to: 15 }] };
    expect(plan(stored, { start: null, end: 30 })).toEqual([[12, 15, 30]]);
    expect(plan(NONE, { start: null, end: 90 })).toEqual([[50, 50, 90]]);
  });

  it('asks for nothing when all is there', () => {
    expect(plan({ firstOpen: 0, lastOpen: 99, covered: [{ from: 0, to: 100 }] })).toEqual([]);
  });
});

describe('closedEndAt', () => {
  it('leaves a bar out until its close and the grace after it have passed', () => {
    const close = 10 * HOUR_MS;
    expect(closedEndAt(close + 4999, '1h', 5000)).toBe(9 * HOUR_MS);
    expect(closedEndAt(close + 5000, '1h', 5000)).toBe(10 * HOUR_MS);
  });
});
