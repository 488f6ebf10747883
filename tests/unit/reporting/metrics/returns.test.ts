import { describe, expect, it } from 'vitest';
import { annualVolatility } from '../../../../src/reporting/metrics/annual-volatility.ts';
import { cagr } from '../../../../src/reporting/metrics/cagr.ts';
import { calmarRatio } from '../../../../src/reporting/metrics/calmar-ratio.ts';
import { sharpeRatio } from '../../../../src/reporting/metrics/sharpe-ratio.ts';
import { simpleReturns } from '../../../../src/reporting/metrics/simple-returns.ts';
import {
  downsideDeviation,
  sortinoRatio,
} from '../../../../src/reporting/metrics/sortino-ratio.ts';
import { totalReturn } from '../../../../src/reporting/metrics/total-return.ts';
import { ulcerIndex } from '../../../../src/reporting/metrics/ulcer-index.ts';
import {
  conditionalValueAtRisk95,
  valueAtRisk95,
} from '../../../../src/reporting/metrics/value-at-risk.ts';

/** Mean 0.01; distances 0.01, −0.03, 0.02; squares 1e-4 + 9e-4 + 4e-4 = 14e-4; variance 7e-4. */
const RETURNS = [0.02, -0.02, 0.03];

describe('simpleReturns', () => {
  it('takes the first return against the initial level', () => {
    // 110/100 − 1, 99/110 − 1, 99/99 − 1
    const returns = simpleReturns(100, [110, 99, 99]) ?? [];
    expect(returns).toHaveLength(3);
    expect(returns[0]).toBeCloseTo(0.1, 12);
    expect(returns[1]).toBeCloseTo(-0.1, 12);
    expect(returns[2]).toBe(0);
  });

  it('has no returns of no levels', () => {
    expect(simpleReturns(100, [])).toEqual([]);
  });

  it('is undefined once a level has reached zero and another follows', () => {
    expect(simpleReturns(100, [0, 50])).toBeNull();
    expect(simpleReturns(0, [50])).toBeNull();
  });

  it('counts a last level of zero as a loss of everything', () => {
    expect(simpleReturns(100, [50, 0])).toEqual([-0.5, -1]);
  });
});

describe('totalReturn', () => {
  it.each([
    [100, 125, 0.25],
    [100, 80, -0.2],
    [100, 100, 0],
    [100, 0, -1],
  ])('of %d grown to %d is %s', (initial, final, expected) => {
    expect(totalReturn(initial, final)).toBeCloseTo(expected, 12);
  });

  it('is undefined without capital', () => {
    expect(totalReturn(0, 10)).toBeNull();
  });
});

describe('cagr', () => {
  it.each([
    // 1.21^(365.25/730.5) = √1.21 = 1.1
    ['two years', 0.21, 730.5, 0.1],
    // 1.1^(365.25/182.625) = 1.1² = 1.21
    ['half a year', 0.1, 182.625, 0.21],
    ['a loss of everything', -1, 100, -1],
    ['no change', 0, 3, 0],
  ])('over %s', (_, total, days, expected) => {
    expect(cagr(total, days)).toBeCloseTo(expected, 12);
  });

  it.each([
    ['no time', 0.1, 0],
    ['a loss of more than everything', -1.5, 100],
    ['a rate beyond a double', 1, 0.01],
    ['no total return', null, 100],
  ])('is undefined for %s', (_, total, days) => {
    expect(cagr(total, days)).toBeNull();
  });
});

describe('annualVolatility', () => {
  it('scales the sample deviation by the square root of the periods', () => {
    expect(annualVolatility(RETURNS, 365)).toBeCloseTo(Math.sqrt(7e-4 * 365), 12);
    expect(annualVolatility(RETURNS, 252)).toBeCloseTo(Math.sqrt(7e-4 * 252), 12);
  });

  it('is undefined for a single return', () => {
    expect(annualVolatility([0.01], 365)).toBeNull();
  });

  it('is exactly zero for equal returns that no double represents', () => {
    expect(annualVolatility([0.1, 0.1, 0.1], 365)).toBe(0);
  });
});

