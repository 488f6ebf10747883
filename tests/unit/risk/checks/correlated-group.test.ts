import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../../src/risk/assess.ts';
import { correlatedGroup as assessGroup } from '../../../../src/risk/checks/correlated-group.ts';
import type { Correlation } from '../../../../src/risk/correlation-tracker.ts';
import type { RiskLimits } from '../../../../src/risk/risk-limits.ts';
import type { EntryCheck, RiskState } from '../../../../src/risk/risk-state.ts';
import { entry, NO_LIMITS, state, strategy } from '../risk-builders.ts';

type Answer = ReturnType<typeof refusalOf>;

const correlatedGroup = (...order: Parameters<EntryCheck>): Answer =>
  refusalOf(assessGroup(...order));

function limits(maxGroupExposure: number | null, threshold: number | null = 0.8): RiskLimits {
  const correlation = { threshold, lookbackBars: 100, maxGroupExposure };
  return { ...NO_LIMITS, portfolio: { maxInvested: null, correlation } };
}

type Pairs = Readonly<Record<string, Correlation>>;

/** Holdings by symbol, and how they correlate; a pair that is not listed does not. */
function holding(values: Readonly<Record<string, number>>, pairs: Pairs): RiskState {
  return state({
    exposures: Object.entries(values).map(([symbol, value]) => ({
      strategy: strategy('beta'),
      symbol,
      value,
    })),
    correlation: (first, second) =>
      pairs[`${first} ${second}`] ??
      pairs[`${second} ${first}`] ?? { coefficient: 0, returns: 100 },
  });
}

const known = (coefficient: number): Correlation => ({ coefficient, returns: 100 });
const TWINS = { 'BTC/USD ETH/USD': known(0.95) };

// The order is 1,000 of BTC/USD; equity is 10,000.
describe('correlated-group', () => {
  it('passes a group of exactly the limit', () => {
    // 1,000 + 1,000 = 0.2 × 10,000
    expect(correlatedGroup(entry(), holding({ 'ETH/USD': 1_000 }, TWINS), limits(0.2))).toBeNull();
  });

  it('refuses a group above the limit and names who is in it', () => {
    const refusal = correlatedGroup(entry(), holding({ 'ETH/USD': 1_001 }, TWINS), limits(0.2));
    expect(refusal).toEqual({
      layer: 'portfolio',
      check: 'correlated-group',
      limit: 0.2,
      actual: 0.2001,
      message:
        'at most 0.2 of equity in BTC/USD and what moves with it, ETH/USD (0.95 with BTC/USD), ' +
        'was expected, was "0.2001" (2001 of 10000)',
    });
  });

  it('refuses any correlated entry at a limit of zero', () => {
    expect(correlatedGroup(entry(), holding({ 'ETH/USD': 1 }, TWINS), limits(0))).not.toBeNull();
  });

  it.each([0.8, 0.2, -0.99])('leaves a symbol that correlates by %s out', (coefficient) => {
    const held = holding({ 'ETH/USD': 9_000 }, { 'BTC/USD ETH/USD': known(coefficient) });
    expect(correlatedGroup(entry(), held, limits(0))).toBeNull();
  });

  it('follows a chain: what moves with a member is a member', () => {
    // BTC–ETH and ETH–SOL move together, BTC–SOL alone would not; XRP is apart.
    const pairs = { ...TWINS, 'ETH/USD SOL/USD': known(0.9), 'BTC/USD SOL/USD': known(0.5) };
    const held = holding({ 'XRP/USD': 4_000, 'SOL/USD': 600, 'ETH/USD': 500 }, pairs);
    // 1,000 + 500 + 600 = 2,100
    expect(correlatedGroup(entry(), held, limits(0.2))?.actual).toBeCloseTo(0.21, 12);
    expect(correlatedGroup(entry(), held, limits(0.21))).toBeNull();
  });

  it('does not link a symbol through one that is not held', () => {
    const pairs = { ...TWINS, 'ETH/USD SOL/USD': known(0.9) };
    expect(correlatedGroup(entry(), holding({ 'SOL/USD': 9_000 }, pairs), limits(0))).toBeNull();
  });

  it.each<[string, Correlation, string]>([
    [
      'too few common returns',
      { coefficient: null, returns: 37 },
      'unknown with BTC/USD: 37 of 100 common returns',
    ],
    [
      'no variance',
      { coefficient: null, returns: 100 },
      'unknown with BTC/USD: a price did not move',
    ],
  ])('counts %s as moving together and says so', (_title, correlation, words) => {
    const held = holding({ 'ETH/USD': 2_000 }, { 'BTC/USD ETH/USD': correlation });
    expect(correlatedGroup(entry(), held, limits(0.2))?.message).toContain(words);
  });

  it("leaves the order's own symbol to the symbol layer", () => {
    expect(correlatedGroup(entry(), holding({ 'BTC/USD': 9_000 }, {}), limits(0))).toBeNull();
  });

  it("counts the order's own symbol once the group has another", () => {
    const held = holding({ 'BTC/USD': 600, 'ETH/USD': 500 }, TWINS);
    expect(correlatedGroup(entry(), held, limits(0.2))?.actual).toBeCloseTo(0.21, 12);
  });

  it('refuses when the value of a member is not known', () => {
    const held = holding({ 'ETH/USD': Number.NaN }, TWINS);
    expect(correlatedGroup(entry(), held, limits(0.9))?.actual).toBeNaN();
  });

  it.each([
    ['threshold', limits(0, null)],
    ['group exposure', limits(null)],
  ])('passes anything without a limit of the %s', (_title, off) => {
    expect(correlatedGroup(entry(), holding({ 'ETH/USD': 9_000 }, TWINS), off)).toBeNull();
  });

  it('tells the share of a group that it lets pass', () => {
    const held = holding({ 'ETH/USD': 500 }, TWINS);
    // 1,000 + 500 of 10,000
    expect(assessGroup(entry(), held, limits(0.2))).toEqual({
      layer: 'portfolio',
      check: 'correlated-group',
      limit: 0.2,
      actual: 0.15,
      passed: true,
    });
  });

  it('tells of no group where nothing held moves with the order', () => {
    const held = holding({ 'ETH/USD': 500 }, {});
    expect(assessGroup(entry(), held, limits(0.2))).toMatchObject({ limit: 0.2, actual: 0 });
  });

  it('measures nothing while it is off', () => {
    const assessment = assessGroup(entry(), holding({ 'ETH/USD': 9_000 }, TWINS), limits(null));
    expect(assessment).toMatchObject({ limit: null, actual: Number.NaN, passed: true });
  });
});
