import * as z from 'zod';

const maybeNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? null);

/** What ccxt knows of a market; the rest of its record is of no use here. */
export const marketSchema = z.object({
  symbol: z.string(),
  quote: z.string(),
  spot: z.boolean().nullish(),
  maker: maybeNumber,
  taker: maybeNumber,
  /** Whether maker and taker are shares of the traded value. */
  percentage: z.boolean().nullish(),
  precision: z.object({ price: maybeNumber, amount: maybeNumber }),
  limits: z.object({ cost: z.object({ min: maybeNumber }).nullish() }),
});
export type Market = z.infer<typeof marketSchema>;

/** What one has to know of a market besides, to trade there. */
export const tradedMarketSchema = marketSchema.extend({
  id: z.string(),
  base: z.string(),
  limits: z.object({
    cost: z.object({ min: maybeNumber }).nullish(),
    amount: z.object({ min: maybeNumber }).nullish(),
  }),
  /** In the venue's own words. */
  info: z.unknown(),
});
export type TradedMarket = z.infer<typeof tradedMarketSchema>;

export interface FetchedAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  text(): Promise<string>;
}

export interface FetchRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export type Fetch = (url: string, request: FetchRequest) => Promise<FetchedAnswer>;

/** The part of a ccxt exchange that this program touches, with the types its answers really have. */
export interface CcxtExchange {
  readonly id: string;
  readonly has: Record<string, unknown>;
  readonly options: Record<string, unknown>;
  readonly urls: Record<string, unknown>;
  readonly timeframes: unknown;
  readonly features: unknown;
  readonly precisionMode: unknown;
  readonly markets: unknown;
  readonly currencies: unknown;
  /** Open WebSockets by URL. */
  readonly clients: unknown;
  readonly verbose: unknown;
  throttler: Throttler | undefined;
  throttle: (cost: number | undefined) => Promise<unknown>;
  /** Puts a fresh throttler in place of the present one. */
  initThrottler(): void;
  /** The name of an asset that all venues share, for one of its own. */
  safeCurrencyCode(id: string): unknown;
  log: (...items: unknown[]) => void;
  fetchImplementation: Fetch | undefined;
  /** Its clock, by which it dates and signs requests. */
  milliseconds: () => number;
  seconds: () => number;
  microseconds: () => number;
  nonce: () => number;
  parseOHLCV(row: unknown, market: unknown): unknown;
  parseOHLCVs: (rows: readonly unknown[], market?: unknown) => unknown;
  setMarkets(markets: unknown, currencies: unknown): unknown;
  loadMarkets(reload: boolean): Promise<unknown>;
  fetchTime(): Promise<unknown>;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number,
    limit: number,
    params: Readonly<Record<string, number>>,
  ): Promise<unknown>;
  watchOHLCV(symbol: string, timeframe: string): Promise<unknown>;
  loadHttpProxyAgent(): Promise<unknown>;
  loadProxyModules(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Lets calls through at a venue's pace, in the order they came. */
export interface Throttler {
  throttle(cost: number | undefined): Promise<unknown>;
}

/** How ccxt calls what an account is reached with. */
export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
}

export interface ExchangeSettings extends Partial<Credentials> {
  readonly enableRateLimit: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly options: Readonly<Record<string, unknown>>;
}

export type ExchangeClass = new (settings: ExchangeSettings) => CcxtExchange;
