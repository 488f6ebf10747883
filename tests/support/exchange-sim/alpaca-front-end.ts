import type { Timeframe } from '../../../src/core/time.ts';
import {
  accountOf,
  assetOf,
  barOf,
  feeOf,
  fillOf,
  isStock,
  orderOf,
  positionsOf,
  quoteOf,
  stamp,
  statusOf,
  STOCKS,
  wireSymbol,
} from './alpaca-encoding.ts';
import { AlpacaError, alpacaRefusal, ERRORS } from './alpaca-errors.ts';
import { uuidOf } from './alpaca-ids.ts';
import { wishOf, type WireBody } from './alpaca-wishes.ts';
import type { ExchangeCore } from './exchange-core.ts';
import type { SimOrder, SimTrade, VenueRules } from './exchange-types.ts';
import type { ExchangeView } from './exchange-view.ts';
import type { Call } from './fates.ts';
import { isOpen } from './order-store.ts';
import type { SimMarket } from './sim-market.ts';
import { plain } from './units.ts';
import {
  json,
  type FrontEnd,
  type Subject,
  type Trouble,
  type WireRequest,
  type WireResponse,
} from './wire.ts';

export const ALPACA_RULES: VenueRules = {
  orderId: (n) => uuidOf(`order ${n}`),
  tradeId: (n) => uuidOf(`execution ${n}`),
  feeTaking: 'received',
  makerFee: '0.0015',
  takerFee: '0.0025',
  feeAsset: { asset: 'USD', price: '1' },
  uniqueIds: 'ever',
  refusesTriggered: false,
  unfilledState: 'canceled',
  isFree: (symbol) => STOCKS.has(symbol.split('/')[0] ?? ''),
};

interface ApiKey {
  readonly apiKey: string;
  readonly secret: string;
}

const DAY = 86_400_000;
const NEW_YORK = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });

/** Alpaca's trading and latest quotes: https://docs.alpaca.markets/reference */
export class AlpacaFrontEnd implements FrontEnd {
  readonly exchange = 'alpaca';
  readonly #core: ExchangeCore;
  readonly #key: ApiKey;

  constructor(core: ExchangeCore, key: ApiKey) {
    this.#core = core;
    this.#key = key;
  }

  callOf({ method, path, query }: WireRequest): Call {
    if (path === '/v2/orders') {
      if (method === 'POST') return 'place';
      return new URLSearchParams(query).get('status') === 'open' ? 'open' : 'closed';
    }
    if (path.startsWith('/v2/orders')) return method === 'DELETE' ? 'cancel' : 'order';
    if (path.startsWith('/v2/assets')) return 'markets';
    return CALLS[path] ?? 'other';
  }

  subjectOf({ method, path, query, body }: WireRequest): Subject {
    const [, orderId = null] = /^\/v2\/orders\/([^/]+)$/.exec(path) ?? [];
    const named = method === 'POST' ? bodyOf(body)?.['client_order_id'] : null;
    const asked = new URLSearchParams(query).get('client_order_id');
    return { orderId, clientId: typeof named === 'string' ? named : asked };
  }

