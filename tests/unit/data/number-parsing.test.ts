import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectedInsteadOf,
  parseDecimal,
  significantDecimals,
} from '../../../src/data/number-parsing.ts';

describe('parseDecimal', () => {
  it.each([
    ['0', 0],
    ['1000.5', 1000.5],
    ['-3', -3],
    ['+3', 3],
    ['.5', 0.5],
    ['5.', 5],
    ['1e-7', 1e-7],
    ['1.5E3', 1500],
    [' 42 ', 42],
  ])('reads %j as %d', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });

  it.each([
    ['1,000.5', 'a number without thousands separators'],
    ["1'000", 'a number without thousands separators'],
    ['1 000', 'a number without thousands separators'],
    ['1.000,5', 'a number with a decimal point, not a comma,'],
    ['1000,5', 'a number with a decimal point, not a comma,'],
    ['', 'a number instead of an empty field'],
    ['  ', 'a number instead of an empty field'],
    ['NaN', 'a finite number instead of a placeholder'],
    ['-inf', 'a finite number instead of a placeholder'],
    ['null', 'a finite number instead of a placeholder'],
    ['N/A', 'a finite number instead of a placeholder'],
    ['-', 'a finite number instead of a placeholder'],
    ['1e400', 'a number within the range of a double'],
    ['0x10', 'a plain decimal number'],
    ['1_000', 'a plain decimal number'],
    ['12abc', 'a plain decimal number'],
    ['1.2.3', 'a plain decimal number'],
    ['$5', 'a plain decimal number'],
  ])('refuses %j and asks for %s', (text, expected) => {
    expect(parseDecimal(text)).toBeNaN();
    expect(expectedInsteadOf(text)).toBe(expected);
  });

  it('reads back every finite double that JavaScript prints', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const prop = fc.property(finite, (value) => {
      expect(parseDecimal(String(value)) === value).toBe(true);
    });
    fc.assert(prop, { seed: 42, numRuns: 500 });
  });
});

describe('significantDecimals', () => {
  it.each([
    ['1200', 0],
    ['1.5', 1],
    ['16713.080000', 2],
    ['3.', 0],
    ['3.000', 0],
    ['1e-7', 7],
    ['1.25E-3', 5],
    ['1.5e3', 0],
    ['0.10 ', 1],
  ])('finds in %j %d decimals that matter', (text, decimals) => {
    expect(significantDecimals(text)).toBe(decimals);
  });
});
