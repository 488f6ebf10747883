import { createHmac } from 'node:crypto';
import { isTimeframe, timeframeMs } from '../../../src/core/time.ts';
import {
  accountOf,
  bookTickerOf,
  dayTickerOf,
  depthOf,
  exchangeInfoOf,
  klineOf,
  orderOf,
  placedOf,
  restrictionsOf,
  symbolIdOf,
  tradeOf,
} from './binance-encoding.ts';
import { BinanceError, binanceRefusal, ERRORS } from './binance-errors.ts';
import { wishOf } from './binance-wishes.ts';
import type { ExchangeCore } from './exchange-core.ts';
import type { SimOrder, VenueRules } from './exchange-types.ts';
import type { Call } from './fates.ts';
import type { SimMarket } from './sim-market.ts';
import {
  json,
  type FrontEnd,
  type Subject,
  type Trouble,
  type WireRequest,
  type WireResponse,
} from './wire.ts';

/** Ids beyond 2^53, where a double of JSON would lose the last digits. */
const FIRST_ID = 9_007_199_254_740_993n;

export const BINANCE_RULES: VenueRules = {
  orderId: (n) => String(FIRST_ID + 2n * BigInt(n)),
  tradeId: (n) => String(FIRST_ID + 1_000_000n + 2n * BigInt(n)),
  feeTaking: 'received',
  makerFee: '0.001',
  takerFee: '0.001',
  feeAsset: { asset: 'BNB', price: '600' },
  uniqueIds: 'open',
  refusesTriggered: true,
  unfilledState: 'expired',
};

export interface ApiKey {
  readonly apiKey: string;
  readonly secret: string;
}

const DAY = 86_400_000;

/** Binance spot, REST: https://developers.binance.com/docs/binance-spot-api-docs/rest-api */
export class BinanceFrontEnd implements FrontEnd {
  readonly exchange = 'binance';
  readonly #core: ExchangeCore;
  readonly #key: ApiKey;

  constructor(core: ExchangeCore, key: ApiKey) {
    this.#core = core;
    this.#key = key;
  }

  callOf({ method, path }: WireRequest): Call {
    if (path === '/api/v3/order') {
      if (method === 'POST') return 'place';
      return method === 'DELETE' ? 'cancel' : 'order';
    }
    return CALLS[path] ?? 'other';
  }

  subjectOf(request: WireRequest): Subject {
    const params = paramsOf(request);
    return {
      clientId: params.get('newClientOrderId') ?? params.get('origClientOrderId'),
      orderId: params.get('orderId'),
    };
  }

