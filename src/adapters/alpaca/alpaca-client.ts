import type * as Sdk from '@alpacahq/alpaca-trade-api/rest';
import { ExchangeError } from '../../core/errors.ts';
import type { Adjustment, SymbolName } from '../../core/instrument.ts';
import type { TimeSpan } from '../../core/time.ts';
import type { Network } from '../http/network.ts';
import { redactor } from '../http/redaction.ts';
import { isCoin } from './alpaca-bars.ts';
import type { HistoricalFeed } from './alpaca-settings.ts';
import { fetchWithin, SdkCalls, type SdkCall } from './sdk-calls.ts';

export interface ClientOptions {
  readonly keyId: string;
  readonly secret: string;
  readonly feed: HistoricalFeed;
  readonly adjustment: Adjustment;
  /** A server on this machine in place of all of Alpaca's; null for the real ones. */
  readonly endpoint: string | null;
  readonly timeoutMs: number;
  /** That of this machine by default. */
  readonly network?: Network;
}

export interface BarRequest extends TimeSpan {
  readonly symbol: SymbolName;
  /** As Alpaca spells it: `15Min`. */
  readonly timeframe: string;
  readonly limit: number;
  readonly pageToken: string | null;
}

interface Apis {
  readonly sdk: typeof Sdk;
  readonly stocks: Sdk.marketData.StockApi;
  readonly coins: Sdk.marketData.CryptoApi;
  readonly assets: Sdk.trading.AssetsApi;
  readonly clock: Sdk.trading.ClockApi;
}

/** Alpaca counts requests by account: 200 a minute on the free plan. */
const RATE_LIMIT = { maxRequests: 200, intervalMs: 60_000 };

/** The list of all assets is about 10 MB, a full page of bars about 1 MB. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The endpoints that bars need, each one request: answers as parsed JSON that nobody has looked at.
 * The bodies are parsed here and not by the SDK, whose lossless parser takes ten times as long and
 * whose models promise more than they check.
 */
export class AlpacaClient {
  readonly #options: ClientOptions;
  readonly #calls: SdkCalls<Apis>;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#calls = new SdkCalls(() => loadApis(options), {
      feed: options.feed,
      redact: redactor([options.keyId, options.secret]),
      advice: {
        request: 'symbol, range, data.alpaca_feed and data.adjustment',
        keys: 'APCA_API_KEY_ID and APCA_API_SECRET_KEY in the environment or .env',
      },
    });
  }

  bars(request: BarRequest, signal: AbortSignal): Promise<unknown> {
    const { symbol, timeframe, from, to, limit, pageToken } = request;
    const { feed, adjustment } = this.#options;
    const asked = {
      symbols: symbol,
      timeframe,
      start: new Date(from),
      // Alpaca's end is inclusive, ours is not.
      end: new Date(to - 1),
      limit,
      sort: 'asc',
      ...(pageToken !== null && { pageToken }),
    } as const;
    return this.#ask(`bars of ${symbol}`, signal, ({ stocks, coins }, init) =>
      isCoin(symbol)
        ? coins.cryptoBarsRaw({ loc: 'us', ...asked }, init)
        : stocks.stockBarsRaw({ feed, adjustment, ...asked }, init),
    );
  }

  clock(signal: AbortSignal): Promise<unknown> {
    return this.#ask('the time', signal, ({ clock }, init) => clock.legacyClockRaw(init));
  }

  /** Null where Alpaca knows no such symbol. */
  async asset(symbol: SymbolName, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#ask(`the terms of ${symbol}`, signal, ({ assets }, init) =>
        assets.getV2AssetsSymbolOrAssetIdRaw({ symbolOrAssetId: symbol }, init),
      );
    } catch (error) {
      if (error instanceof ExchangeError && error.details['status'] === 404) return null;
      throw error;
    }
  }

  /** All of a class that can be traded: of stocks a long answer. */
  assets(assetClass: 'us_equity' | 'crypto', signal: AbortSignal): Promise<unknown> {
    return this.#ask('the list of assets', signal, ({ assets }, init) =>
      assets.getV2AssetsRaw({ status: 'active', assetClass }, init),
    );
  }

  /** Ends what is under way, and refuses what is asked from now on. */
  close(): void {
    this.#calls.close();
  }

  #ask(subject: string, signal: AbortSignal, call: SdkCall<Apis>): Promise<unknown> {
    return this.#calls.ask(subject, signal, call);
  }
}

/** Loads the SDK when it is first needed: most commands never do. */
async function loadApis(options: ClientOptions): Promise<Apis> {
  const sdk = await import('@alpacahq/alpaca-trade-api/rest');
  const { keyId, secret, endpoint, timeoutMs, network = null } = options;
  const shared = {
    keyId,
    secret,
    fetchApi: fetchWithin({ timeoutMs, maxBytes: MAX_BYTES, network }),
    // The clock of the guard starts when a request is sent; the SDK's would count the wait for the
    // limiter as well, and the sentence of that timeout would name no remedy.
    timeoutMs: 0,
    ...(network === null && { rateLimit: RATE_LIMIT }),
    ...(endpoint !== null && { basePath: endpoint }),
  };
  const data = new sdk.marketData.Configuration(shared);
  // Keys of paper accounts begin with PK, and only the paper host knows them.
  const trading = new sdk.trading.Configuration({ ...shared, paper: keyId.startsWith('PK') });
  return {
    sdk,
    stocks: new sdk.marketData.StockApi(data),
    coins: new sdk.marketData.CryptoApi(data),
    assets: new sdk.trading.AssetsApi(trading),
    clock: new sdk.trading.ClockApi(trading),
  };
}
