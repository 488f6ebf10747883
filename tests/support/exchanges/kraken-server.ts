import * as z from 'zod';
import { misalignmentMs, TIMEFRAMES, timeframeMs, type Timeframe } from '../../../src/core/time.ts';
import {
  decimalsOf,
  type CandleMarket,
  type MarketOptions,
  type MarketSketch,
  type WireCandle,
} from './candle-market.ts';
import { CandleStream, type StreamFormat } from './candle-stream.ts';
import {
  asSeconds,
  asText,
  Refusal,
  startLoopback,
  type Asked,
  type LoopbackServer,
  type WireFormat,
} from './loopback-server.ts';

const CANDLES_MAX = 720;
const MINUTE = 60_000;

/** Kraken: its last 720 candles with the forming one at the end, and its v2 stream of them. */
export function startKraken(options: MarketOptions = {}): Promise<LoopbackServer> {
  return startLoopback(
    options,
    krakenFormat,
    (market) => new CandleStream(market, streamFormat(market)),
  );
}

function krakenFormat(market: CandleMarket): WireFormat {
  return {
    route: (path) => {
      if (path === '/0/public/OHLC') return 'candles';
      if (path === '/0/public/AssetPairs') return 'markets';
      return path === '/0/public/Time' ? 'time' : 'other';
    },
    candles: (asked) => candlesOf(market, asked),
    encode: (candles, { query }) => {
      const sketch = sketchOf(market, query.get('pair') ?? '');
      const last = asSeconds(candles.at(-2)?.time ?? candles.at(-1)?.time ?? 0);
      const id = sketch === undefined ? '' : idOf(sketch.symbol);
      return { error: [], result: { [id]: candles.map(encodeCandle), last } };
    },
    other: ({ path }) => otherOf(market, path),
    notFound: new Refusal(404, { error: ['EGeneral:Unknown method'] }),
  };
}

function candlesOf(market: CandleMarket, { query }: Asked): readonly WireCandle[] {
  const sketch = sketchOf(market, query.get('pair') ?? '');
  const timeframe = timeframeOf(Number(query.get('interval')));
  // Kraken reports errors with status 200.
  if (sketch === undefined) throw new Refusal(200, { error: ['EQuery:Unknown asset pair'] });
  if (timeframe === undefined) throw new Refusal(200, { error: ['EGeneral:Invalid arguments'] });
  const now = market.now();
  const forming = now - misalignmentMs(now, timeframe);
  const from = forming - (CANDLES_MAX - 1) * timeframeMs(timeframe);
  const since = Number(query.get('since') ?? 0) * 1000;
  return market
    .candles(sketch.symbol, timeframe, { from, to: now + 1 })
    .filter(({ time }) => Number(time) > since || time === forming);
}

function encodeCandle({ time, open, high, low, close, volume }: WireCandle): readonly unknown[] {
  const prices = [open, high, low, close].map((each) => asText(each) ?? null);
  return [asSeconds(time) ?? null, ...prices, asText(close) ?? null, asText(volume) ?? null, 42];
}

function otherOf(market: CandleMarket, path: string): object | undefined {
  const now = market.now();
  switch (path) {
    case '/0/public/Time': {
      const rfc1123 = new Date(now).toUTCString().replace('GMT', '+0000');
      return { error: [], result: { unixtime: Math.floor(now / 1000), rfc1123 } };
    }
    case '/0/public/SystemStatus':
      return { error: [], result: { status: 'online', timestamp: new Date(now).toISOString() } };
    case '/0/public/Assets':
      return { error: [], result: assetsOf(market) };
    case '/0/public/AssetPairs':
      return {
        error: [],
        result: Object.fromEntries(market.markets.map((each) => [idOf(each.symbol), pairOf(each)])),
      };
    default:
      return undefined;
  }
}

function assetsOf(market: CandleMarket): object {
  const names = new Set(market.markets.flatMap(({ symbol }) => symbol.split('/')));
  return Object.fromEntries(
    [...names].map((name) => [
      assetOf(name),
      {
        aclass: 'currency',
        altname: shortOf(name),
        decimals: 10,
        display_decimals: 5,
        status: 'enabled',
      },
    ]),
  );
}