  answer(request: WireRequest): WireResponse {
    const params = paramsOf(request);
    try {
      const open = this.#public(request.path, params);
      if (open !== undefined) return json(200, open);
      this.#authenticate(request, params);
      return json(200, this.#private(request, params));
    } catch (error) {
      if (error instanceof BinanceError) return json(error.status, error.body);
      throw error;
    }
  }

  trouble(trouble: Trouble): WireResponse {
    switch (trouble.kind) {
      case 'server-error':
        return serverError(trouble.status);
      case 'rate-limit': {
        const headers = { 'retry-after': String(trouble.retryAfterS) };
        return json(429, { code: -1003, msg: 'Too much request weight used.' }, headers);
      }
      case 'ban': {
        const seconds = Math.ceil((trouble.until - this.#core.now()) / 1000);
        const msg = `Way too much request weight used; IP banned until ${trouble.until}.`;
        return json(418, { code: -1003, msg }, { 'retry-after': String(seconds) });
      }
    }
  }

  withoutId(response: WireResponse): WireResponse {
    return { ...response, body: '{}' };
  }

  #public(path: string, params: URLSearchParams): unknown {
    switch (path) {
      case '/api/v3/ping':
        return {};
      case '/api/v3/time':
        return { serverTime: this.#core.now() };
      case '/api/v3/exchangeInfo':
        return exchangeInfoOf([...this.#core.markets.values()], this.#core.now());
      case '/api/v3/klines':
        return this.#klines(params);
      case '/api/v3/depth':
        return depthOf(this.#market(params), this.#core.desk.step);
      case '/api/v3/ticker/bookTicker':
        return this.#tickers(params, bookTickerOf);
      case '/api/v3/ticker/24hr':
        return this.#tickers(params, (market) => dayTickerOf(market, this.#core.now()));
      default:
        return undefined;
    }
  }

  #tickers(params: URLSearchParams, encode: (market: SimMarket) => object): unknown {
    if (params.has('symbol')) return encode(this.#market(params));
    const named = params.get('symbols');
    const markets = [...this.#core.markets.values()];
    return markets.filter((each) => named?.includes(`"${symbolIdOf(each)}"`) ?? true).map(encode);
  }

  #klines(params: URLSearchParams): unknown {
    const market = this.#market(params);
    const interval = params.get('interval') ?? '';
    if (!isTimeframe(interval)) throw new BinanceError(ERRORS.interval);
    const limit = Math.min(1000, Number(params.get('limit') ?? 500));
    const from = Number(params.get('startTime') ?? 0);
    const to = params.has('endTime') ? Number(params.get('endTime')) + 1 : Infinity;
    const candles = market.candles(interval, from, to);
    const told = params.has('startTime') ? candles.slice(0, limit) : candles.slice(-limit);
    return told.map((candle) => klineOf(candle, timeframeMs(interval)));
  }

  #private({ method, path }: WireRequest, params: URLSearchParams): unknown {
    switch (`${method} ${path}`) {
      case 'POST /api/v3/order':
        return this.#place(params);
      case 'DELETE /api/v3/order':
        return this.#cancel(params);
      case 'GET /api/v3/order':
        return this.#order(params);
      case 'GET /api/v3/openOrders':
        return this.#openOrders(params);
      case 'GET /api/v3/allOrders':
        return this.#allOrders(params);
      case 'GET /api/v3/myTrades':
        return this.#myTrades(params);
      case 'GET /api/v3/account':
        return accountOf(this.#core.view(), this.#core, this.#core.now());
      case 'GET /sapi/v1/account/apiRestrictions':
        return restrictionsOf(this.#core.permissions);
      default:
        throw new BinanceError(ERRORS.noSuchPath);
    }
  }

  #place(params: URLSearchParams): unknown {
    const market = this.#market(params);
    if (!this.#core.permissions.mayTrade) throw new BinanceError(ERRORS.noPermission);
    const count = this.#core.store.trades().length;
    const placed = this.#core.desk.place(wishOf(params, market));
    if (placed.kind === 'refused') throw new BinanceError(binanceRefusal(placed.reason));
    const fills = this.#core.store.trades().slice(count);
    return placedOf(placed.order, market, fills, params.get('newOrderRespType') ?? 'ACK');
  }

  #cancel(params: URLSearchParams): unknown {
    const market = this.#market(params);
    const order = this.#named(params, (each) => each.symbol === market.listing.symbol);
    if (order === undefined) throw new BinanceError(ERRORS.unknownOrder);
    const canceled = this.#core.desk.cancel(order.id);
    if (canceled.kind === 'not-open') throw new BinanceError(ERRORS.unknownOrder);
    const encoded = orderOf(canceled.order, market, this.#core.view());
    // The cancel has an id of its own; that of the order stands beside it.
    const origClientOrderId = canceled.order.clientId ?? '';
    return { ...encoded, origClientOrderId, clientOrderId: `cancel-${canceled.order.id}` };
  }

  #order(params: URLSearchParams): unknown {
    const market = this.#market(params);
    const view = this.#core.view();
    const order = view.order(
      (each) => isNamed(each, params) && each.symbol === market.listing.symbol,
    );
    if (order === undefined) throw new BinanceError(ERRORS.noSuchOrder);
    return orderOf(order, market, view);
  }

  #openOrders(params: URLSearchParams): unknown {
    const symbol = params.has('symbol') ? this.#market(params).listing.symbol : null;
    const view = this.#core.view();
    return view
      .openOrders()
      .filter((order) => symbol === null || order.symbol === symbol)
      .map((order) => orderOf(order, this.#core.market(order.symbol), view));
  }

  #allOrders(params: URLSearchParams): unknown {
    const market = this.#market(params);
    const view = this.#core.view();
    const from = BigInt(params.get('orderId') ?? 0);
    const orders = view
      .orders()
      .filter(({ symbol, id }) => symbol === market.listing.symbol && BigInt(id) >= from);
    const told = page(orders, params, ({ createdAt }) => createdAt, params.has('orderId'));
    return told.map((order) => orderOf(order, market, view));
  }

  #myTrades(params: URLSearchParams): unknown {
    const market = this.#market(params);
    const view = this.#core.view();
    const from = BigInt(params.get('fromId') ?? 0);
    const orderId = params.get('orderId');
    const trades = view
      .trades()
      .filter(({ symbol, id }) => symbol === market.listing.symbol && BigInt(id) >= from)
      .filter((trade) => orderId === null || trade.orderId === orderId);
    const told = page(trades, params, ({ time }) => time, params.has('fromId'));
    return told.map((trade) => tradeOf(trade, market, view));
  }

  #named(params: URLSearchParams, fits: (order: SimOrder) => boolean): SimOrder | undefined {
    return this.#core.store.orders().findLast((order) => isNamed(order, params) && fits(order));
  }

  #market(params: URLSearchParams): SimMarket {
    const id = params.get('symbol');
    if (id === null) throw new BinanceError(ERRORS.missing('symbol'));
    const market = [...this.#core.markets.values()].find((each) => symbolIdOf(each) === id);
    if (market === undefined) throw new BinanceError(ERRORS.invalidSymbol);
    return market;
  }

  #authenticate(request: WireRequest, params: URLSearchParams): void {
    const { apiKey, secret } = this.#key;
    if (request.headers['x-mbx-apikey'] !== apiKey) throw new BinanceError(ERRORS.badKey);
    const sent = request.method === 'POST' && request.body !== '' ? request.body : request.query;
    const [signed = '', signature] = sent.split('&signature=');
    const wanted = createHmac('sha256', secret).update(signed).digest('hex');
    if (signature !== wanted) throw new BinanceError(ERRORS.badSignature);
    const timestamp = Number(params.get('timestamp'));
    const now = this.#core.now();
    if (timestamp >= now + 1000) throw new BinanceError(ERRORS.tooEarly);
    const window = Math.min(60_000, Number(params.get('recvWindow') ?? 5000));
    if (now - timestamp > window) throw new BinanceError(ERRORS.tooLate);
  }
}

const CALLS: Readonly<Record<string, Call>> = {
  '/api/v3/openOrders': 'open',
  '/api/v3/allOrders': 'closed',
  '/api/v3/myTrades': 'trades',
  '/api/v3/account': 'balances',
  '/sapi/v1/account/apiRestrictions': 'identify',
  '/api/v3/time': 'time',
  '/api/v3/exchangeInfo': 'markets',
  '/api/v3/klines': 'candles',
  '/api/v3/depth': 'quote',
  '/api/v3/ticker/bookTicker': 'quote',
  '/api/v3/ticker/24hr': 'quote',
};

function paramsOf({ query, body }: WireRequest): URLSearchParams {
  return new URLSearchParams(body === '' ? query : body);
}

function isNamed({ id, clientId }: SimOrder, params: URLSearchParams): boolean {
  const orderId = params.get('orderId');
  return orderId === null ? clientId === params.get('origClientOrderId') : id === orderId;
}

/** The first from a start on, or the latest where none is given; 24 hours at most of a span. */
function page<T>(
  items: readonly T[],
  params: URLSearchParams,
  timeOf: (item: T) => number,
  isFromId: boolean,
): readonly T[] {
  const limit = Math.min(1000, Number(params.get('limit') ?? 500));
  const from = Number(params.get('startTime') ?? 0);
  const to = Number(params.get('endTime') ?? Infinity);
  if (params.has('startTime') && params.has('endTime') && to - from > DAY) {
    throw new BinanceError(ERRORS.longSpan);
  }
  const found = items.filter((item) => timeOf(item) >= from && timeOf(item) <= to);
  return params.has('startTime') || isFromId ? found.slice(0, limit) : found.slice(-limit);
}

function serverError(status: number): WireResponse {
  if (status === 502)
    return { status, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
  const unknown = 'Send status unknown; execution status unknown.';
  if (status === 504) {
    return json(status, {
      code: -1007,
      msg: `Timeout waiting for response from backend server. ${unknown}`,
    });
  }
  if (status === 503) return json(status, { code: -1008, msg: 'Server is currently overloaded.' });
  return json(status, {
    code: -1000,
    msg: `An unknown error occurred while processing the request. ${unknown}`,
  });
}
