import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MINUTE_MS, type EpochMs, type TimeSpan } from '../../../src/core/time.ts';
import {
  AlpacaMarket,
  buckets,
  isAdjustment,
  type MarketQuery,
  type PlantedDividend,
  type PlantedSplit,
  type WireBar,
} from './alpaca-market.ts';

/** What can go wrong with one answer. */
export type AlpacaFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 200 with any text in place of the answer. */
  | { readonly kind: 'body'; readonly body: string }
  /** Half of the answer, under its own length. */
  | { readonly kind: 'truncated' }
  /** More bytes than anybody wants. */
  | { readonly kind: 'oversized'; readonly bytes: number }
  /** The connection ends before, or after half of, the answer. */
  | { readonly kind: 'drop'; readonly after: 'request' | 'headers' }
  /** Nothing is ever said, or a byte now and then. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'drip' }
  | { readonly kind: 'redirect'; readonly location: string }
  /** The answer, changed. */
  | { readonly kind: 'edit'; readonly edit: (answer: Answer) => unknown };

export interface BarsAnswer {
  readonly bars: Readonly<Record<string, readonly WireBar[]>>;
  readonly next_page_token: string | null;
}

export type Answer = BarsAnswer | Readonly<Record<string, unknown>> | readonly unknown[];

export interface AlpacaRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Reply {
  readonly status: number;
  readonly body: Answer;
}

interface ExchangeOptions {
  /** Symbols with bars, and their companies. */
  readonly symbols?: Readonly<Record<string, string>>;
  /** Symbols that are traded in whole shares only. */
  readonly whole?: readonly string[];
  readonly splits?: readonly PlantedSplit[];
  readonly dividends?: readonly PlantedDividend[];
  /** What the exchange's clock says; nothing later has happened. */
  readonly now?: EpochMs;
  /** The free plan has no SIP data of the last 15 minutes. */
  readonly plan?: 'free' | 'paid';
  /** Most bars of one page, whatever is asked for. */
  readonly pageBars?: number;
}

/** The pair of keys that opens the exchange; made up. */
export const ALPACA_KEYS = {
  APCA_API_KEY_ID: 'PKTESTCANARY00000001',
  APCA_API_SECRET_KEY: 'canarySecret/with+odd=characters0000000',
} as const;

const SYMBOLS = {
  AAPL: 'Apple Inc. Common Stock',
  MSFT: 'Microsoft Corporation Common Stock',
  'BRK.B': 'Berkshire Hathaway Inc.',
  NVDA: 'NVIDIA Corporation Common Stock',
};

/** Alpaca's data and trading endpoints for US stocks, on this machine, in their wire format. */
export class AlpacaExchange {
  /** Everything that was asked for, the first one first. */
  readonly requests: AlpacaRequest[] = [];
  now: EpochMs;
  #unanswered = 0;
  readonly #options: Required<Omit<ExchangeOptions, 'now'>>;
  readonly #market: AlpacaMarket;
  readonly #faults: { fault: AlpacaFault; path: string; times: number }[] = [];
  readonly #server: Server;
  readonly #drips = new Set<NodeJS.Timeout>();

