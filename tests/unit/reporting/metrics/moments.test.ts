import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, perDeviation, sampleDeviation } from '../../../../src/reporting/metrics/moments.ts';

describe('moments', () => {
  it('divides the squares by one less than the count', () => {
    // mean 3; squares 4 + 0 + 4 = 8; 8 / 2 = 4
    expect(mean([1, 3, 5])).toBe(3);
    expect(sampleDeviation([1, 3, 5])).toBe(2);
  });

  it('are undefined below one and two values', () => {
    expect(mean([])).toBeNull();
    expect(sampleDeviation([])).toBeNull();
    expect(sampleDeviation([7])).toBeNull();
  });

  it('keep their digits far from zero', () => {
    // The textbook Σx² − n·mean² gives 0 here.
    expect(sampleDeviation([1e9 + 1, 1e9 + 3, 1e9 + 5])).toBe(2);
  });

  it('move with a shift and grow with a factor', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.integer({ min: -500, max: 500 }), (list, shift) => {
        const shifted = list.map((value) => value + shift);
        const doubled = list.map((value) => value * 2);
        expect(mean(shifted)).toBeCloseTo((mean(list) ?? Number.NaN) + shift, 8);
        expect(sampleDeviation(shifted)).toBeCloseTo(sampleDeviation(list) ?? Number.NaN, 8);
        expect(sampleDeviation(doubled)).toBeCloseTo((sampleDeviation(list) ?? Number.NaN) * 2, 8);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('give no ratio where a part is missing or the deviation is mere rounding', () => {
    expect(perDeviation(null, 1)).toBeNull();
    expect(perDeviation(1, null)).toBeNull();
    expect(perDeviation(1, 0)).toBeNull();
    expect(perDeviation(1, 3e-16)).toBeNull();
    expect(perDeviation(1, 0.5)).toBe(2);
  });
});
