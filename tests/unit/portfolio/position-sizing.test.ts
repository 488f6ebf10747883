import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  sizePosition,
  type SizingInput,
  type SizingSettings,
} from '../../../src/portfolio/position-sizing.ts';
import { BTC, dec } from '../../support/orders.ts';

const INPUT: SizingInput = {
  equity: 100_000,
  capital: 100_000,
  price: 200,
  confidence: 1,
  stopFraction: 0.02,
  atr: 4,
  maxPositionFraction: null,
  buyingPower: 100_000,
  costFraction: null,
  instrument: BTC,
};
const RISK_BASED: SizingSettings = { method: 'risk_based', riskPerTrade: 0.01 };
const ALL_IN: SizingSettings = {
  method: 'all_in',
  fraction: 0.5,
  evaluateAt: 'fill',
  fixedFee: 'once',
};

describe('sizePosition', () => {
  it.each<[string, SizingSettings, Partial<SizingInput>, string]>([
    // 100,000 × 0.01 / (200 × 0.02) = 250
    ['risk based: the stop loses the risk', RISK_BASED, {}, '250'],
    // half of that
    ['risk based: scaled by confidence', RISK_BASED, { confidence: 0.5 }, '125'],
    // 100,000 × 0.01 / 200 = 5
    ['risk based: no stop risks the whole price', RISK_BASED, { stopFraction: null }, '5'],
    // cap 100,000 × 0.10 / 200 = 50
    ['capped by the position limit', RISK_BASED, { maxPositionFraction: 0.1 }, '50'],
    // cash 1,000 / (200 × 1.25) = 4
    ['capped by cash with costs', RISK_BASED, { buyingPower: 1000, costFraction: 0.25 }, '4'],
    // 100,000 × 0.05 / 200 = 25
    ['fixed fraction', { method: 'fixed_fraction', fraction: 0.05 }, {}, '25'],
    // 3,000 / 200 = 15
    ['fixed notional', { method: 'fixed_notional', notional: 3000 }, {}, '15'],
    // 100,000 × 0.01 / (4 × 2) = 125
    [
      'volatility target',
      { method: 'volatility_target', riskPerTrade: 0.01, atrPeriod: 14, atrMultiple: 2 },
      {},
      '125',
    ],
    [
      'volatility target before the range is known',
      { method: 'volatility_target', riskPerTrade: 0.01, atrPeriod: 14, atrMultiple: 2 },
      { atr: null },
      '0',
    ],
    // f = 0.6 − 0.4 / 2 = 0.4, half of it 0.2: 100,000 × 0.2 / 200 = 100
    [
      'half Kelly',
      { method: 'kelly_fraction', winRate: 0.6, payoffRatio: 2, fraction: 0.5, cap: 0.25 },
      {},
      '100',
    ],
    // cap 0.1: 50
    [
      'Kelly under its cap',
      { method: 'kelly_fraction', winRate: 0.6, payoffRatio: 2, fraction: 0.5, cap: 0.1 },
      {},
      '50',
    ],
    // f = 0.3 − 0.7 / 1 < 0
    [
      'Kelly without an edge',
      { method: 'kelly_fraction', winRate: 0.3, payoffRatio: 1, fraction: 0.5, cap: 0.25 },
      {},
      '0',
    ],
    // 7 × 0.5
    [
      'fixed quantity, scaled by confidence',
      { method: 'fixed_quantity', quantity: 7 },
      { confidence: 0.5 },
      '3.5',
    ],
    // 100,000 × 0.5 / (200 × 1.25) = 200
    ['all in: a share of the funds, costs included', ALL_IN, { costFraction: 0.25 }, '200'],
    // 60,000 × 0.5 / 200 = 150: not of the equity
    ['all in: of what is free', ALL_IN, { buyingPower: 60_000, costFraction: 0 }, '150'],
    ['all in: of nothing', ALL_IN, { buyingPower: -1, costFraction: 0 }, '0'],
    // 60,000 × 0.05 / 200 = 15
    [
      'a share of the capital: methods size by it',
      { method: 'fixed_fraction', fraction: 0.05 },
      { capital: 60_000 },
      '15',
    ],
    // cap 100,000 × 0.10 / 200 = 50, of the account's equity
    [
      'a share of the capital: limits do not',
      { method: 'fixed_fraction', fraction: 1 },
      { capital: 60_000, maxPositionFraction: 0.1 },
      '50',
    ],
    ['no cash left', RISK_BASED, { buyingPower: 0, costFraction: 0 }, '0'],
    ['cash promised twice over', RISK_BASED, { buyingPower: -5, costFraction: 0 }, '0'],
    ['a price that is not a number', RISK_BASED, { price: Number.NaN }, '0'],
  ])('%s', (_title, settings, change, quantity) => {
    expect(sizePosition(settings, { ...INPUT, ...change }).toString()).toBe(quantity);
  });

  it('rounds down to the lot step', () => {
    const instrument = { ...BTC, lotStep: dec('0.1') };
    // 1,000 / 300 = 3.33…
    const settings: SizingSettings = { method: 'fixed_notional', notional: 1000 };
    expect(sizePosition(settings, { ...INPUT, price: 300, instrument }).toString()).toBe('3.3');
  });

  it('never asks for more than the position limit as risk computes it', () => {
    const number = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    const fraction = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(number, number, fraction, (equity, price, maxPositionFraction) => {
        const input = { ...INPUT, equity, price, maxPositionFraction };
        const quantity = sizePosition({ method: 'fixed_fraction', fraction: 1 }, input);
        expect(quantity.toNumber() * price).toBeLessThanOrEqual(equity * maxPositionFraction);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
