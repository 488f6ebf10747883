import { describe, expect, it } from 'vitest';
import type { AssetClass } from '../../../src/core/instrument.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Liquidity } from '../../../src/core/fill.ts';
import { commissionModel, type CommissionSettings } from '../../../src/execution/commission.ts';

const DEFAULTS: CommissionSettings = {
  crypto: { maker: 0.004, taker: 0.006 },
  stock: { maker: 0, taker: 0 },
  venueFees: 'collected',
  venues: { kraken: { maker: 0.0025, taker: 0.004 }, rebater: { maker: -0.0001, taker: 0.001 } },
};

interface Row {
  readonly fact: string;
  readonly settings?: Partial<CommissionSettings>;
  readonly exchange?: string;
  readonly assetClass?: AssetClass;
  /** Maker and taker as the venue told them. */
  readonly collected?: readonly [maker: string, taker: string];
  readonly liquidity?: Liquidity;
  readonly quantity?: string;
  readonly price?: string;
  readonly fee: string;
}

function feesOf(collected: Row['collected']) {
  if (collected === undefined) return null;
  const [maker, taker] = collected;
  return { maker: Decimal.parse(maker), taker: Decimal.parse(taker) };
}

describe('commission', () => {
  it.each<Row>([
    // 2 × 150 × 0.006.
    { fact: 'charges the taker rate', fee: '1.8' },
    // 2 × 150 × 0.004.
    { fact: 'charges the maker rate', liquidity: 'maker', fee: '1.2' },
    { fact: 'charges nothing for stocks by default', assetClass: 'stock', fee: '0' },
    // 2 × 150 × 0.004.
    { fact: "takes an exchange's own taker rate first", exchange: 'kraken', fee: '1.2' },
    // 2 × 150 × 0.001.
    { fact: 'takes what the venue told', collected: ['0.0005', '0.001'], fee: '0.3' },
    // 2 × 150 × 0.0005.
    {
      fact: 'takes what the venue told of makers',
      collected: ['0.0005', '0.001'],
      liquidity: 'maker',
      fee: '0.15',
    },
    // 2 × 150 × 0.004.
    {
      fact: 'takes what is set for an exchange before what it told',
      exchange: 'kraken',
      collected: ['0.0005', '0.001'],
      fee: '1.2',
    },
    // 2 × 150 × 0.006.
    {
      fact: 'ignores what the venue told where told to',
      settings: { venueFees: 'ignore' },
      collected: ['0.0005', '0.001'],
      fee: '1.8',
    },
    {
      fact: 'knows no exchange by the name of an inherited property',
      exchange: 'constructor',
      fee: '1.8',
    },
    // 2 × 0.005.
    {
      fact: 'adds an amount per share to stocks',
      settings: { perShare: 0.005 },
      assetClass: 'stock',
      fee: '0.01',
    },
    { fact: 'adds no amount per share to crypto', settings: { perShare: 0.005 }, fee: '1.8' },
    { fact: 'charges the minimum at least', settings: { minimum: 2.5 }, fee: '2.5' },
    { fact: 'charges more than the minimum', settings: { minimum: 1.5 }, fee: '1.8' },
    // 0.00000001 × 150.1 × 0.006 = 0.000000009006.
    { fact: 'rounds a fee up to 1e-8', quantity: '0.00000001', price: '150.1', fee: '0.00000001' },
    // −0.00001 × 1.5 × 0.0001 = −0.0000000015.
    {
      fact: 'rounds a rebate down to 1e-8',
      exchange: 'rebater',
      liquidity: 'maker',
      quantity: '0.00001',
      price: '1.5',
      fee: '0',
    },
    // −2 × 150 × 0.0001.
    { fact: 'pays a rebate', exchange: 'rebater', liquidity: 'maker', fee: '-0.03' },
  ])('$fact', (row) => {
    const model = commissionModel({ ...DEFAULTS, ...row.settings }, row.exchange ?? 'coinbase');
    const fee = model({
      instrument: { assetClass: row.assetClass ?? 'crypto', fees: feesOf(row.collected) },
      liquidity: row.liquidity ?? 'taker',
      quantity: Decimal.parse(row.quantity ?? '2'),
      price: Decimal.parse(row.price ?? '150'),
    });
    expect(fee.toString()).toBe(row.fee);
  });
});
