import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenRule } from '../../../src/data/bar-rules.ts';

type Values = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** A page of one bar that opens at the epoch. */
function page(...[open, high, low, close, volume = 1]: Values): Float64Array {
  return Float64Array.of(0, open, high, low, close, volume, 0);
}

describe('brokenRule', () => {
  it.each([
    ['a plain bar', page(10, 12, 9, 11)],
    ['a flat bar without volume', page(10, 10, 10, 10, 0)],
    ['open at the low, close at the high', page(9, 12, 9, 12)],
    ['the smallest price', page(1e-11, 1e-11, 1e-11, 1e-11)],
    ['the largest price and volume', page(1e12, 1e12, 1e12, 1e12, 1e18)],
  ])('accepts %s', (_, bar) => {
    expect(brokenRule(bar, 0)).toBeNull();
  });

  it.each([
    ['low above high', page(10, 9, 11, 10), 'low', 'low ≤ high'],
    ['open below low', page(8, 12, 9, 11), 'low', 'low ≤ open'],
    ['close below low', page(10, 12, 9, 8), 'low', 'low ≤ close'],
    ['open above high', page(13, 12, 9, 11), 'open', 'open ≤ high'],
    ['close above high', page(10, 12, 9, 13), 'close', 'close ≤ high'],
    ['a zero open', page(0, 12, 9, 11), 'open', 'a price from 1e-11 to 1000000000000'],
    ['a negative low', page(10, 12, -9, 11), 'low', 'a price from 1e-11 to 1000000000000'],
    ['a price of 1e-12', page(10, 12, 9, 1e-12), 'close', 'a price from 1e-11 to 1000000000000'],
    ['an infinite high', page(10, Infinity, 9, 11), 'high', 'a price from 1e-11 to 1000000000000'],
    ['a NaN open', page(Number.NaN, 12, 9, 11), 'open', 'a price from 1e-11 to 1000000000000'],
    [
      'negative volume',
      page(10, 12, 9, 11, -1),
      'volume',
      'a volume from 0 to 1000000000000000000',
    ],
    [
      'a volume of 1e30',
      page(10, 12, 9, 11, 1e30),
      'volume',
      'a volume from 0 to 1000000000000000000',
    ],
    [
      'a NaN volume',
      page(10, 12, 9, 11, Number.NaN),
      'volume',
      'a volume from 0 to 1000000000000000000',
    ],
  ])('finds %s', (_, bar, column, expected) => {
    expect(brokenRule(bar, 0)).toMatchObject({ column, expected });
  });

  it('reads the bar at the offset, not the first of the page', () => {
    const two = new Float64Array([...page(10, 12, 9, 11), ...page(10, 12, 9, 13)]);
    expect(brokenRule(two, 0)).toBeNull();
    expect(brokenRule(two, 7)).toMatchObject({ column: 'close' });
  });

  it('accepts exactly the bars whose low and high enclose open and close', () => {
    const price = fc.integer({ min: 1, max: 5 });
    const prop = fc.property(price, price, price, price, (open, high, low, close) => {
      const sound = low <= Math.min(open, close) && high >= Math.max(open, close) && low <= high;
      expect(brokenRule(page(open, high, low, close), 0) === null).toBe(sound);
    });
    fc.assert(prop, { seed: 42, numRuns: 1000 });
  });
});
