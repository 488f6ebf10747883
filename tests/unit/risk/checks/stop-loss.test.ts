import { describe, expect, it } from 'vitest';
import type { EntryOrder } from '../../../../src/core/order.ts';
import type { ProtectiveLevel } from '../../../../src/core/protection.ts';
import { refusalOf } from '../../../../src/risk/assess.ts';
import { stopLoss as assessStop } from '../../../../src/risk/checks/stop-loss.ts';
import type { EntryCheck } from '../../../../src/risk/risk-state.ts';
import { decimal, entry, instrument, NO_LIMITS, positionLimits, state } from '../risk-builders.ts';

const LIMITS = positionLimits({ stopLoss: { crypto: 0.02, stock: 0.03 } });

const stopLoss = (...order: Parameters<EntryCheck>) => refusalOf(assessStop(...order));

/** An entry at 100 with that stop. */
function stopped(level: ProtectiveLevel | null, side: 'buy' | 'sell' = 'buy') {
  return entry({ side, protection: { stopLoss: level, takeProfit: null } });
}

describe('stop-loss', () => {
  it.each<[string, ProtectiveLevel, 'buy' | 'sell']>([
    ['exactly 2 % below a buy', { kind: 'price', price: 98 }, 'buy'],
    ['exactly 2 % above a short sale', { kind: 'price', price: 102 }, 'sell'],
    ['a distance of 2', { kind: 'distance', distance: 2 }, 'buy'],
    ['a fraction of 2 %', { kind: 'fraction', fraction: 0.02 }, 'sell'],
    // 100 + 0.5 × (97 − 100) = 98.5
    ['half the way to 97', { kind: 'toward', reference: 97, multiple: 0.5 }, 'buy'],
    // One part in 1e9 of the limit is rounding, not risk.
    ['2 % and a rounding error', { kind: 'fraction', fraction: 0.020_000_000_01 }, 'buy'],
  ])('passes %s', (_title, level, side) => {
    expect(stopLoss(stopped(level, side), state(), LIMITS)).toBeNull();
  });

  it.each<[string, ProtectiveLevel | null, 'buy' | 'sell', number]>([
    ['just above 2 %', { kind: 'fraction', fraction: 0.020_001 }, 'buy', 0.020_001],
    ['3 % above a short sale', { kind: 'price', price: 103 }, 'sell', 0.03],
    ['no stop at all', null, 'buy', 1],
    ['a stop that a buy starts above', { kind: 'price', price: 101 }, 'buy', -0.01],
    ['a stop below a short sale', { kind: 'price', price: 99 }, 'sell', -0.01],
    ['a stop at the entry itself', { kind: 'distance', distance: 0 }, 'buy', 0],
    ['a stop of NaN', { kind: 'price', price: Number.NaN }, 'buy', Number.NaN],
  ])('refuses %s', (_title, level, side, actual) => {
    const refusal = stopLoss(stopped(level, side), state(), LIMITS);
    expect(refusal).toMatchObject({ layer: 'position', check: 'stop-loss', limit: 0.02 });
    expect(Number(refusal?.actual.toFixed(12))).toBe(actual);
  });

  it('gives stocks the limit of stocks', () => {
    const stock = state({ instrument: instrument('AAPL') });
    expect(stopLoss(stopped({ kind: 'price', price: 97 }), stock, LIMITS)).toBeNull();
    expect(stopLoss(stopped({ kind: 'price', price: 96 }), stock, LIMITS)).toMatchObject({
      limit: 0.03,
    });
  });

  it('measures from where an order with prices of its own is expected to fill', () => {
    const at = (price: number) => ({
      stopLoss: { kind: 'price', price } as const,
      takeProfit: null,
    });
    const limit = { type: 'limit', limitPrice: decimal(80) } as const;
    const stop = { type: 'stop', stopPrice: decimal(120) } as const;
    const check = (order: EntryOrder) => stopLoss(order, state(), LIMITS)?.actual ?? null;
    expect(check(entry({ pricing: limit, protection: at(78.5) }))).toBeNull();
    expect(check(entry({ pricing: limit, protection: at(76) }))).toBeCloseTo(0.05, 12);
    expect(check(entry({ pricing: stop, protection: at(118) }))).toBeNull();
    expect(check(entry({ pricing: stop, protection: at(98.5) }))).toBeCloseTo(0.179, 3);
  });

  it('lets an entry go without a stop where the limit is off', () => {
    expect(stopLoss(stopped(null), state(), NO_LIMITS)).toBeNull();
  });

  it.each([
    ['with a limit', LIMITS, 0.02],
    ['without one', NO_LIMITS, null],
  ])('tells how far away a stop is that it lets pass, %s', (_title, limits, limit) => {
    const order = stopped({ kind: 'price', price: 99 });
    expect(assessStop(order, state(), limits)).toEqual({
      layer: 'position',
      check: 'stop-loss',
      limit,
      actual: 0.01,
      passed: true,
    });
  });

  it('names the missing stop', () => {
    expect(stopLoss(stopped(null), state(), LIMITS)?.message).toBe(
      'entry o1: a stop-loss at most 0.02 of the price away was expected, was "none"',
    );
  });
});