  private constructor(options: ExchangeOptions) {
    const { splits = [], dividends = [], now = Date.parse('2024-12-31T21:00:00Z') } = options;
    this.now = now;
    this.#options = {
      symbols: options.symbols ?? SYMBOLS,
      whole: options.whole ?? ['BRK.B'],
      plan: options.plan ?? 'free',
      pageBars: options.pageBars ?? 10_000,
      splits,
      dividends,
    };
    this.#market = new AlpacaMarket({ splits, dividends });
    this.#server = createServer((request, response) => this.#serve(request, response));
  }

  static async start(options: ExchangeOptions = {}): Promise<AlpacaExchange> {
    const exchange = new AlpacaExchange(options);
    await new Promise<void>((resolve) => exchange.#server.listen(0, '127.0.0.1', resolve));
    return exchange;
  }

  /** `http://127.0.0.1:PORT`, as `data.endpoints.alpaca` takes it. */
  get url(): string {
    const address: string | AddressInfo | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Words of a command line that lead a process here; its environment needs `ALPACA_KEYS`. */
  get settings(): readonly string[] {
    return ['--set', `data.endpoints.alpaca=${this.url}`];
  }

  /** What the exchange has of a span (its end exclusive), by Alpaca's name of the timeframe. */
  bars(query: MarketQuery, { from, to }: TimeSpan): readonly WireBar[] {
    return [...this.#market.bars(query, { from, to, now: this.now })];
  }

  /** Requests that somebody still waits for. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** Spoils the next answers, of paths that begin so. */
  fail(fault: AlpacaFault, { times = 1, path = '/' } = {}): void {
    this.#faults.push({ fault, path, times });
  }

  async close(): Promise<void> {
    for (const timer of this.#drips) clearInterval(timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(incoming: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', this.url);
    const request = {
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: incoming.headers,
    };
    this.requests.push(request);
    this.#unanswered += 1;
    response.once('close', () => {
      this.#unanswered -= 1;
    });
    const { status, body } = this.#answer(request);
    const planned = this.#faults.find((each) => each.times > 0 && pathname.startsWith(each.path));
    if (planned === undefined) return send(response, status, JSON.stringify(body));
    planned.times -= 1;
    this.#spoil(planned.fault, response, { status, body });
  }

  #answer({ path, query, headers }: AlpacaRequest): Reply {
    const isKnown =
      headers['apca-api-key-id'] === ALPACA_KEYS.APCA_API_KEY_ID &&
      headers['apca-api-secret-key'] === ALPACA_KEYS.APCA_API_SECRET_KEY;
    if (path === '/v2/stocks/bars') {
      return isKnown ? this.#bars(query) : refusal(403, 'forbidden.');
    }
    if (!isKnown) return refusal(401, 'request is not authorized', 40_110_000);
    if (path === '/v2/clock') return { status: 200, body: this.#clock() };
    if (path === '/v2/assets') return { status: 200, body: this.#symbols().map(this.#asset) };
    const [, symbol] = /^\/v2\/assets\/([^/]+)$/.exec(path) ?? [];
    if (symbol === undefined) return refusal(404, 'endpoint not found.');
    const name = decodeURIComponent(symbol);
    return this.#symbols().includes(name)
      ? { status: 200, body: this.#asset(name) }
      : refusal(404, `asset not found for ${name}`, 40_410_000);
  }

  #bars(query: AlpacaRequest['query']): Reply {
    const asked = barsQuery(query, this.now);
    if ('status' in asked) return asked;
    const { feed, to, limit } = asked;
    if (this.#options.plan === 'free' && feed === 'sip' && to > this.now - 15 * MINUTE_MS) {
      return refusal(403, 'subscription does not permit querying recent SIP data', 42_210_000);
    }
    const symbols = asked.symbols.filter((symbol) => this.#symbols().includes(symbol));
    const rows = symbols.flatMap((symbol) => {
      const after = tokenOf(query['page_token'], symbol);
      if (after === null) return [];
      // Alpaca's end is inclusive.
      const span = { from: Math.max(asked.from, after), to: to + 1, now: this.now };
      const bars = this.#market.bars({ ...asked, symbol }, span);
      const found = asked.isDescending ? [...bars].toReversed() : first(bars, limit + 1);
      return found.map((bar) => ({ symbol, bar }));
    });
    return { status: 200, body: pageOf(rows, Math.min(limit, this.#options.pageBars)) };
  }

  #symbols(): readonly string[] {
    return Object.keys(this.#options.symbols);
  }

  #clock() {
    return {
      // Nanoseconds and New York's offset, as Alpaca writes it.
      timestamp: new Date(this.now - 5 * 60 * MINUTE_MS).toISOString().replace('Z', '123456-05:00'),
      is_open: false,
      next_open: '2025-01-02T09:30:00-05:00',
      next_close: '2025-01-02T16:00:00-05:00',
    };
  }

  readonly #asset = (symbol: string) => ({
    id: `00000000-0000-0000-0000-${Buffer.from(symbol).toString('hex').padStart(12, '0')}`,
    class: 'us_equity',
    exchange: 'NASDAQ',
    symbol,
    name: this.#options.symbols[symbol],
    status: 'active',
    tradable: true,
    marginable: true,
    shortable: true,
    easy_to_borrow: true,
    fractionable: !this.#options.whole.includes(symbol),
    attributes: [],
  });

  #spoil(fault: AlpacaFault, response: ServerResponse, { status, body }: Reply): void {
    const text = JSON.stringify(body);
    switch (fault.kind) {
      case 'status':
        return send(response, fault.status, fault.body ?? '{"message":"planted"}', fault.headers);
      case 'body':
        return send(response, 200, fault.body);
      case 'truncated':
        return send(response, 200, text.slice(0, text.length / 2));
      case 'oversized':
        return send(response, 200, `[${' '.repeat(fault.bytes)}]`);
      case 'redirect':
        return send(response, 302, '', { location: fault.location });
      case 'edit':
        return send(response, status, JSON.stringify(fault.edit(body)));
      case 'drop':
        if (fault.after === 'headers') {
          response.writeHead(200, { 'content-length': text.length });
          response.write(text.slice(0, text.length / 2), () => response.destroy());
        } else {
          response.destroy();
        }
        return;
      case 'hang':
        return;
      case 'drip':
        response.writeHead(200, { 'content-type': 'application/json' });
        this.#drips.add(setInterval(() => response.write(' '), 5));
    }
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'x-request-id': 'planted-request',
    // Sent with every answer, refused or not.
    'x-ratelimit-limit': '200',
    'x-ratelimit-remaining': '199',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 60),
    ...headers,
  });
  response.end(body);
}

interface BarsQuery extends Omit<MarketQuery, 'symbol'> {
  readonly symbols: readonly string[];
  readonly feed: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly limit: number;
  readonly isDescending: boolean;
}

const BARS_DEFAULTS = {
  symbols: '',
  timeframe: '',
  feed: 'sip',
  adjustment: 'raw',
  limit: '1000',
  sort: 'asc',
  start: '1970-01-01T00:00:00Z',
};

/** What a query asks for, or what Alpaca has against it. */
function barsQuery(query: AlpacaRequest['query'], now: EpochMs): BarsQuery | Reply {
  const {
    symbols,
    timeframe,
    feed,
    adjustment,
    start,
    end,
    limit: size,
    sort,
  } = {
    ...BARS_DEFAULTS,
    end: new Date(now).toISOString(),
    ...query,
  };
  const wanted = symbols.split(',').sort();
  const odd = wanted.find((each) => !/^[A-Z][A-Z.]*$/.test(each));
  const [from, to, limit] = [Date.parse(start), Date.parse(end), Number(size)];
  if (odd !== undefined) return refusal(400, `invalid symbol: ${odd}`);
  if (buckets(timeframe) === null) return refusal(400, `invalid timeframe: ${timeframe}`);
  if (!isAdjustment(adjustment)) return refusal(400, `invalid adjustment: ${adjustment}`);
  if (!(limit >= 1 && limit <= 10_000)) return refusal(400, 'invalid limit');
  if (!(from <= to)) return refusal(400, 'end should not be before start');
  const isDescending = sort === 'desc';
  return { symbols: wanted, timeframe, adjustment, feed, from, to, limit, isDescending };
}

function refusal(status: number, message: string, code?: number): Reply {
  return { status, body: { ...(code !== undefined && { code }), message } };
}

function first(bars: Generator<WireBar, void>, count: number): readonly WireBar[] {
  const taken: WireBar[] = [];
  for (const bar of bars) {
    taken.push(bar);
    if (taken.length === count) break;
  }
  return taken;
}

function pageOf(
  rows: readonly { readonly symbol: string; readonly bar: WireBar }[],
  size: number,
): BarsAnswer {
  const bars: Record<string, WireBar[]> = {};
  for (const { symbol, bar } of rows.slice(0, size)) (bars[symbol] ??= []).push(bar);
  const next = rows[size];
  const token =
    next === undefined ? null : Buffer.from(`${next.symbol}|${next.bar.t}`).toString('base64');
  return { bars, next_page_token: token };
}

/** From when on a page goes on with a symbol; null where it is past it. Tokens are opaque outside. */
function tokenOf(token: string | undefined, symbol: string): EpochMs | null {
  if (token === undefined) return -Infinity;
  const [at = '', time = ''] = Buffer.from(token, 'base64').toString().split('|');
  if (symbol < at) return null;
  return symbol === at ? Date.parse(time) : -Infinity;
}