  answer(request: WireRequest): WireResponse {
    try {
      if (!this.#isOpen(request)) this.#authenticate(request);
      return this.#answer(request);
    } catch (error) {
      if (error instanceof AlpacaError) return json(error.status, error.body);
      throw error;
    }
  }

  trouble(trouble: Trouble): WireResponse {
    switch (trouble.kind) {
      case 'server-error':
        return json(trouble.status, {
          code: 50_010_000,
          message: 'internal server error occurred',
        });
      case 'rate-limit':
        return tooMany(trouble.retryAfterS);
      case 'ban':
        return tooMany(Math.ceil((trouble.until - this.#core.now()) / 1000));
    }
  }

  withoutId(response: WireResponse): WireResponse {
    return { ...response, body: '{}' };
  }

  /** Messages of the stream for what happened to an order from one moment to the next. */
  updateOf(order: SimOrder, before: SimOrder | undefined): object {
    const market = this.#core.market(order.symbol);
    const trade = this.#core.store.trades().findLast(({ orderId }) => orderId === order.id);
    const isFill = order.filled > (before?.filled ?? 0n) && trade !== undefined;
    const status = statusOf(order);
    return {
      stream: 'trade_updates',
      data: {
        event: isFill ? (order.state === 'filled' ? 'fill' : 'partial_fill') : status,
        execution_id: isFill ? trade.id : uuidOf(`${order.id} ${status}`),
        timestamp: stamp(order.updatedAt),
        ...(isFill && tradeFields(trade)),
        order: orderOf(order, market, null),
      },
    };
  }

  isKey(keyId: unknown, secret: unknown): boolean {
    return keyId === this.#key.apiKey && secret === this.#key.secret;
  }

  #isOpen({ path }: WireRequest): boolean {
    return path.startsWith('/v1beta3/crypto/');
  }

  #authenticate({ headers }: WireRequest): void {
    if (!this.isKey(headers['apca-api-key-id'], headers['apca-api-secret-key'])) {
      throw ERRORS.badKey();
    }
  }

  #answer({ method, path, query, body }: WireRequest): WireResponse {
    const params = new URLSearchParams(query);
    const [, id] = /^\/v2\/orders\/([^/]+)$/.exec(path) ?? [];
    if (id !== undefined) return method === 'DELETE' ? this.#cancel(id) : this.#order({ id });
    if (path.startsWith('/v2/assets/')) return this.#asset(decodeURIComponent(path.slice(11)));
    const routes: Readonly<Record<string, () => WireResponse>> = {
      'POST /v2/orders': () => this.#place(bodyOf(body)),
      'GET /v2/orders': () => json(200, this.#orders(params)),
      'GET /v2/orders:by_client_order_id': () =>
        this.#order({ clientId: params.get('client_order_id') ?? '' }),
      'GET /v2/account': () => json(200, accountOf(this.#core, this.#core.view())),
      'GET /v2/positions': () => json(200, positionsOf(this.#core, this.#core.view())),
      'GET /v2/account/activities': () => json(200, this.#activities(params)),
      'GET /v2/clock': () => json(200, this.#clock()),
      'GET /v2/assets': () => json(200, this.#assets(params.get('asset_class'))),
      'GET /v2/stocks/quotes/latest': () => json(200, this.#quotes(params)),
      'GET /v1beta3/crypto/us/latest/quotes': () => json(200, this.#quotes(params)),
      'GET /v1beta3/crypto/us/bars': () => json(200, this.#bars(params)),
    };
    const route = routes[`${method} ${path}`];
    if (route === undefined) throw ERRORS.noPath();
    return route();
  }

  #place(body: WireBody | null): WireResponse {
    if (body === null) throw ERRORS.malformed();
    const market = this.#market(body['symbol']);
    if (market === undefined) throw alpacaRefusal('unknown-symbol');
    if (!this.#core.permissions.mayTrade) {
      throw new AlpacaError(403, 40_310_000, 'account is not authorized to trade');
    }
    const placed = this.#core.desk.place(wishOf(body, market));
    if (placed.kind === 'refused') throw alpacaRefusal(placed.reason);
    return json(200, orderOf(placed.order, market, null));
  }

  #cancel(id: string): WireResponse {
    const { store } = this.#core;
    const known = store.get(id);
    if (known === undefined) throw ERRORS.noOrder(id);
    if (!isOpen(known)) throw ERRORS.notCancelable(known.state);
    this.#core.desk.cancel(id);
    return { status: 204, headers: {}, body: '' };
  }

  #order(named: { readonly id: string } | { readonly clientId: string }): WireResponse {
    const view = this.#core.view();
    const order = view.order((each) =>
      'id' in named ? each.id === named.id : each.clientId === named.clientId,
    );
    if (order === undefined) throw ERRORS.noOrder('id' in named ? named.id : named.clientId);
    return json(200, orderOf(order, this.#core.market(order.symbol), view.statusWord));
  }

  #orders(params: URLSearchParams): readonly object[] {
    const view = this.#core.view();
    const isAsked = (order: SimOrder) => isOpen(order) === (params.get('status') === 'open');
    const after = Date.parse(params.get('after') ?? '1970-01-01T00:00:00Z');
    const sorted = view.orders().filter((order) => order.createdAt > after);
    const behind = params.get('after_order_id');
    const from = behind === null ? 0 : sorted.findIndex(({ id }) => id === behind) + 1;
    return sorted
      .slice(from)
      .filter(isAsked)
      .slice(0, Number(params.get('limit') ?? 50))
      .map((order) => orderOf(order, this.#core.market(order.symbol), view.statusWord));
  }

  #activities(params: URLSearchParams): readonly object[] {
    const types = new Set((params.get('activity_types') ?? '').split(','));
    const view = this.#core.view();
    const after = Date.parse(params.get('after') ?? '1970-01-01T00:00:00Z');
    const rows = types.has('FILL')
      ? view.trades().flatMap((trade) => (trade.time > after ? [this.#fill(trade)] : []))
      : view.trades().flatMap((trade) => this.#fee(trade, view, after) ?? []);
    const token = params.get('page_token');
    const from = token === null ? 0 : rows.findIndex((row) => 'id' in row && row.id === token) + 1;
    return rows.slice(from, from + Number(params.get('page_size') ?? 100));
  }

  #fill(trade: SimTrade): object {
    const { store } = this.#core;
    const order = store.get(trade.orderId);
    if (order === undefined) throw new Error(`no order of trade ${trade.id}`);
    const trades = store.trades().filter(({ orderId }) => orderId === trade.orderId);
    const earlier = trades.slice(
      0,
      trades.findIndex(({ id }) => id === trade.id),
    );
    const before = earlier.reduce((sum, { quantity }) => sum + quantity, 0n);
    return fillOf(trade, this.#core.market(trade.symbol), order, before);
  }

  /** Fees are told when the day in New York is over, or later, and are dated with that day. */
  #fee(trade: SimTrade, view: ExchangeView, after: number): object | null {
    const market = this.#core.market(trade.symbol);
    const date = NEW_YORK.format(trade.time);
    const isOver = NEW_YORK.format(this.#core.now()) > date && Date.parse(date) + DAY > after;
    if (isStock(market) || !isOver || view.feeOf(trade) === null || trade.fee.amount === 0n) {
      return null;
    }
    return feeOf(trade, market, date);
  }

  #clock(): object {
    const now = this.#core.now();
    const day = now - (now % DAY);
    return {
      timestamp: new Date(now - DAY / 6).toISOString().replace('Z', '123456-04:00'),
      is_open: true,
      next_open: stamp(day + DAY).replace('123456Z', 'Z'),
      next_close: stamp(day + DAY / 2).replace('123456Z', 'Z'),
    };
  }

  #assets(assetClass: string | null): readonly object[] {
    return [...this.#core.markets.values()]
      .filter((market) => isStock(market) === (assetClass === 'us_equity'))
      .map(assetOf);
  }

  #asset(symbol: string): WireResponse {
    const market = this.#market(symbol);
    if (market === undefined) throw ERRORS.noAsset(symbol);
    return json(200, assetOf(market));
  }

  #quotes(params: URLSearchParams): object {
    const symbols = (params.get('symbols') ?? '').split(',');
    const found = symbols.flatMap((symbol) => {
      const market = this.#market(symbol);
      return market === undefined ? [] : [[symbol, quoteOf(market, this.#core.now())] as const];
    });
    return { quotes: Object.fromEntries(found) };
  }

  /** https://docs.alpaca.markets/reference/cryptobars-1: none of a symbol where nobody traded. */
  #bars(params: URLSearchParams): object {
    const [from, to] = ['start', 'end'].map((name) => Date.parse(params.get(name) ?? ''));
    const timeframe = BAR_LENGTHS[params.get('timeframe') ?? ''];
    const market = this.#market(params.get('symbols'));
    if (timeframe === undefined || from === undefined || to === undefined) throw ERRORS.malformed();
    // The end is within.
    const bars = market?.candles(timeframe, from, to + 1).map(barOf) ?? [];
    const found = market === undefined || bars.length === 0 ? {} : { [wireSymbol(market)]: bars };
    return { bars: found, next_page_token: null };
  }

  #market(symbol: unknown): SimMarket | undefined {
    return [...this.#core.markets.values()].find((market) => wireSymbol(market) === symbol);
  }
}

function tooMany(seconds: number): WireResponse {
  const body = { code: 42_910_000, message: 'rate limit exceeded' };
  return json(429, body, { 'retry-after': String(seconds) });
}

function tradeFields(trade: SimTrade): object {
  return { price: plain(trade.price), qty: plain(trade.quantity), position_qty: '0' };
}

const CALLS: Readonly<Record<string, Call>> = {
  '/v2/account': 'balances',
  '/v2/positions': 'balances',
  '/v2/account/activities': 'trades',
  '/v2/clock': 'time',
  '/v2/stocks/quotes/latest': 'quote',
  '/v1beta3/crypto/us/latest/quotes': 'quote',
  '/v1beta3/crypto/us/bars': 'candles',
};

const BAR_LENGTHS: Readonly<Record<string, Timeframe>> = { '1Min': '1m', '1Hour': '1h' };

function bodyOf(text: string): WireBody | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : null;
  } catch {
    return null;
  }
}
