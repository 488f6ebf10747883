import { describe, expect, it } from 'vitest';
import type { AssetClass } from '../../../src/core/instrument.ts';
import { Decimal } from '../../../src/core/decimal.ts';
import type { Liquidity } from '../../../src/core/fill.ts';
import { commissionModel } from '../../../src/execution/commission.ts';
import type { CommissionSettings } from '../../../src/execution/commission/commission-settings.ts';
import { feeSchedule } from '../../../src/execution/commission/fee-schedule.ts';

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
  readonly isFirstFill?: boolean;
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
    // 2 × 150 × 0.006 + 3.
    { fact: 'adds an amount per order', settings: { perOrder: 3 }, fee: '4.8' },
    {
      fact: 'charges the amount per order with the first fill alone',
      settings: { perOrder: 3 },
      isFirstFill: false,
      fee: '1.8',
    },
    {
      fact: 'holds rate and amount per order together against the minimum',
      settings: { perOrder: 3, minimum: 4.5 },
      fee: '4.8',
    },
    { fact: 'of none is nothing', settings: { model: 'none', perOrder: 3 }, fee: '0' },
    // 2 × 0.005 + 0.5.
    {
      fact: 'per share knows no rates',
      settings: { model: 'per_share', perShare: 0.005, perOrder: 0.5 },
      fee: '0.51',
    },
    {
      fact: 'per share charges the minimum at least',
      settings: { model: 'per_share', perShare: 0.005, minimum: 1 },
      fee: '1',
    },
    // 2 × 150 × 0.001 = 0.3, below the minimum.
    {
      fact: 'per share charges no more than a fraction of the value, whatever the minimum',
      settings: { model: 'per_share', perShare: 0.005, minimum: 1, maxFraction: 0.001 },
      fee: '0.3',
    },
  ])('$fact', (row) => {
    const model = commissionModel({ ...DEFAULTS, ...row.settings }, row.exchange ?? 'coinbase');
    const fee = model({
      instrument: { assetClass: row.assetClass ?? 'crypto', fees: feesOf(row.collected) },
      liquidity: row.liquidity ?? 'taker',
      quantity: Decimal.parse(row.quantity ?? '2'),
      price: Decimal.parse(row.price ?? '150'),
      isFirstFill: row.isFirstFill ?? true,
    });
    expect(fee.toString()).toBe(row.fee);
  });
});

const UNSET: CommissionSettings = {
  crypto: { maker: null, taker: null },
  stock: { maker: null, taker: null },
  venueFees: 'collected',
  venues: {},
};
const COLLECTED = { maker: Decimal.parse('0.0011'), taker: Decimal.parse('0.0012') };

interface Precedence {
  readonly fact: string;
  readonly settings?: Partial<CommissionSettings>;
  readonly exchange?: string;
  readonly assetClass?: AssetClass;
  readonly collected?: boolean;
  readonly rates: string;
  readonly origin: string;
}

const BY_NAME = { venues: { kraken: { maker: 0.01, taker: 0.02 } } };
const BY_CLASS = { crypto: { maker: 0.03, taker: 0.04 } };

describe('rates', () => {
  it.each<Precedence>([
    {
      fact: 'set for the exchange go before all',
      settings: { ...BY_NAME, ...BY_CLASS },
      collected: true,
      rates: '0.01/0.02',
      origin: 'exchange_setting',
    },
    {
      fact: 'collected go before those of the asset class',
      settings: BY_CLASS,
      collected: true,
      rates: '0.0011/0.0012',
      origin: 'collected',
    },
    {
      fact: 'set for the asset class go before those known of the exchange',
      settings: BY_CLASS,
      rates: '0.03/0.04',
      origin: 'asset_class_setting',
    },
    {
      fact: 'set for the asset class hold where collected ones are ignored',
      settings: { ...BY_CLASS, venueFees: 'ignore' },
      collected: true,
      rates: '0.03/0.04',
      origin: 'asset_class_setting',
    },
    {
      fact: 'of which one alone is set take the other from what is known',
      settings: { crypto: { maker: null, taker: 0.04 } },
      rates: '0.0025/0.04',
      origin: 'asset_class_setting',
    },
    { fact: 'are those known of kraken', rates: '0.0025/0.004', origin: 'venue_default' },
    {
      fact: 'are those known of binance',
      exchange: 'binance',
      rates: '0.001/0.001',
      origin: 'venue_default',
    },
    {
      fact: 'are those known of coinbase',
      exchange: 'coinbase',
      rates: '0.004/0.006',
      origin: 'venue_default',
    },
    {
      fact: 'are those known of alpaca for crypto',
      exchange: 'alpaca',
      rates: '0.0015/0.0025',
      origin: 'venue_default',
    },
    {
      fact: 'are those known of alpaca for stocks',
      exchange: 'alpaca',
      assetClass: 'stock',
      rates: '0/0',
      origin: 'venue_default',
    },
    {
      fact: 'of crypto are assumed of an exchange nobody knows',
      exchange: 'sample',
      rates: '0.004/0.006',
      origin: 'general_default',
    },
    {
      fact: 'of stocks are assumed of an exchange known for crypto alone',
      assetClass: 'stock',
      rates: '0/0',
      origin: 'general_default',
    },
    {
      fact: 'are none where the model has none',
      settings: { ...BY_NAME, model: 'none' },
      collected: true,
      rates: '0/0',
      origin: 'commission_model',
    },
  ])('$fact', ({ settings = {}, exchange = 'kraken', assetClass = 'crypto', ...row }) => {
    const schedule = feeSchedule({ ...UNSET, ...settings }, exchange);
    const fees = row.collected === true ? COLLECTED : null;
    const { rates, origin } = schedule({ assetClass, fees });
    expect(`${rates.maker.toString()}/${rates.taker.toString()}`).toBe(row.rates);
    expect(origin).toBe(row.origin);
  });
});
