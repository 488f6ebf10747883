import { timeframeMs, type EpochMs, type Timeframe } from '../../../src/core/time.ts';
import * as z from 'zod';
import {
  accountsOf,
  bookOf,
  candleOf,
  fillOf,
  orderOf,
  placedOf,
  productIdOf,
  productOf,
  refusedOf,
  statusOf,
  summaryOf,
} from './coinbase-encoding.ts';
import { TokenCheck } from './coinbase-key.ts';
import { newOrder, wishOf } from './coinbase-wishes.ts';
import type { ExchangeCore } from './exchange-core.ts';
import type { VenueRules } from './exchange-types.ts';
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

export const COINBASE_RULES: VenueRules = {
  orderId: (n) => uuidOf('0d', n),
  tradeId: (n) => uuidOf('7d', n),
  feeTaking: 'quote',
  makerFee: '0.004',
  takerFee: '0.006',
  feeAsset: { asset: 'USDC', price: '1' },
  uniqueIds: 'none',
  refusesTriggered: true,
  unfilledState: 'canceled',
};

const ROOT = '/api/v3/brokerage';
const CANDLES_MAX = 350;

/** An error by status; a plain text where the proxy answers. */
class CoinbaseError extends Error {
  readonly response: WireResponse;

  constructor(status: number, error: string, message: string) {
    super(message);
    this.response = json(status, { error, error_details: message, message });
  }
}

/** Coinbase Advanced Trade, REST: https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis */
export class CoinbaseFrontEnd implements FrontEnd {
  readonly exchange = 'coinbase';
  readonly #core: ExchangeCore;
  readonly #tokens: TokenCheck;

  constructor(core: ExchangeCore, key: { readonly apiKey: string; readonly secret: string }) {
    this.#core = core;
    this.#tokens = new TokenCheck(key);
  }

  callOf({ method, path, query }: WireRequest): Call {
    if (path === `${ROOT}/orders` && method === 'POST') return 'place';
    if (path === `${ROOT}/orders/historical/batch`) {
      return query.includes('order_status=OPEN') ? 'open' : 'closed';
    }
    if (path.endsWith('/candles')) return 'candles';
    if (path.endsWith('/ticker')) return 'quote';
    return CALLS[path] ?? (path.startsWith(`${ROOT}/orders/historical/`) ? 'order' : 'other');
  }

  subjectOf(request: WireRequest): Subject {
    const { data } = named.safeParse(bodyOf(request));
    const isOne = this.callOf(request) === 'order';
    return {
      clientId: data?.client_order_id ?? null,
      orderId: isOne ? lastOf(request.path) : (data?.order_ids?.[0] ?? null),
    };
  }

