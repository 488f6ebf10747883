import { describe, expect, it } from 'vitest';
import { slippageModel, type SlippageSettings } from '../../../src/execution/slippage.ts';

interface Row {
  readonly settings: SlippageSettings;
  readonly price: number;
  readonly quantity: number;
  readonly barVolume: number;
  /** Fraction of the price lost, computed by hand. */
  readonly fraction: number;
}

const VOLUME_BASED = { model: 'volume_based', base: 0.001, perThousand: 0.00001 } as const;
const VOLUME_SHARE = { model: 'volume_share', impact: 0.1 } as const;

const ROWS: readonly Row[] = [
  // 200 × 50 = 10,000 of notional: 0.001 + 10 × 0.00001.
  { settings: VOLUME_BASED, price: 200, quantity: 50, barVolume: 0, fraction: 0.0011 },
  // Nothing but the base for a quantity of zero.
  { settings: VOLUME_BASED, price: 200, quantity: 0, barVolume: 0, fraction: 0.001 },
  {
    settings: { model: 'fixed_bps', bps: 5 },
    price: 80,
    quantity: 9,
    barVolume: 1,
    fraction: 5e-4,
  },
  // Half of a spread of 0.4 %.
  {
    settings: { model: 'spread', fraction: 0.004 },
    price: 80,
    quantity: 9,
    barVolume: 1,
    fraction: 0.002,
  },
  // 20 of 1,000: a share of 0.02; 0.1 × 0.02² = 0.00004.
  { settings: VOLUME_SHARE, price: 50, quantity: 20, barVolume: 1000, fraction: 0.00004 },
  // More than the bar traded counts as all of it.
  { settings: VOLUME_SHARE, price: 50, quantity: 2000, barVolume: 1000, fraction: 0.1 },
  { settings: VOLUME_SHARE, price: 50, quantity: 20, barVolume: 0, fraction: 0.1 },
];

describe('slippage', () => {
  it.each(ROWS)('$settings.model moves the price by $fraction against the order', (row) => {
    const slip = slippageModel(row.settings);
    const { price, quantity, barVolume, fraction } = row;
    expect(slip({ side: 'buy', price, quantity, barVolume })).toBeCloseTo(
      price * (1 + fraction),
      10,
    );
    expect(slip({ side: 'sell', price, quantity, barVolume })).toBeCloseTo(
      price * (1 - fraction),
      10,
    );
  });
});
