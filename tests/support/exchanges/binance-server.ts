import * as z from 'zod';
import { isTimeframe, timeframeMs, type Timeframe } from '../../../src/core/time.ts';
import type { CandleMarket, MarketOptions, MarketSketch, WireCandle } from './candle-market.ts';
import { CandleStream, type StreamFormat, type Subscription } from './candle-stream.ts';
import {
  asText,
  Refusal,
  startLoopback,
  type Asked,
  type LoopbackServer,
  type WireFormat,
} from './loopback-server.ts';

/** Binance spot: the first klines from a time on, oldest first, and its kline streams. */
export function startBinance(options: MarketOptions = {}): Promise<LoopbackServer> {
  return startLoopback(
    options,
    binanceFormat,
    (market) => new CandleStream(market, streamFormat(market)),
  );
}

function binanceFormat(market: CandleMarket): WireFormat {
  return {
    route: (path) => {
      if (path === '/api/v3/klines') return 'candles';
      if (path === '/api/v3/exchangeInfo') return 'markets';
      return path === '/api/v3/time' ? 'time' : 'other';
    },
    candles: (asked) => klinesOf(market, asked),
    encode: (candles, { query }) => candles.map((each) => encodeKline(each, query)),
    other: ({ path }) => {
      if (path === '/api/v3/ping') return {};
      if (path === '/api/v3/time') return { serverTime: market.now() };
      return path === '/api/v3/exchangeInfo' ? exchangeInfoOf(market) : undefined;
    },
    notFound: new Refusal(404, { code: -1, msg: 'Not found' }),
  };
}

function klinesOf(market: CandleMarket, { query }: Asked): readonly WireCandle[] {
  const symbol = symbolOf(market, query.get('symbol') ?? '');
  const interval = query.get('interval') ?? '';
  if (symbol === undefined) throw new Refusal(400, { code: -1121, msg: 'Invalid symbol.' });
  if (!isTimeframe(interval)) throw new Refusal(400, { code: -1120, msg: 'Invalid interval.' });
  const from = Number(query.get('startTime'));
  const to = query.has('endTime') ? Number(query.get('endTime')) + 1 : Infinity;
  const limit = Math.min(1000, Number(query.get('limit') ?? 500));
  return market.candles(symbol, interval, { from, to }, limit);
}

function encodeKline(candle: WireCandle, query: URLSearchParams): readonly unknown[] {
  const { time, open, high, low, close, volume } = candle;
  const interval = query.get('interval') ?? '';
  const length = isTimeframe(interval) ? timeframeMs(interval) : 0;
  const end = typeof time === 'number' ? time + length - 1 : null;
  const numbers = [asText(open), asText(high), asText(low), asText(close), asText(volume)];
  // JSON has no undefined in lists: a field that is missing there is null.
  return [time ?? null, ...numbers.map((each) => each ?? null), end, '0', 1, '0', '0', '0'];
}

function exchangeInfoOf(market: CandleMarket): object {
  return {
    timezone: 'UTC',
    serverTime: market.now(),
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
    ],
    exchangeFilters: [],
    symbols: market.markets.map(symbolInfoOf),
  };
}

function symbolInfoOf({ symbol, tickSize, lotStep, minNotional }: MarketSketch): object {
  const [base = '', quote = ''] = symbol.split('/');
  return {
    symbol: idOf(symbol),
    status: 'TRADING',
    baseAsset: base,
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'],
    icebergAllowed: true,
    ocoAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000.00', tickSize },
      { filterType: 'LOT_SIZE', minQty: lotStep, maxQty: '9000.00', stepSize: lotStep },
      { filterType: 'NOTIONAL', minNotional, applyMinToMarket: true, maxNotional: '9000000.00' },
    ],
    permissions: ['SPOT'],
  };
}

const subscribing = z.object({
  method: z.literal('SUBSCRIBE'),
  params: z.array(z.string()),
  id: z.number(),
});

function streamFormat(market: CandleMarket): StreamFormat {
  return {
    subscriptions: (message) => {
      const { data } = subscribing.safeParse(message);
      return (data?.params ?? []).flatMap((name) => subscriptionOf(market, name));
    },
    answers: (message) => {
      const { data } = subscribing.safeParse(message);
      return data === undefined ? [] : [{ result: null, id: data.id }];
    },
    update: ({ symbol, timeframe }, candle, isClosed) => ({
      e: 'kline',
      E: market.now(),
      s: idOf(symbol),
      k: streamedKline(symbol, timeframe, candle, isClosed),
    }),
  };
}

/** `btcusdt@kline_1m` */
function subscriptionOf(market: CandleMarket, stream: string): readonly Subscription[] {
  const [id = '', timeframe = ''] = stream.split('@kline_');
  const symbol = symbolOf(market, id.toUpperCase());
  return symbol === undefined || !isTimeframe(timeframe) ? [] : [{ symbol, timeframe }];
}

function streamedKline(
  symbol: string,
  timeframe: Timeframe,
  { time, open, high, low, close, volume }: WireCandle,
  isClosed: boolean,
): object {
  return {
    t: time,
    T: Number(time) + timeframeMs(timeframe) - 1,
    s: idOf(symbol),
    i: timeframe,
    f: 100,
    L: 200,
    o: asText(open),
    c: asText(close),
    h: asText(high),
    l: asText(low),
    v: asText(volume),
    n: 100,
    x: isClosed,
    q: '1.0000',
    V: '500',
    Q: '0.500',
    B: '0',
  };
}

function symbolOf(market: CandleMarket, id: string): string | undefined {
  return market.markets.find(({ symbol }) => idOf(symbol) === id)?.symbol;
}

function idOf(symbol: string): string {
  return symbol.replace('/', '');
}