  answer(request: WireRequest): WireResponse {
    try {
      const { path } = request;
      const params = new URLSearchParams(request.query);
      const open = this.#public(path, params);
      if (open !== undefined) return json(200, open);
      const authorization = request.headers['authorization'] ?? '';
      if (!this.#tokens.isGood(authorization, [request.method, path], this.#core.now())) {
        return { status: 401, headers: { 'content-type': 'text/plain' }, body: 'Unauthorized\n' };
      }
      return json(200, this.#private(request, params));
    } catch (error) {
      if (error instanceof CoinbaseError) return error.response;
      throw error;
    }
  }

  trouble(trouble: Trouble): WireResponse {
    if (trouble.kind === 'server-error') {
      const { status } = trouble;
      const html = { 'content-type': 'text/html' };
      if (status === 502) return { status, headers: html, body: '<html></html>' };
      const message = 'Something went wrong';
      return json(status, { error: 'INTERNAL', error_details: message, message });
    }
    const seconds =
      trouble.kind === 'rate-limit'
        ? trouble.retryAfterS
        : Math.ceil((trouble.until - this.#core.now()) / 1000);
    const message = 'You have exceeded your request rate limit';
    const body = { error: 'rate_limit_exceeded', error_details: message, message };
    return json(429, body, { 'retry-after': String(seconds) });
  }

  withoutId(): WireResponse {
    return json(200, { success: false, failure_reason: 'UNKNOWN_FAILURE_REASON', order_id: '' });
  }

  #public(path: string, params: URLSearchParams): unknown {
    const now = this.#core.now();
    if (path.endsWith('/candles')) return this.#candles(path, params);
    if (path.endsWith('/ticker')) return this.#ticker(path, now);
    switch (path) {
      case '/v2/time': {
        const iso = new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z');
        return { data: { iso, epoch: Math.floor(now / 1000) } };
      }
      case `${ROOT}/time`:
        return {
          iso: new Date(now).toISOString(),
          epochSeconds: String(Math.floor(now / 1000)),
          epochMillis: String(now),
        };
      case '/v2/currencies':
        return { data: [{ id: 'USD', name: 'United States Dollar', min_size: '0.01' }] };
      case '/v2/currencies/crypto':
        return { data: [] };
      case '/v2/exchange-rates':
        return { data: { currency: 'USD', rates: { USD: '1' } } };
      case `${ROOT}/market/products`:
        return this.#products(params);
      case `${ROOT}/market/product_book`:
        return { pricebook: bookOf(this.#market(params.get('product_id') ?? ''), now) };
      default:
        return undefined;
    }
  }

  #products(params: URLSearchParams): object {
    const isSpot = (params.get('product_type') ?? 'SPOT') === 'SPOT';
    const products = isSpot ? [...this.#core.markets.values()].map(productOf) : [];
    return { products, num_products: products.length };
  }

  #candles(path: string, params: URLSearchParams): object {
    const market = this.#market(path.split('/').at(-2) ?? '');
    const timeframe = GRANULARITIES[params.get('granularity') ?? ''];
    if (timeframe === undefined)
      throw new CoinbaseError(400, 'INVALID_ARGUMENT', 'invalid granularity');
    const from = Number(params.get('start')) * 1000;
    const last = Number(params.get('end')) * 1000;
    if ((last - from) / timeframeMs(timeframe) > CANDLES_MAX) {
      const text = `number of candles requested should be less than ${CANDLES_MAX}`;
      throw new CoinbaseError(400, 'INVALID_ARGUMENT', text);
    }
    return {
      candles: market
        .candles(timeframe, from, last + 1)
        .toReversed()
        .map(candleOf),
    };
  }

  #ticker(path: string, now: EpochMs): object {
    const { bids, asks } = levels.parse(bookOf(this.#market(path.split('/').at(-2) ?? ''), now));
    return { trades: [], best_bid: bids[0]?.price ?? '', best_ask: asks[0]?.price ?? '' };
  }

  #private(request: WireRequest, params: URLSearchParams): unknown {
    switch (`${request.method} ${request.path}`) {
      case `POST ${ROOT}/orders`:
        return this.#place(request);
      case `POST ${ROOT}/orders/batch_cancel`:
        return this.#cancel(request);
      case `GET ${ROOT}/orders/historical/batch`:
        return this.#orders(params);
      case `GET ${ROOT}/orders/historical/fills`:
        return this.#fills(params);
      case `GET ${ROOT}/accounts`: {
        const accounts = accountsOf(this.#core.view());
        return { ...page('accounts', accounts, params), size: accounts.length };
      }
      case `GET ${ROOT}/transaction_summary`:
        return summaryOf(this.#core.rules);
      case `GET ${ROOT}/key_permissions`:
        return permissionsOf(this.#core.permissions);
      case `GET ${ROOT}/best_bid_ask`:
        return this.#bestBidAsk(params);
      default:
        return this.#order(request);
    }
  }

  #place(request: WireRequest): unknown {
    if (!this.#core.permissions.mayTrade) {
      throw new CoinbaseError(403, 'PERMISSION_DENIED', 'Missing required scopes');
    }
    const { data } = newOrder.safeParse(bodyOf(request));
    if (data === undefined) {
      throw new CoinbaseError(400, 'INVALID_ARGUMENT', 'order_configuration is invalid');
    }
    const { order_configuration: configuration } = data;
    const wish = wishOf(data, data.product_id.replace('-', '/'));
    if (wish === null) return refusedOf('bad-order', configuration);
    const placed = this.#core.desk.place(wish);
    if (placed.kind === 'refused') return refusedOf(placed.reason, configuration);
    return placedOf(placed.order, configuration);
  }

  #cancel(request: WireRequest): unknown {
    const { data } = named.safeParse(bodyOf(request));
    const results = (data?.order_ids ?? []).map((id) => {
      const canceled = this.#core.desk.cancel(id);
      const isUnknown = canceled.kind === 'not-open' && canceled.order === null;
      const rejected = isUnknown ? 'UNKNOWN_CANCEL_ORDER' : 'INVALID_CANCEL_REQUEST';
      const success = canceled.kind === 'canceled';
      return {
        success,
        failure_reason: success ? 'UNKNOWN_CANCEL_FAILURE_REASON' : rejected,
        order_id: id,
      };
    });
    return { results };
  }

  #order({ path }: WireRequest): unknown {
    const id = lastOf(path);
    const view = this.#core.view();
    const isHistorical = path.startsWith(`${ROOT}/orders/historical/`);
    if (!isHistorical) throw new CoinbaseError(404, 'NOT_FOUND', 'Not found');
    const order = view.order((each) => each.id === id);
    if (order !== undefined) return { order: orderOf(order, view) };
    throw new CoinbaseError(404, 'NOT_FOUND', 'order with this orderID was not found');
  }

  #orders(params: URLSearchParams): unknown {
    const view = this.#core.view();
    const statuses = params.getAll('order_status');
    const wanted = filterOf(params, ['product_id', 'product_ids']);
    const isWithin = spanOf(params.get('start_date'), params.get('end_date'));
    const isOpenAlone = statuses.length === 1 && statuses[0] === 'OPEN';
    const listed = isOpenAlone ? view.openOrders() : view.orders();
    const orders = listed
      .filter((order) => statuses.length === 0 || statuses.includes(statusOf(order)))
      .filter(({ symbol }) => wanted === null || wanted.includes(productIdOf(symbol)))
      .filter(({ createdAt }) => isWithin(createdAt))
      .toReversed()
      .map((order) => orderOf(order, view));
    return { ...page('orders', orders, params), sequence: '0' };
  }

  /** Newest first. */
  #fills(params: URLSearchParams): unknown {
    const view = this.#core.view();
    const wanted = filterOf(params, ['product_id', 'product_ids']);
    const ids = filterOf(params, ['order_id', 'order_ids']);
    const isWithin = spanOf(
      params.get('start_sequence_timestamp'),
      params.get('end_sequence_timestamp'),
    );
    const fills = view
      .trades()
      .filter(({ symbol }) => wanted === null || wanted.includes(productIdOf(symbol)))
      .filter(({ orderId }) => ids === null || ids.includes(orderId))
      .filter(({ time }) => isWithin(time))
      .toReversed()
      .map((trade) => fillOf(trade, view));
    return page('fills', fills, params);
  }

  #bestBidAsk(params: URLSearchParams): object {
    const wanted = filterOf(params, ['product_ids']);
    const now = this.#core.now();
    const pricebooks = [...this.#core.markets.values()]
      .filter(({ listing }) => wanted === null || wanted.includes(productIdOf(listing.symbol)))
      .map((market) => bookOf(market, now));
    return { pricebooks };
  }

  #market(productId: string): SimMarket {
    const market = this.#core.markets.get(productId.replace('-', '/'));
    if (market === undefined)
      throw new CoinbaseError(404, 'NOT_FOUND', 'ProductID could not be found');
    return market;
  }
}

