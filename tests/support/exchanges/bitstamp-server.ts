import { TIMEFRAMES, timeframeMs } from '../../../src/core/time.ts';
import {
  decimalsOf,
  type CandleMarket,
  type MarketOptions,
  type WireCandle,
} from './candle-market.ts';
import {
  asSeconds,
  asText,
  Refusal,
  startLoopback,
  type Asked,
  type LoopbackServer,
  type WireFormat,
} from './loopback-server.ts';

const OHLC = '/api/v2/ohlc/';

/** Bitstamp: candles of a span, oldest first, numbers as text. It has no clock but its headers. */
export function startBitstamp(options: MarketOptions = {}): Promise<LoopbackServer> {
  return startLoopback(options, bitstampFormat);
}

function bitstampFormat(market: CandleMarket): WireFormat {
  return {
    route: (path) => {
      if (path.startsWith(OHLC)) return 'candles';
      return path === '/api/v2/markets/' ? 'markets' : 'other';
    },
    candles: (asked) => candlesOf(market, asked),
    encode: (candles, { path }) => ({
      data: { pair: pairOf(market, path) ?? '', ohlc: candles.map(encodeCandle) },
    }),
    other: ({ path }) => (path === '/api/v2/markets/' ? marketsOf(market) : undefined),
    notFound: new Refusal(404, { status: 'error', reason: 'Not found', code: 'API0404' }),
  };
}

function candlesOf(market: CandleMarket, { path, query }: Asked): readonly WireCandle[] {
  const pair = pairOf(market, path);
  const step = Number(query.get('step')) * 1000;
  const timeframe = TIMEFRAMES.find((each) => timeframeMs(each) === step);
  const limit = Number(query.get('limit'));
  if (pair === undefined) throw new Refusal(404, { status: 'error', reason: 'Invalid pair' });
  if (timeframe === undefined || !(limit >= 1 && limit <= 1000)) {
    throw new Refusal(400, { status: 'error', reason: { limit: ['Enter 1 to 1000.'] } });
  }
  const from = Number(query.get('start')) * 1000;
  const to = Number(query.get('end')) * 1000 + 1;
  return market.candles(pair, timeframe, { from, to }, limit);
}

function encodeCandle({ time, open, high, low, close, volume }: WireCandle): object {
  return {
    high: asText(high),
    timestamp: asText(asSeconds(time)),
    volume: asText(volume),
    low: asText(low),
    close: asText(close),
    open: asText(open),
  };
}

function pairOf(market: CandleMarket, path: string): string | undefined {
  const id = path.slice(OHLC.length).replace('/', '');
  return market.markets.find(({ symbol }) => idOf(symbol) === id)?.symbol;
}

function marketsOf(market: CandleMarket): object {
  return market.markets.map(({ symbol, tickSize, lotStep, minNotional }) => {
    const [base = '', counter = ''] = symbol.split('/');
    return {
      name: symbol,
      market_symbol: idOf(symbol),
      base_currency: base,
      base_decimals: decimalsOf(lotStep),
      counter_currency: counter,
      counter_decimals: decimalsOf(tickSize),
      minimum_order_value: minNotional,
      trading: 'Enabled',
      instant_order_counter_decimals: 2,
      instant_and_market_orders: 'Enabled',
      description: `${base} / ${counter}`,
      market_type: 'SPOT',
    };
  });
}

function idOf(symbol: string): string {
  return symbol.replace('/', '').toLowerCase();
}
