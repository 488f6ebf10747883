import * as z from 'zod';
import { ADJUSTMENTS } from '../core/instrument.ts';
import { portfolioSection } from './portfolio-schema.ts';
import {
  fraction,
  line,
  loopbackUrl,
  name,
  notNegative,
  positive,
  reportRepeats,
  section,
  symbol,
  symbols,
  SYMBOLS_MAX,
  timeframe,
  wholeNumber,
} from './schema-fields.ts';

const system = section({
  log_level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Least severity that is logged'),
});

const database = section({
  path: line().default('data/quantsage.db').describe('SQLite file; made when it does not exist'),
});

const data = section({
  exchange: name().default('coinbase').describe('Where bars come from, as in the database'),
  symbols: symbols().prefault(['BTC/USD', 'ETH/USD']).describe('What to trade'),
  timeframe: timeframe().default('1h').describe('Length of a bar'),
  stock_exchange: name()
    .default('alpaca')
    .describe('Where bars of stocks come from, as in the database'),
  adjustment: z
    .enum(ADJUSTMENTS)
    .default('raw')
    .describe('Stocks: prices as traded, or adjusted by the vendor for splits, dividends or all'),
  splits: z
    .enum(['adjust', 'refuse', 'trade'])
    .default('adjust')
    .describe('Splits found in raw prices: carry prices on across them, refuse, or trade the jump'),
  history_days: wholeNumber(1, 20_000)
    .default(365)
    .describe('How far back "collect" goes for a series that is not there yet'),
  grace_seconds: wholeNumber(0, 3600)
    .default(5)
    .describe('How long after its close a bar is taken for finished'),
  timeout_seconds: wholeNumber(1, 300)
    .default(20)
    .describe('How long an exchange may take to answer, the whole body included'),
  retries: wholeNumber(0, 20).default(6).describe('How often a read that failed is tried again'),
  straggler_seconds: wholeNumber(0, 3600)
    .default(10)
    .describe('Paper and live: how long the bars of an instant wait for symbols that are late'),
  stale_after_seconds: wholeNumber(1, 2_000_000)
    .nullable()
    .default(null)
    .describe(
      'Paper and live: bars that closed longer ago are not decided on; null: two bars, at least a ' +
        'minute',
    ),
  warmup_bars: wholeNumber(0, 1_000_000)
    .nullable()
    .default(null)
    .describe('Paper and live: bars to warm up on; null: as many as the strategies need'),
  quote_seconds: wholeNumber(1, 3600)
    .default(5)
    .describe('Paper and live: how often prices are asked for while orders wait for them'),
  alpaca_feed: z
    .enum(['iex', 'sip', 'otc', 'boats'])
    .default('iex')
    .describe("Alpaca's source of bars; all but iex need a subscription for recent ones"),
  endpoints: z
    .record(name(), loopbackUrl())
    .readonly()
    .prefault({})
    .describe('Servers on this machine to ask in place of exchanges: simulators and tests'),
  outlier_sigma: positive(1000)
    .default(5)
    .describe('A return this many standard deviations from the mean is an outlier'),
  outlier_window: wholeNumber(30, 10_000)
    .default(100)
    .describe('Bars that mean and standard deviation are taken over'),
  outlier_policy: z
    .enum(['keep', 'quarantine'])
    .default('keep')
    .describe('Keep outliers, flagged, or leave them out of the series'),
});

const instrument = section({
  symbol: symbol().describe('The instrument these values are of'),
  tick_size: notNegative()
    .nullable()
    .default(null)
    .describe('Price step; null as the venue has it'),
  lot_step: notNegative()
    .nullable()
    .default(null)
    .describe('Quantity step; null as the venue has it'),
  min_notional: notNegative()
    .nullable()
    .default(null)
    .describe('Least value of an order in quote currency; null as the venue has it'),
});