function pairOf({ symbol, tickSize, lotStep, minNotional }: MarketSketch): object {
  const [base = '', quote = ''] = symbol.split('/');
  return {
    altname: shortOf(base) + shortOf(quote),
    wsname: `${shortOf(base)}/${shortOf(quote)}`,
    aclass_base: 'currency',
    base: assetOf(base),
    aclass_quote: 'currency',
    quote: assetOf(quote),
    lot: 'unit',
    cost_decimals: 5,
    pair_decimals: decimalsOf(tickSize),
    lot_decimals: decimalsOf(lotStep),
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [
      [0, 0.4],
      [10_000, 0.35],
    ],
    fees_maker: [
      [0, 0.25],
      [10_000, 0.2],
    ],
    fee_volume_currency: 'ZUSD',
    margin_call: 80,
    margin_stop: 40,
    ordermin: '0.0001',
    costmin: minNotional,
    tick_size: tickSize,
    status: 'online',
  };
}

const subscribing = z.object({
  method: z.literal('subscribe'),
  params: z.object({
    channel: z.literal('ohlc'),
    symbol: z.array(z.string()),
    interval: z.number(),
  }),
  req_id: z.number(),
});

function streamFormat(market: CandleMarket): StreamFormat {
  return {
    subscriptions: (message) => {
      const { data } = subscribing.safeParse(message);
      const timeframe = timeframeOf(data?.params.interval ?? 0);
      if (data === undefined || timeframe === undefined) return [];
      return data.params.symbol.map((symbol) => ({ symbol, timeframe }));
    },
    answers: (message) => answersTo(market, message),
    update: ({ symbol, timeframe }, candle) => ({
      channel: 'ohlc',
      type: 'update',
      timestamp: new Date(market.now()).toISOString(),
      data: [streamedCandle(symbol, timeframe, candle)],
    }),
  };
}

/** An acknowledgement and a snapshot for every symbol; a pong for a ping. */
function answersTo(market: CandleMarket, message: unknown): readonly object[] {
  const { data } = subscribing.safeParse(message);
  if (data === undefined) return [{ method: 'pong' }];
  const timeframe = timeframeOf(data.params.interval);
  if (timeframe === undefined) return [];
  const span = { from: market.now() - 3 * timeframeMs(timeframe), to: Infinity };
  return data.params.symbol.flatMap((symbol) => [
    {
      method: 'subscribe',
      result: { channel: 'ohlc', symbol, interval: data.params.interval, snapshot: true },
      success: true,
      req_id: data.req_id,
    },
    {
      channel: 'ohlc',
      type: 'snapshot',
      data: market
        .candles(symbol, timeframe, span)
        .map((candle) => streamedCandle(symbol, timeframe, candle)),
    },
  ]);
}

function streamedCandle(symbol: string, timeframe: Timeframe, candle: WireCandle): object {
  const begin = Number(candle.time);
  const { open, high, low, close, volume } = candle;
  return {
    symbol,
    open,
    high,
    low,
    close,
    trades: 12,
    volume,
    vwap: close,
    interval_begin: new Date(begin).toISOString().replace('Z', '000000Z'),
    interval: timeframeMs(timeframe) / MINUTE,
    timestamp: new Date(begin + timeframeMs(timeframe)).toISOString(),
  };
}

function timeframeOf(minutes: number): Timeframe | undefined {
  return TIMEFRAMES.find((each) => timeframeMs(each) === minutes * MINUTE);
}

function sketchOf(market: CandleMarket, id: string): MarketSketch | undefined {
  return market.markets.find(({ symbol }) => idOf(symbol) === id);
}

/** `XXBTZUSD` of old assets, `SHIBUSD` where one is young. */
function idOf(symbol: string): string {
  const [base = '', quote = ''] = symbol.split('/');
  const isOld = [base, quote].every((each) => assetOf(each) !== shortOf(each));
  return isOld ? assetOf(base) + assetOf(quote) : shortOf(base) + shortOf(quote);
}

const OLD_ASSETS = new Map([
  ['BTC', 'XXBT'],
  ['ETH', 'XETH'],
  ['USD', 'ZUSD'],
  ['EUR', 'ZEUR'],
]);

function assetOf(currency: string): string {
  return OLD_ASSETS.get(currency) ?? currency;
}

function shortOf(currency: string): string {
  return currency === 'BTC' ? 'XBT' : currency;
}
