import { describe, expect, it } from 'vitest';
import type { Protection } from '../../../src/core/protection.ts';
import { planProtection, type ProtectionLimits } from '../../../src/portfolio/protection-plan.ts';

const LIMITS: ProtectionLimits = { stopLoss: { crypto: 0.02, stock: 0.03 }, takeProfitRatio: 2 };
const NONE: Protection = { stopLoss: null, takeProfit: null };

function plan(wished: Protection, limits = LIMITS, side: 'long' | 'short' = 'long') {
  return planProtection({ wished, limits, assetClass: 'crypto', side, price: 100 });
}

describe('planProtection', () => {
  it('gives a signal without levels the stop of its asset class and a target twice as far', () => {
    expect(plan(NONE)).toEqual({
      protection: {
        stopLoss: { kind: 'fraction', fraction: 0.02 },
        takeProfit: { kind: 'distance', distance: 4 },
      },
      stopFraction: 0.02,
    });
  });

  it('keeps a tighter stop of the strategy', () => {
    const stopLoss = { kind: 'distance', distance: 1 } as const;
    const { protection, stopFraction } = plan({ stopLoss, takeProfit: null });
    expect(protection.stopLoss).toEqual(stopLoss);
    expect(stopFraction).toBeCloseTo(0.01, 12);
  });

  it.each(['fraction', 'trailing_fraction'] as const)(
    'keeps a %s of exactly the limit, whatever the price',
    (kind) => {
      const wished = { stopLoss: { kind, fraction: 0.02 }, takeProfit: null };
      for (const price of [16_527.89, 1_195.54, 0.07, 3]) {
        const input = {
          wished,
          limits: LIMITS,
          assetClass: 'crypto',
          side: 'long',
          price,
        } as const;
        const { protection, stopFraction } = planProtection(input);
        expect(protection.stopLoss).toBe(wished.stopLoss);
        expect(stopFraction).toBe(0.02);
      }
    },
  );

  it('tightens a stop wider than the limit', () => {
    const stopLoss = { kind: 'price', price: 90 } as const;
    const { protection, stopFraction } = plan({ stopLoss, takeProfit: null });
    expect(protection.stopLoss).toEqual({ kind: 'fraction', fraction: 0.02 });
    expect(stopFraction).toBe(0.02);
  });

  it('measures the stop of a short above the price', () => {
    const stopLoss = { kind: 'price', price: 101 } as const;
    const { stopFraction } = plan({ stopLoss, takeProfit: null }, LIMITS, 'short');
    expect(stopFraction).toBeCloseTo(0.01, 12);
  });

  it('tightens a stop that is not a number', () => {
    const stopLoss = { kind: 'price', price: Number.NaN } as const;
    expect(plan({ stopLoss, takeProfit: null }).protection.stopLoss).toEqual({
      kind: 'fraction',
      fraction: 0.02,
    });
  });

  it('leaves the strategy alone where the limits are off', () => {
    const off: ProtectionLimits = {
      stopLoss: { crypto: null, stock: null },
      takeProfitRatio: null,
    };
    const wide = { stopLoss: { kind: 'price', price: 50 } as const, takeProfit: null };
    expect(plan(NONE, off)).toEqual({ protection: NONE, stopFraction: null });
    expect(plan(wide, off)).toEqual({ protection: wide, stopFraction: 0.5 });
  });

  it('keeps the target of the strategy', () => {
    const takeProfit = { kind: 'toward', reference: 110, multiple: 1.5 } as const;
    expect(plan({ stopLoss: null, takeProfit }).protection.takeProfit).toEqual(takeProfit);
  });
});
