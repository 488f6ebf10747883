import * as z from 'zod';
import { BREACH_POLICIES } from '../core/risk.ts';
import {
  fraction,
  name,
  notNegative,
  positive,
  properFraction,
  rate,
  section,
  wholeNumber,
} from './schema-fields.ts';

const stop = () => properFraction().nullable();
const count = () => wholeNumber(1, 1_000_000).nullable();

const position = section({
  max_fraction: fraction()
    .nullable()
    .default(0.1)
    .describe('Largest share of equity in one position'),
  stop_loss: section({
    crypto: stop().default(0.02).describe('Crypto'),
    stock: stop().default(0.03).describe('Stocks'),
  })
    .prefault({})
    .describe('Farthest a stop-loss may lie from the entry, as a fraction of the price'),
  take_profit_ratio: positive(1000)
    .nullable()
    .default(2)
    .describe('Take-profit distance in stop-loss distances: 2 is 2:1'),
});

const correlation = section({
  threshold: fraction()
    .nullable()
    .default(0.8)
    .describe('Symbols whose returns correlate above this form a group'),
  lookback_bars: wholeNumber(2, 10_000)
    .default(100)
    .describe('Returns a correlation is taken over'),
  max_group_exposure: z
    .number('a fraction from 0 to 1')
    .gte(0, 'a fraction from 0 to 1')
    .lte(1, 'a fraction from 0 to 1')
    .nullable()
    .default(0.2)
    .describe('Largest share of equity in one group; 0 refuses a correlated entry outright'),
});

const system = section({
  max_daily_loss: fraction()
    .nullable()
    .default(0.05)
    .describe("Largest loss of one UTC day, as a fraction of the day's opening equity"),
  max_drawdown: fraction()
    .nullable()
    .default(0.2)
    .describe('Largest fraction that equity may lie below its peak'),
  daily_loss_reset: z
    .enum(['next_day', 'manual'])
    .default('next_day')
    .describe('When a halt for daily loss ends: with the next UTC day, or only by hand'),
  on_breach: z
    .enum(BREACH_POLICIES)
    .default('halt')
    .describe('What happens to open positions: keep their exits going, or close all at once'),
  max_orders_per_minute: count().default(60).describe('Entries within any sixty seconds'),
  max_orders_per_day: count().default(1000).describe('Entries within one UTC day'),
  max_order_notional: positive()
    .nullable()
    .default(null)
    .describe('Largest value of one entry, in quote currency'),
  max_daily_notional: positive()
    .nullable()
    .default(null)
    .describe('Largest value of all entries of one UTC day, filled or not, in quote currency'),
});

const riskLimits = section({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'false: none of the limits below counts, for research alone; reports say so, and no other ' +
        'mode than a backtest accepts it',
    ),
  position: position.prefault({}).describe('Layer 1: one position'),
  symbol: section({
    max_exposure: fraction()
      .nullable()
      .default(0.15)
      .describe('Largest share of equity in one symbol, all strategies and open orders counted'),
  })
    .prefault({})
    .describe('Layer 2: one symbol'),
  portfolio: section({
    max_invested: fraction()
      .nullable()
      .default(0.8)
      .describe('Largest share of equity in all positions together'),
    correlation: correlation.prefault({}).describe('Symbols that move together'),
  })
    .prefault({})
    .describe('Layer 3: all positions'),
  system: system.prefault({}).describe('Layer 4: when to stop trading'),
});

const MAKER = 'a fraction from -0.01 to 0.1';
const feeRates = {
  maker: z.number(MAKER).gte(-0.01, MAKER).lte(0.1, MAKER),
  taker: rate(),
};
const MAKER_TEXT = 'Fee of an order that waited in the book, a fraction of its value';
const TAKER_TEXT = 'Fee of an order that filled at once, a fraction of its value';

const AS_KNOWN = 'null: as is usual at the exchange';

function ratesOfClass() {
  return section({
    maker: feeRates.maker.nullable().default(null).describe(`${MAKER_TEXT}; ${AS_KNOWN}`),
    taker: feeRates.taker.nullable().default(null).describe(`${TAKER_TEXT}; ${AS_KNOWN}`),
  }).prefault({});
}

const commission = section({
  model: z
    .enum(['maker_taker', 'per_share', 'none'])
    .default('maker_taker')
    .describe('maker_taker: rates and amounts; per_share: amounts alone; none: no fees'),
  venue_fees: z
    .enum(['collected', 'ignore'])
    .default('collected')
    .describe('Fees that were collected with the markets go before those of the asset class'),
  crypto: ratesOfClass().describe('Fees of crypto, where none were set for or collected from it'),
  stock: ratesOfClass().describe('Fees of stocks, where none were set for or collected from it'),
  venues: z
    .record(
      name(),
      section({
        maker: feeRates.maker.describe(MAKER_TEXT),
        taker: feeRates.taker.describe(TAKER_TEXT),
      }),
    )
    .readonly()
    .prefault({})
    .describe('Fees of single exchanges, in place of those of the asset class'),
  per_order: notNegative(1000)
    .exactOptional()
    .describe('Quote currency an order, charged with its first fill'),
  per_share: notNegative(1000)
    .exactOptional()
    .describe('Quote currency a share; with maker_taker of stocks only'),
  minimum: notNegative(1000).exactOptional().describe('Least fee of one fill, in quote currency'),
  max_fraction: fraction()
    .exactOptional()
    .describe('Most that per_share charges for one fill, a fraction of its value'),
});