const execution = section({
  fill_at: z
    .enum(['next_open', 'close'])
    .default('next_open')
    .describe('Where market orders fill: at the next open (honest) or at once at the close'),
  max_volume_share: fraction()
    .nullable()
    .default(0.025)
    .describe("Largest share of a bar's volume that may fill; null for no limit"),
  entry_bars: wholeNumber(1, 10_000)
    .nullable()
    .default(3)
    .describe('Bars an entry may take to fill; what is left is cancelled. null for no limit'),
  limit_fill: z
    .enum(['through', 'touch'])
    .default('through')
    .describe('A limit order fills when the bar trades through its price, or touches it'),
  trailing_reference: z
    .enum(['extreme', 'close'])
    .default('extreme')
    .describe('What moves a trailing stop: highs (for a buy, lows) of bars, or their closes'),
  entry_bar_exits: z
    .enum(['cautious', 'at_open', 'never'])
    .default('cautious')
    .describe(
      'Whether stop-loss and take-profit meet the bar of their entry: always, at worst; after a ' +
        'market entry at its open; or from the next bar on',
    ),
  short_of_funds: z
    .enum(['reduce', 'cancel'])
    .default('reduce')
    .describe(
      'An entry that funds do not pay for when it fills: cut to what they do, or cancelled whole',
    ),
  close_at_end: z.boolean().default(true).describe('Close open positions at the end of a backtest'),
  close_at_end_price: z
    .enum(['close', 'open', 'previous_close'])
    .default('close')
    .describe(
      'Price they are closed at: the last close; or, as backtesting.py does, the open of the last ' +
        'bar, and the close before it where orders fill at the close. Both known only afterwards',
    ),
  enforce_ticks: z
    .boolean()
    .default(true)
    .describe('Apply tick size, lot step and minimum notional of the instrument'),
  instruments: z
    .array(instrument)
    .max(SYMBOLS_MAX)
    .superRefine((list, context) =>
      reportRepeats(
        list.map((each) => each.symbol),
        context,
        ['symbol'],
      ),
    )
    .readonly()
    .prefault([])
    .describe('Corrections to what the venue says of single instruments'),
});

const live = section({
  enabled: z
    .boolean()
    .default(false)
    .describe('Whether "quantsage live" may trade real money; it asks for --confirm-live besides'),
  on_exit: z
    .enum(['cancel_entries', 'keep', 'flatten'])
    .default('cancel_entries')
    .describe(
      'Orders at an orderly end: entries cancelled and protective ones left; all left; or every ' +
        'position closed',
    ),
  max_errors: wholeNumber(1, 10_000)
    .default(20)
    .describe(
      'Faults of the exchange within ten minutes that halt trading; an outage counts as one',
    ),
  max_creates_per_minute: wholeNumber(1, 10_000)
    .default(60)
    .describe('Orders of any kind sent within sixty seconds, exits too: more is a runaway'),
  alpaca_paper: z
    .boolean()
    .default(false)
    .describe("Trade one of Alpaca's own paper accounts in place of a real one"),
  allow_withdrawal_keys: z
    .boolean()
    .default(false)
    .describe('Trade with keys that may also withdraw; keys without that right are safer'),
});

const dashboard = section({
  host: line()
    .default('127.0.0.1')
    .describe('Address to listen on; 127.0.0.1 is this machine only'),
  port: wholeNumber(1, 65_535).default(8050).describe('TCP port'),
});

const monitoring = section({
  equity_interval: timeframe().default('1h').describe('How often the equity curve is kept'),
  dashboard: dashboard.prefault({}),
});

/** The sections of `config/config.yaml`. */
export const GENERAL_SECTIONS = {
  system: system.prefault({}).describe('The program itself'),
  database: database.prefault({}).describe('Where everything is stored'),
  data: data.prefault({}).describe('Market data'),
  portfolio: portfolioSection.prefault({}).describe('The account'),
  execution: execution.prefault({}).describe('How orders fill'),
  live: live.prefault({}).describe('Trading real money'),
  monitoring: monitoring.prefault({}).describe('Watching a run'),
} as const;
