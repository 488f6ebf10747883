import { describe, expect, it } from 'vitest';
import { durationText } from '../../../src/core/duration.ts';

describe('a length of time', () => {
  it.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [6_000, '6 s'],
    [61_001, '1 min 1 s'],
    [3_606_000, '1 h 6 s'],
    [11_100_000, '3 h 5 min'],
    [90_000_000, '1 d 1 h'],
  ])('of %i ms is told by its two largest units: %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