const CALLS: Readonly<Record<string, Call>> = {
  [`${ROOT}/orders/batch_cancel`]: 'cancel',
  [`${ROOT}/orders/historical/fills`]: 'trades',
  [`${ROOT}/accounts`]: 'balances',
  [`${ROOT}/key_permissions`]: 'identify',
  '/v2/time': 'time',
  [`${ROOT}/time`]: 'time',
  [`${ROOT}/market/products`]: 'markets',
  [`${ROOT}/market/product_book`]: 'quote',
  [`${ROOT}/best_bid_ask`]: 'quote',
};

const GRANULARITIES: Readonly<Record<string, Timeframe>> = {
  ONE_MINUTE: '1m',
  FIVE_MINUTE: '5m',
  FIFTEEN_MINUTE: '15m',
  THIRTY_MINUTE: '30m',
  ONE_HOUR: '1h',
  TWO_HOUR: '2h',
  SIX_HOUR: '6h',
  ONE_DAY: '1d',
};

const named = z.object({
  client_order_id: z.string().optional(),
  order_ids: z.array(z.string()).optional(),
});

const levels = z.object({
  bids: z.array(z.object({ price: z.string() })),
  asks: z.array(z.object({ price: z.string() })),
});

function bodyOf({ body }: WireRequest): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function lastOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

/** Values of parameters that may come singly, repeated or joined; null where none was sent. */
function filterOf(params: URLSearchParams, names: readonly string[]): readonly string[] | null {
  const values = names.flatMap((name) => params.getAll(name)).flatMap((each) => each.split(','));
  return values.length === 0 ? null : values;
}

/** From the start on, before the end. */
function spanOf(start: string | null, end: string | null): (time: EpochMs) => boolean {
  const from = start === null ? -Infinity : Date.parse(start);
  const to = end === null ? Infinity : Date.parse(end);
  return (time) => time >= from && time < to;
}

/** The cursor is where the next page begins. */
function page(name: string, items: readonly object[], params: URLSearchParams): object {
  const limit = Math.min(1000, Number(params.get('limit') ?? 100));
  const from = Number(params.get('cursor') ?? 0);
  const hasNext = items.length > from + limit;
  return {
    [name]: items.slice(from, from + limit),
    has_next: hasNext,
    cursor: hasNext ? String(from + limit) : '',
  };
}

function permissionsOf({ mayTrade, mayWithdraw }: ExchangeCore['permissions']): object {
  return {
    can_view: true,
    can_trade: mayTrade,
    can_transfer: mayWithdraw,
    portfolio_uuid: '3b910e93-0000-4000-8000-000000000001',
    portfolio_type: 'DEFAULT',
  };
}

function uuidOf(kind: string, n: number): string {
  const tail = n.toString(16).padStart(12, '0');
  return `52cfe5${kind}-0b29-4c19-a245-${tail}`;
}
