import { timeframeMs, type Timeframe } from '../../../src/core/time.ts';
import type { CandleMarket, MarketOptions, MarketSketch, WireCandle } from './candle-market.ts';
import {
  asSeconds,
  asText,
  Refusal,
  startLoopback,
  type Asked,
  type LoopbackServer,
  type WireFormat,
} from './loopback-server.ts';

const GRANULARITIES = new Map<string, Timeframe>([
  ['ONE_MINUTE', '1m'],
  ['FIVE_MINUTE', '5m'],
  ['FIFTEEN_MINUTE', '15m'],
  ['THIRTY_MINUTE', '30m'],
  ['ONE_HOUR', '1h'],
  ['TWO_HOUR', '2h'],
  ['SIX_HOUR', '6h'],
  ['ONE_DAY', '1d'],
]);
const CANDLES_MAX = 350;
const PRODUCTS = '/api/v3/brokerage/market/products';

/** Coinbase Advanced Trade, its public part: candles newest first, numbers as text. */
export function startCoinbase(options: MarketOptions = {}): Promise<LoopbackServer> {
  return startLoopback(options, coinbaseFormat);
}

function coinbaseFormat(market: CandleMarket): WireFormat {
  return {
    route: (path) => {
      if (path.endsWith('/candles')) return 'candles';
      if (path === PRODUCTS) return 'markets';
      return path === '/v2/time' ? 'time' : 'other';
    },
    candles: (asked) => candlesOf(market, asked),
    encode: (candles) => ({ candles: candles.map(encodeCandle) }),
    other: (asked) => otherOf(market, asked),
    notFound: new Refusal(404, { error: 'NOT_FOUND', message: 'Not found' }),
  };
}

function candlesOf(market: CandleMarket, { path, query }: Asked): readonly WireCandle[] {
  const id = path.slice(PRODUCTS.length + 1, -'/candles'.length);
  const sketch = market.markets.find(({ symbol }) => idOf(symbol) === id);
  const timeframe = GRANULARITIES.get(query.get('granularity') ?? '');
  if (sketch === undefined) throw refusal(404, 'NOT_FOUND', 'ProductID could not be found');
  if (timeframe === undefined) throw refusal(400, 'INVALID_ARGUMENT', 'invalid granularity');
  const from = Number(query.get('start')) * 1000;
  const last = Number(query.get('end')) * 1000;
  if ((last - from) / timeframeMs(timeframe) > CANDLES_MAX) {
    const text = `number of candles requested should be less than ${CANDLES_MAX}`;
    throw refusal(400, 'INVALID_ARGUMENT', text);
  }
  return market.candles(sketch.symbol, timeframe, { from, to: last + 1 }).toReversed();
}

function encodeCandle({ time, open, high, low, close, volume }: WireCandle): object {
  const start = asText(asSeconds(time));
  return {
    start,
    low: asText(low),
    high: asText(high),
    open: asText(open),
    close: asText(close),
    volume: asText(volume),
  };
}

function otherOf(market: CandleMarket, { path, query }: Asked): object | undefined {
  const now = market.now();
  switch (path) {
    case PRODUCTS: {
      const isSpot = (query.get('product_type') ?? 'SPOT') === 'SPOT';
      const products = isSpot ? market.markets.map(productOf) : [];
      return { products, num_products: products.length };
    }
    case '/v2/time': {
      const iso = new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z');
      return { data: { iso, epoch: Math.floor(now / 1000) } };
    }
    case '/v2/currencies':
      return { data: [{ id: 'USD', name: 'United States Dollar', min_size: '0.01' }] };
    case '/v2/currencies/crypto':
      return { data: [] };
    case '/v2/exchange-rates':
      return { data: { currency: 'USD', rates: { USD: '1' } } };
    default:
      return undefined;
  }
}

function productOf(sketch: MarketSketch): object {
  const [base = '', quote = ''] = sketch.symbol.split('/');
  return {
    product_id: idOf(sketch.symbol),
    price: String(sketch.price),
    base_increment: sketch.lotStep,
    quote_increment: sketch.tickSize,
    quote_min_size: sketch.minNotional,
    quote_max_size: '150000000',
    base_min_size: sketch.lotStep,
    base_max_size: '3400',
    base_name: base,
    quote_name: quote,
    is_disabled: false,
    status: 'online',
    cancel_only: false,
    limit_only: false,
    post_only: false,
    trading_disabled: false,
    auction_mode: false,
    product_type: 'SPOT',
    quote_currency_id: quote,
    base_currency_id: base,
    fcm_trading_session_details: null,
    alias: '',
    alias_to: [],
    base_display_symbol: base,
    quote_display_symbol: quote,
    view_only: false,
    price_increment: sketch.tickSize,
    display_name: idOf(sketch.symbol),
    product_venue: 'CBE',
  };
}

function idOf(symbol: string): string {
  return symbol.replace('/', '-');
}

function refusal(status: number, error: string, message: string): Refusal {
  return new Refusal(status, { error, error_details: message, message });
}
