import { createHash, createHmac } from 'node:crypto';
import { TIMEFRAMES, timeframeMs, type EpochMs, type Timeframe } from '../../../src/core/time.ts';
import type { ExchangeCore } from './exchange-core.ts';
import type { SimOrder, VenueRules } from './exchange-types.ts';
import type { ExchangeView } from './exchange-view.ts';
import type { Call } from './fates.ts';
import {
  assetsOf,
  balancesOf,
  candleOf,
  depthOf,
  keyInfoOf,
  orderOf,
  pairOf,
  sentenceOf,
  tickerOf,
  tradeOf,
} from './kraken-encoding.ts';
import { KrakenError, krakenRefusal } from './kraken-errors.ts';
import { krakenAltname, krakenId, krakenPair } from './kraken-names.ts';
import { wishOf } from './kraken-wishes.ts';
import { isOpen } from './order-store.ts';
import type { SimCandle, SimMarket } from './sim-market.ts';
import type { Units } from './units.ts';
import {
  json,
  type FrontEnd,
  type Subject,
  type Trouble,
  type WireRequest,
  type WireResponse,
} from './wire.ts';

export const KRAKEN_RULES: VenueRules = {
  orderId: (n) => krakenId('O', n),
  tradeId: (n) => krakenId('T', n),
  feeTaking: 'quote',
  makerFee: '0.0025',
  takerFee: '0.004',
  feeAsset: { asset: 'KFEE', price: '0.01' },
  uniqueIds: 'none',
  refusesTriggered: false,
  unfilledState: 'canceled',
};

const PAGE = 50;
const CANDLES_MAX = 720;

/** Kraken spot, REST: https://docs.kraken.com/api */
export class KrakenFrontEnd implements FrontEnd {
  readonly exchange = 'kraken';
  /** Whether a nonce that does not rise is refused, as the real one does. */
  checksNonces = false;
  readonly #core: ExchangeCore;
  readonly #key: { readonly apiKey: string; readonly secret: string };
  #lastNonce = 0;

  constructor(core: ExchangeCore, key: { readonly apiKey: string; readonly secret: string }) {
    this.#core = core;
    this.#key = key;
  }

  callOf({ path }: WireRequest): Call {
    return CALLS[path.split('/').at(-1) ?? ''] ?? 'other';
  }

  subjectOf(request: WireRequest): Subject {
    const params = paramsOf(request);
    return { clientId: params.get('cl_ord_id'), orderId: params.get('txid') };
  }

  answer(request: WireRequest): WireResponse {
    const params = paramsOf(request);
    const method = request.path.split('/').at(-1) ?? '';
    try {
      const isPrivate = request.path.startsWith('/0/private/');
      if (isPrivate) this.#authenticate(request, params);
      const result = isPrivate ? this.#private(method, params) : this.#public(method, params);
      return json(200, { error: [], result });
    } catch (error) {
      if (error instanceof KrakenError) return json(200, error.body);
      throw error;
    }
  }

  trouble(trouble: Trouble): WireResponse {
    switch (trouble.kind) {
      case 'ban':
        return json(200, { error: ['EGeneral:Temporary lockout'] });
      case 'rate-limit': {
        const body = { error: ['EAPI:Rate limit exceeded'] };
        if (trouble.retryAfterS === 0) return json(200, body);
        // The proxy before it says so in its own way.
        return json(429, body, { 'retry-after': String(trouble.retryAfterS) });
      }
      case 'server-error': {
        const { status } = trouble;
        const html = { 'content-type': 'text/html' };
        if (status === 502 || status === 520)
          return { status, headers: html, body: '<html></html>' };
        const text = status === 503 ? 'EService:Unavailable' : 'EGeneral:Internal error';
        return json(status, { error: [text] });
      }
    }
  }

  withoutId(): WireResponse {
    return json(200, { error: [], result: { descr: { order: '' } } });
  }

