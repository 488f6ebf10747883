import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../../src/risk/assess.ts';
import { investedShare } from '../../../../src/risk/checks/invested-share.ts';
import { positionSize } from '../../../../src/risk/checks/position-size.ts';
import { symbolExposure } from '../../../../src/risk/checks/symbol-exposure.ts';
import type { Exposure } from '../../../../src/risk/exposure.ts';
import type { EntryCheck } from '../../../../src/risk/risk-state.ts';
import type { RiskLimits } from '../../../../src/risk/risk-limits.ts';
import { decimal, entry, NO_LIMITS, positionLimits, state, strategy } from '../risk-builders.ts';

const CHECKS = {
  'position-size': positionSize,
  'symbol-exposure': symbolExposure,
  'invested-share': investedShare,
} as const;
type CheckName = keyof typeof CHECKS;

function limited(check: CheckName, limit: number | null): RiskLimits {
  if (check === 'position-size') return positionLimits({ maxFraction: limit });
  if (check === 'symbol-exposure') return { ...NO_LIMITS, symbol: { maxExposure: limit } };
  return { ...NO_LIMITS, portfolio: { ...NO_LIMITS.portfolio, maxInvested: limit } };
}

function exposure(owner: string, symbol: string, value: number): Exposure {
  return { strategy: strategy(owner), symbol, value };
}

/** What is at stake already: 500 by alpha in BTC, 300 by beta in BTC, 200 by alpha in ETH. */
const HELD = [
  exposure('alpha', 'BTC/USD', 500),
  exposure('beta', 'BTC/USD', 300),
  exposure('alpha', 'ETH/USD', 200),
];

// The order adds 10 × 100 = 1,000 to what each layer counts; equity is 10,000.
const COUNTED: readonly (readonly [CheckName, number])[] = [
  ['position-size', 0.15], // 500 + 1,000
  ['symbol-exposure', 0.18], // 500 + 300 + 1,000
  ['invested-share', 0.2], // 500 + 300 + 200 + 1,000
];

describe.each(COUNTED)('%s', (name, share) => {
  const assess = CHECKS[name];
  const check = (...order: Parameters<EntryCheck>) => refusalOf(assess(...order));
  const held = state({ exposures: HELD });

  it(`passes exactly ${share} of equity`, () => {
    expect(check(entry(), held, limited(name, share))).toBeNull();
  });

  it('refuses one lot more, with limit, actual value and a sentence', () => {
    // One lot of 0.001 at 100 is worth 0.1, one hundred-thousandth of equity.
    const order = entry({ quantity: decimal('10.001') });
    const refusal = check(order, held, limited(name, share));
    expect(refusal).toMatchObject({ check: name, limit: share });
    expect(refusal?.actual).toBeCloseTo(share + 0.00001, 12);
    expect(refusal?.message).toContain(`at most ${share} of equity`);
    expect(refusal?.message).toContain(`was "${(share + 0.00001).toFixed(5)}"`);
  });

  it('passes anything without a limit', () => {
    expect(check(entry({ quantity: decimal(1e9) }), held, limited(name, null))).toBeNull();
  });

  it('tells the share it lets pass, with a limit and without one', () => {
    const actual = expect.closeTo(share, 12) as number;
    expect(assess(entry(), held, limited(name, 0.5))).toMatchObject({ limit: 0.5, actual });
    expect(assess(entry(), held, limited(name, null))).toMatchObject({
      check: name,
      limit: null,
      actual,
      passed: true,
    });
  });

  it('refuses everything at a limit of zero', () => {
    expect(check(entry(), state(), limited(name, 0))).toMatchObject({ limit: 0, actual: 0.1 });
  });

  it('refuses when the value of a position is not known', () => {
    const unknown = state({ exposures: [exposure('alpha', 'BTC/USD', Number.NaN)] });
    expect(check(entry(), unknown, limited(name, 1e6))?.actual).toBeNaN();
  });

  it.each([0, -10_000, Number.NaN])('refuses at an equity of %s', (equity) => {
    expect(check(entry(), state({ equity }), limited(name, share))).not.toBeNull();
  });

  it('counts a limit order at its limit price where that is the worse one', () => {
    // 10 × 160 = 1,600 alone is more than 0.15 of equity, 10 × 100 is not.
    const pricing = { type: 'limit', limitPrice: decimal(160) } as const;
    expect(check(entry(), state(), limited(name, 0.15))).toBeNull();
    expect(check(entry({ pricing }), state(), limited(name, 0.15))?.actual).toBeCloseTo(0.16, 12);
  });
});

describe('layers of exposure', () => {
  it.each([
    ['position-size', 'position'],
    ['symbol-exposure', 'symbol'],
    ['invested-share', 'portfolio'],
  ] as const)('%s is of the %s layer', (name, layer) => {
    expect(CHECKS[name](entry(), state(), limited(name, 0))).toMatchObject({ layer });
  });
});
