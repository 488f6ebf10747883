import { assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  count,
  days,
  minute,
  money,
  percent,
  plural,
  ratio,
  span,
} from '../../../../src/cli/render/number-format.ts';

describe('money', () => {
  it.each([
    [0, '0.00'],
    [1, '1.00'],
    [999.99, '999.99'],
    [999.999, '1,000.00'],
    [1234.5, '1,234.50'],
    [1_234_567.891, '1,234,567.89'],
    [-1234.5, '-1,234.50'],
    [-0.004, '0.00'],
    [-0, '0.00'],
    [1e15, '1,000,000,000,000,000.00'],
  ])('writes %d as %s', (value, text) => {
    expect(money(value)).toBe(text);
  });
});

describe('percent', () => {
  it.each([
    [0.0312, '3.12 %'],
    [-0.0312, '-3.12 %'],
    [12.5, '1,250.00 %'],
    [-0.00001, '0.00 %'],
  ])('writes the fraction %d as %s', (value, text) => {
    expect(percent(value)).toBe(text);
  });
});

describe('a value without a meaning', () => {
  it.each([
    ['money', money],
    ['percent', percent],
    ['ratio', ratio],
    ['days', days],
  ])('is n/a as %s', (_, format) => {
    expect(format(null)).toBe('n/a');
  });
});

describe('counts and times', () => {
  it.each([
    [count(0), '0'],
    [count(35_088), '35,088'],
    [ratio(-1.005), '-1.00'],
    [days(1.25), '1.3 days'],
    [span(0, 36 * 3_600_000), '1.5 days'],
    [minute('2018-01-01T09:30:15Z'), '2018-01-01 09:30'],
    [plural(0, 'gap'), '0 gaps'],
    [plural(1, 'gap'), '1 gap'],
    [plural(1200, 'row'), '1,200 rows'],
  ])('read %s', (text, expected) => {
    expect(text).toBe(expected);
  });
});

describe('grouped digits', () => {
  it('are the plain number once the commas are gone', () => {
    const amount = double({ min: -1e12, max: 1e12, noNaN: true });
    const plainAgain = property(amount, (value) => {
      const text = money(value);
      expect(text).toMatch(/^-?\d{1,3}(?:,\d{3})*\.\d\d$/);
      expect(Number(text.replaceAll(',', ''))).toBeCloseTo(value, 1);
    });
    assert(plainAgain, { seed: 42, numRuns: 300 });
  });
});
