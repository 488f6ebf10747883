import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/core/time.ts';
import {
  gridCeil,
  gridFloor,
  isWithin,
  spansLeft,
} from '../../../../src/data/collect/time-spans.ts';

const span = (from: number, to: number) => ({ from, to });

describe('spansLeft', () => {
  it.each([
    ['nothing taken', [], [span(10, 20)]],
    ['the middle taken', [span(12, 15)], [span(10, 12), span(15, 20)]],
    ['both ends taken', [span(0, 12), span(18, 30)], [span(12, 18)]],
    ['all of it taken', [span(0, 30)], []],
    ['all of it taken in two pieces that touch', [span(5, 14), span(14, 20)], []],
    ['only others taken', [span(0, 10), span(20, 25)], [span(10, 20)]],
  ])('%s', (_, taken, left) => {
    expect(spansLeft(span(10, 20), taken)).toEqual(left);
  });
});

describe('isWithin', () => {
  it('takes spans that touch for one, whatever their order', () => {
    expect(isWithin(span(10, 20), [span(15, 30), span(0, 15)])).toBe(true);
    expect(isWithin(span(10, 20), [span(16, 30), span(0, 15)])).toBe(false);
  });

  it('finds an empty span anywhere', () => {
    expect(isWithin(span(10, 10), [])).toBe(true);
  });
});

describe('the grid of a timeframe', () => {
  it('is left alone by what lies on it', () => {
    expect([gridFloor(HOUR_MS, '1h'), gridCeil(HOUR_MS, '1h')]).toEqual([HOUR_MS, HOUR_MS]);
  });

  it('begins weeks on Monday', () => {
    const wednesday = Date.UTC(2024, 0, 3);
    expect(gridFloor(wednesday, '1w')).toBe(Date.UTC(2024, 0, 1));
    expect(gridCeil(wednesday, '1w')).toBe(Date.UTC(2024, 0, 8));
  });
});