describe('sharpeRatio', () => {
  it('is mean over sample deviation, annualised', () => {
    expect(sharpeRatio(RETURNS, 365)).toBeCloseTo((0.01 / Math.sqrt(7e-4)) * Math.sqrt(365), 12);
  });

  it.each([
    ['no return', []],
    ['one return', [0.05]],
    ['flat equity', [0, 0, 0, 0]],
    ['equal returns', [0.01, 0.01, 0.01]],
  ])('is undefined for %s', (_, returns) => {
    expect(sharpeRatio(returns, 365)).toBeNull();
  });

  it('is undefined when the returns differ by the rounding of their levels only', () => {
    const levels = Array.from({ length: 50 }, (_, day) => 100 * 1.01 ** (day + 1));
    const returns = simpleReturns(100, levels) ?? [];
    expect(new Set(returns).size).toBeGreaterThan(1);
    expect(sharpeRatio(returns, 365)).toBeNull();
  });
});

describe('sortinoRatio', () => {
  it('divides by the downside deviation over all returns', () => {
    // downside: one of three returns, −0.02: √(4e-4 / 3)
    expect(downsideDeviation(RETURNS)).toBeCloseTo(Math.sqrt(4e-4 / 3), 12);
    const expected = (0.01 / Math.sqrt(4e-4 / 3)) * Math.sqrt(252);
    expect(sortinoRatio(RETURNS, 252)).toBeCloseTo(expected, 12);
  });

  it.each([
    ['no loss', [0.01, 0.02]],
    ['one return', [-0.05]],
    ['flat equity', [0, 0, 0]],
  ])('is undefined for %s', (_, returns) => {
    expect(sortinoRatio(returns, 365)).toBeNull();
  });

  it('has no downside deviation of no returns', () => {
    expect(downsideDeviation([])).toBeNull();
  });
});

describe('calmarRatio', () => {
  it('divides growth by the deepest drawdown', () => {
    expect(calmarRatio(0.3, 0.15)).toBeCloseTo(2, 12);
    expect(calmarRatio(-0.3, 0.6)).toBeCloseTo(-0.5, 12);
  });

  it.each([
    ['no growth rate', null, 0.1],
    ['no drawdown known', 0.1, null],
    ['no drawdown', 0.1, 0],
  ])('is undefined with %s', (_, growth, drawdown) => {
    expect(calmarRatio(growth, drawdown)).toBeNull();
  });
});

describe('ulcerIndex', () => {
  it('is the root mean square of the drawdowns from the highest level so far', () => {
    // drawdowns of 90, 110, 99, 121 from 100: 0.1, 0, 0.1, 0 → √((0.01 + 0.01) / 4)
    expect(ulcerIndex(100, [90, 110, 99, 121])).toBeCloseTo(Math.sqrt(0.02 / 4), 12);
  });

  it('is zero while equity only rises and undefined without a level', () => {
    expect(ulcerIndex(100, [100, 101])).toBe(0);
    expect(ulcerIndex(100, [])).toBeNull();
  });
});

describe('value at risk', () => {
  /** −0.10, −0.09, … +0.10: the 5 % quantile stands at position 0.05 × 20 = 1: −0.09. */
  const ladder = Array.from({ length: 21 }, (_, step) => (10 - step) / 100);

  it('is the loss at the fifth percentile of the returns seen', () => {
    expect(valueAtRisk95(ladder)).toBeCloseTo(0.09, 12);
  });

  it('lies between neighbouring returns where the percentile does', () => {
    // position 0.05 × 10 = 0.5 between −0.10 and −0.09
    expect(valueAtRisk95(ladder.slice(10))).toBeCloseTo(0.095, 12);
  });

  it('averages the losses at and beyond it', () => {
    // −0.10 and −0.09
    expect(conditionalValueAtRisk95(ladder)).toBeCloseTo(0.095, 12);
    expect(conditionalValueAtRisk95(ladder.slice(10))).toBeCloseTo(0.1, 12);
  });

  it('is negative when even the worst returns were gains', () => {
    expect(valueAtRisk95([0.01])).toBe(-0.01);
    expect(conditionalValueAtRisk95([0.01])).toBe(-0.01);
  });

  it('is plain zero for flat equity', () => {
    expect(valueAtRisk95([0, 0])).toBe(0);
    expect(conditionalValueAtRisk95([0, 0])).toBe(0);
  });

  it('is undefined for no returns', () => {
    expect(valueAtRisk95([])).toBeNull();
    expect(conditionalValueAtRisk95([])).toBeNull();
  });

  it('leaves the order of the returns alone', () => {
    const returns = [0.03, -0.01, 0.02];
    valueAtRisk95(returns);
    expect(returns).toEqual([0.03, -0.01, 0.02]);
  });
});