  #public(method: string, params: URLSearchParams): unknown {
    const now = this.#core.now();
    switch (method) {
      case 'Time':
        return {
          unixtime: Math.floor(now / 1000),
          rfc1123: new Date(now).toUTCString().replace('GMT', '+0000'),
        };
      case 'SystemStatus':
        return { status: 'online', timestamp: new Date(now).toISOString() };
      case 'Assets':
        return assetsOf(this.#core.markets.values(), this.#core.accounts.holdings().keys());
      case 'AssetPairs':
        return this.#byPair([...this.#core.markets.values()], (market) =>
          pairOf(market, this.#core.rules),
        );
      case 'Ticker':
        return this.#byPair(this.#pairs(params), tickerOf);
      case 'Depth':
        return this.#byPair([this.#market(params)], (market) => depthOf(market, now));
      case 'OHLC':
        return this.#candles(params, now);
      default:
        throw new KrakenError('EGeneral:Unknown method');
    }
  }

  #byPair(markets: readonly SimMarket[], encode: (market: SimMarket) => object): object {
    return Object.fromEntries(
      markets.map((market) => [krakenPair(market.base, market.quote), encode(market)]),
    );
  }

  #pairs(params: URLSearchParams): readonly SimMarket[] {
    const named = params.get('pair');
    if (named === null) return [...this.#core.markets.values()];
    return named.split(',').map((pair) => this.#market(new URLSearchParams({ pair })));
  }

  #candles(params: URLSearchParams, now: EpochMs): object {
    const market = this.#market(params);
    const timeframe = timeframeOf(Number(params.get('interval') ?? 1));
    if (timeframe === undefined) throw new KrakenError('EGeneral:Invalid arguments');
    const step = timeframeMs(timeframe);
    const since = Number(params.get('since') ?? 0) * 1000;
    const known = market.candles(timeframe, now - CANDLES_MAX * step, now + 1);
    const candles = withForming(known, market.last, now - (now % step)).filter(
      ({ openTime }, index, all) => openTime > since || index === all.length - 1,
    );
    const last = (candles.at(-2) ?? candles.at(-1))?.openTime ?? 0;
    return { [krakenPair(market.base, market.quote)]: candles.map(candleOf), last: last / 1000 };
  }

  #private(method: string, params: URLSearchParams): unknown {
    switch (method) {
      case 'AddOrder':
        return this.#place(params);
      case 'CancelOrder':
        return this.#cancel(params);
      case 'QueryOrders':
        return this.#query(params);
      case 'OpenOrders':
        return this.#open(params);
      case 'ClosedOrders':
        return this.#closed(params);
      case 'TradesHistory':
        return this.#trades(params);
      case 'BalanceEx':
        return balancesOf(this.#core.view());
      case 'GetApiKeyInfo':
        return keyInfoOf(this.#core.permissions, this.#key.apiKey);
      default:
        throw new KrakenError('EGeneral:Unknown method');
    }
  }

  #place(params: URLSearchParams): unknown {
    const market = this.#market(params);
    if (!this.#core.permissions.mayTrade) throw new KrakenError('EGeneral:Permission denied');
    const placed = this.#core.desk.place(wishOf(params, market, this.#core.now()));
    if (placed.kind === 'refused') throw new KrakenError(krakenRefusal(placed.reason));
    const { order } = placed;
    return { txid: [order.id], descr: { order: sentenceOf(order, market) } };
  }

  #cancel(params: URLSearchParams): unknown {
    const clientId = params.get('cl_ord_id');
    const id = params.get('txid');
    const order = this.#core.store
      .open()
      .find((each) => (clientId === null ? each.id === id : each.clientId === clientId));
    const canceled = order === undefined ? null : this.#core.desk.cancel(order.id);
    if (canceled?.kind !== 'canceled') throw new KrakenError('EOrder:Unknown order');
    return { count: 1, ...(isOpen(canceled.order) ? { pending: true } : {}) };
  }

  #query(params: URLSearchParams): unknown {
    const view = this.#core.view();
    const ids = (params.get('txid') ?? '').split(',');
    const orders = ids.flatMap((id) => view.order((each) => each.id === id) ?? []);
    if (orders.length === 0) throw new KrakenError('EOrder:Unknown order');
    return this.#byId(orders, view);
  }

  #open(params: URLSearchParams): unknown {
    const view = this.#core.view();
    const clientId = params.get('cl_ord_id');
    const start = Number(params.get('start') ?? 0) * 1000;
    const orders = view
      .openOrders()
      .filter((order) => clientId === null || order.clientId === clientId)
      .filter(({ createdAt }) => createdAt >= start);
    return { open: this.#byId(orders, view) };
  }

  /** Newest first, fifty a page. */
  #closed(params: URLSearchParams): unknown {
    const view = this.#core.view();
    const clientId = params.get('cl_ord_id');
    const orders = view
      .orders()
      .filter((order) => !isOpen(order))
      .filter((order) => clientId === null || order.clientId === clientId)
      .filter(({ updatedAt }) => isWithin(updatedAt, params))
      .toReversed();
    return { closed: this.#byId(page(orders, params), view), count: orders.length };
  }

  #trades(params: URLSearchParams): unknown {
    const view = this.#core.view();
    const trades = view
      .trades()
      .filter(({ time }) => isWithin(time, params))
      .toReversed();
    // By id: a trade that is told twice stands there once.
    const told = page(trades, params).flatMap((trade) => {
      const order = this.#core.store.get(trade.orderId);
      if (order === undefined) return [];
      return [[trade.id, tradeOf(trade, this.#core.market(trade.symbol), order, view)] as const];
    });
    return { trades: Object.fromEntries(told), count: trades.length };
  }

  #byId(orders: readonly SimOrder[], view: ExchangeView): object {
    return Object.fromEntries(
      orders.map((order) => [order.id, orderOf(order, this.#core.market(order.symbol), view)]),
    );
  }

  #market(params: URLSearchParams): SimMarket {
    const pair = params.get('pair');
    const found = [...this.#core.markets.values()].find(({ base, quote }) =>
      [krakenPair(base, quote), krakenAltname(base, quote)].includes(pair ?? ''),
    );
    if (found === undefined) throw new KrakenError('EQuery:Unknown asset pair');
    return found;
  }

  #authenticate({ path, body, headers }: WireRequest, params: URLSearchParams): void {
    const { apiKey, secret } = this.#key;
    if (headers['api-key'] !== apiKey) throw new KrakenError('EAPI:Invalid key');
    const nonce = params.get('nonce') ?? '';
    const hash = createHash('sha256')
      .update(nonce + body)
      .digest();
    const key = Buffer.from(secret, 'base64');
    const wanted = createHmac('sha512', key).update(path).update(hash).digest('base64');
    if (headers['api-sign'] !== wanted) throw new KrakenError('EAPI:Invalid signature');
    if (this.checksNonces && Number(nonce) <= this.#lastNonce) {
      throw new KrakenError('EAPI:Invalid nonce');
    }
    this.#lastNonce = Math.max(this.#lastNonce, Number(nonce));
  }
}

const CALLS: Readonly<Record<string, Call>> = {
  AddOrder: 'place',
  CancelOrder: 'cancel',
  QueryOrders: 'order',
  OpenOrders: 'open',
  ClosedOrders: 'closed',
  TradesHistory: 'trades',
  BalanceEx: 'balances',
  GetApiKeyInfo: 'identify',
  Time: 'time',
  AssetPairs: 'markets',
  Assets: 'markets',
  Ticker: 'quote',
  Depth: 'quote',
  OHLC: 'candles',
};

function paramsOf({ query, body }: WireRequest): URLSearchParams {
  return new URLSearchParams(body === '' ? query : body);
}

/** The one that still forms is always there, whether anybody trades or not. */
function withForming(
  candles: readonly SimCandle[],
  price: Units,
  openTime: EpochMs,
): readonly SimCandle[] {
  if (candles.at(-1)?.openTime === openTime) return candles;
  const prices = { open: price, high: price, low: price, close: price };
  return [...candles, { openTime, ...prices, volume: 0n, trades: 0 }];
}

/** After the start, up to the end, in seconds. */
function isWithin(time: EpochMs, params: URLSearchParams): boolean {
  const start = params.get('start');
  const end = params.get('end');
  const isAfter = start === null || time > Number(start) * 1000;
  return isAfter && (end === null || time <= Number(end) * 1000);
}

function page<T>(items: readonly T[], params: URLSearchParams): readonly T[] {
  const from = Number(params.get('ofs') ?? 0);
  return items.slice(from, from + PAGE);
}

function timeframeOf(minutes: number): Timeframe | undefined {
  return TIMEFRAMES.find((each) => timeframeMs(each) === minutes * 60_000);
}
