import { describe, expect, it } from 'vitest';
import { slippageModel, type SlippageSettings } from '../../../src/execution/slippage.ts';
import { slippedPrice } from '../../../src/execution/slippage/slippage-model.ts';

interface Row {
  readonly settings: SlippageSettings;
  readonly price: number;
  readonly quantity: number;
  readonly barVolume: number;
  /** Fractions of the price lost, computed by hand. */
  readonly spread: number;
  readonly impact: number;
}

const VOLUME_BASED = { model: 'volume_based', base: 0.001, perThousand: 0.00001 } as const;
const VOLUME_SHARE = { model: 'volume_share', impact: 0.1 } as const;

const ROWS: readonly Row[] = [
  // 200 × 50 = 10,000 of notional: 0.001 + 10 × 0.00001.
  { settings: VOLUME_BASED, price: 200, quantity: 50, barVolume: 0, spread: 0.001, impact: 0.0001 },
  // Nothing but the base for a quantity of zero.
  { settings: VOLUME_BASED, price: 200, quantity: 0, barVolume: 0, spread: 0.001, impact: 0 },
  {
    settings: { model: 'fixed_bps', bps: 5 },
    price: 80,
    quantity: 9,
    barVolume: 1,
    spread: 5e-4,
    impact: 0,
  },
  // Half of a spread of 0.4 %.
  {
    settings: { model: 'spread', fraction: 0.004 },
    price: 80,
    quantity: 9,
    barVolume: 1,
    spread: 0.002,
    impact: 0,
  },
  // 20 of 1,000: a share of 0.02; 0.1 × 0.02² = 0.00004.
  { settings: VOLUME_SHARE, price: 50, quantity: 20, barVolume: 1000, spread: 0, impact: 0.00004 },
  // More than the bar traded counts as all of it.
  { settings: VOLUME_SHARE, price: 50, quantity: 2000, barVolume: 1000, spread: 0, impact: 0.1 },
  { settings: VOLUME_SHARE, price: 50, quantity: 20, barVolume: 0, spread: 0, impact: 0.1 },
];

describe('slippage', () => {
  it.each(ROWS)('of $settings.model is $spread spread and $impact impact', (row) => {
    const { price, quantity, barVolume, spread, impact } = row;
    const lost = slippageModel(row.settings)({
      side: 'buy',
      role: 'exit',
      price,
      quantity,
      barVolume,
    });
    expect(lost.spread).toBeCloseTo(spread, 12);
    expect(lost.impact).toBeCloseTo(impact, 12);
  });

  it('moves the price against the order by both parts together', () => {
    const lost = { spread: 0.01, impact: 0.02 };
    expect(slippedPrice('buy', 200, lost)).toBeCloseTo(206, 10);
    expect(slippedPrice('sell', 200, lost)).toBeCloseTo(194, 10);
  });

  it.each([
    { role: 'entry', spread: 0.0005 },
    { role: 'exit', spread: 0 },
    { role: 'stop-loss', spread: 0 },
    { role: 'take-profit', spread: 0 },
  ] as const)('for entries alone leaves $role a spread of $spread', ({ role, spread }) => {
    const slip = slippageModel({ model: 'fixed_bps', bps: 5, appliesTo: 'entries' });
    const lost = slip({ side: 'sell', role, price: 80, quantity: 9, barVolume: 1 });
    expect(lost).toEqual({ spread, impact: 0 });
  });
});