const APPLIES_TO = ['all', 'entries'] as const;
function appliesTo() {
  return z.enum(APPLIES_TO).default('all').describe('Which orders slip: all, or entries alone');
}

const slippage = z.discriminatedUnion('model', [
  section({
    model: z.literal('volume_based'),
    base: rate().default(0.001).describe('Fraction of the price every order loses'),
    per_thousand: rate()
      .default(0.00001)
      .describe('Further fraction of the price for each 1000 of the value of a fill'),
    applies_to: appliesTo(),
  }),
  section({
    model: z.literal('fixed_bps'),
    bps: notNegative(1000).describe('Hundredths of a percent of the price'),
    applies_to: appliesTo(),
  }),
  section({
    model: z.literal('spread'),
    fraction: rate().describe('Bid-ask spread as a fraction of the price; an order loses half'),
    applies_to: appliesTo(),
  }),
  section({
    model: z.literal('volume_share'),
    impact: notNegative(10)
      .default(0.1)
      .describe('Price fraction lost when a fill is the whole volume of its bar'),
    applies_to: appliesTo(),
  }),
]);

const MULTIPLE = 'a number from 1 to 100';
const OVERSHOOT = 'a fraction from 0 to 1';
const sensitivity = section({
  slippage_multiple: z
    .number(MULTIPLE)
    .gte(1, MULTIPLE)
    .lte(100, MULTIPLE)
    .default(2)
    .describe('How many times the slippage of the run pessimistic fills pay'),
  stop_overshoot: z
    .number(OVERSHOOT)
    .gte(0, OVERSHOOT)
    .lte(1, OVERSHOOT)
    .default(0.5)
    .describe('How far pessimistic stops fill on the way to the worst price of their bar'),
});

const positionSizing = z.discriminatedUnion('method', [
  section({
    method: z.literal('risk_based'),
    risk_per_trade: fraction().default(0.01).describe('Equity lost when the stop-loss is hit'),
  }),
  section({
    method: z.literal('fixed_fraction'),
    fraction: fraction().describe('Share of equity in each position'),
  }),
  section({
    method: z.literal('fixed_notional'),
    notional: positive().describe('Value of each position, in quote currency'),
  }),
  section({
    method: z.literal('volatility_target'),
    risk_per_trade: fraction()
      .default(0.01)
      .describe('Equity lost on a move of the multiple below'),
    atr_period: wholeNumber(1, 1000).default(14).describe('Bars of the average true range'),
    atr_multiple: positive(100).default(2).describe('Average true ranges the risk is taken over'),
  }),
  section({
    method: z.literal('kelly_fraction'),
    win_rate: fraction().describe('Share of trades that win'),
    payoff_ratio: positive(1000).describe('Mean win divided by mean loss'),
    fraction: fraction().default(0.5).describe('Share of the full Kelly bet'),
    cap: fraction().default(0.25).describe('Largest share of equity in one position'),
  }),
  section({
    method: z.literal('fixed_quantity'),
    quantity: positive().describe('Base units of each position: shares, coins'),
  }),
  section({
    method: z.literal('all_in'),
    fraction: fraction().default(1).describe('Share of the free funds in each position'),
    evaluate_at: z
      .enum(['fill', 'decision'])
      .default('fill')
      .describe('Funds and price that count: those of the fill, or of the close decided on'),
    fixed_fee: z
      .enum(['once', 'per_unit'])
      .default('once')
      .describe('Provide for a fixed fee once, or (as backtesting.py) for every unit'),
  }),
]);

/** The sections of `config/risk.yaml`. */
export const RISK_SECTIONS = {
  risk_limits: riskLimits.prefault({}).describe('What no order may exceed; null switches one off'),
  transaction_costs: section({
    commission: commission.prefault({}).describe('Fees'),
    slippage: slippage
      .prefault({ model: 'volume_based' })
      .describe('How much worse than the quoted price orders fill'),
    sensitivity: sensitivity
      .prefault({})
      .describe('What "backtest --fills pessimistic" takes fills to be'),
  })
    .prefault({})
    .describe('What trading costs'),
  position_sizing: positionSizing
    .prefault({ method: 'risk_based' })
    .describe('How large a position is'),
} as const;

/** Mappings whose keys depend on one of them, with that key and its default. */
export const CHOICES = [
  { path: ['transaction_costs', 'slippage'], key: 'model', value: 'volume_based' },
  { path: ['position_sizing'], key: 'method', value: 'risk_based' },
] as const;
