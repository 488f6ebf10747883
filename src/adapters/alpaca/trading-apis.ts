import type * as Sdk from '@alpacahq/alpaca-trade-api/rest';
import type { Network } from '../http/network.ts';
import { fetchWithin } from './sdk-calls.ts';

export interface ApiOptions {
  readonly keyId: string;
  readonly secret: string;
  readonly paper: boolean;
  /** A server on this machine in place of all of Alpaca's; null for the real ones. */
  readonly endpoint: string | null;
  readonly timeoutMs: number;
  /** Null for that of this machine; another one has no limits to keep to. */
  readonly network: Network | null;
}

export interface TradingApis {
  readonly sdk: typeof Sdk;
  /** For reads, which wait for one another. */
  readonly reads: Sdk.trading.Configuration;
  /** The same, for answers of any length. */
  readonly lists: Sdk.trading.Configuration;
  /** For one request that changes something, and says so before it leaves. */
  readonly acts: (onSend: () => void) => Sdk.trading.OrdersApi;
  readonly stocks: Sdk.marketData.StockApi;
  readonly coins: Sdk.marketData.CryptoApi;
}

/**
 * Alpaca counts 200 requests a minute: what reads and lists leave is for orders and cancels, which
 * wait for no limit of ours. What an order needs to know before it is sent is a read, and may.
 */
const READ_LIMIT = { maxRequests: 120, intervalMs: 60_000 };
const LIST_LIMIT = { maxRequests: 30, intervalMs: 60_000 };

/** An order is about 1 KB, a page of 500 of them half a MB, the list of all stocks about 10 MB. */
const MAX_BYTES = { order: 256 * 1024, read: 4 * 1024 * 1024, list: 32 * 1024 * 1024 };

/** Loads the SDK when it is first needed. It repeats no request unless it is told to. */
export async function loadTradingApis(options: ApiOptions): Promise<TradingApis> {
  const sdk = await import('@alpacahq/alpaca-trade-api/rest');
  const { keyId, secret, paper, endpoint, timeoutMs, network } = options;
  const within = (maxBytes: number) => fetchWithin({ timeoutMs, maxBytes, network });
  const shared = {
    keyId,
    secret,
    paper,
    // The clock of the guard starts when a request is sent, the SDK's with the wait for the limiter.
    timeoutMs: 0,
    ...(endpoint !== null && { basePath: endpoint }),
  };
  const limited = {
    ...shared,
    fetchApi: within(MAX_BYTES.read),
    ...(network === null && { rateLimit: READ_LIMIT }),
  };
  const data = new sdk.marketData.Configuration(limited);
  const act = within(MAX_BYTES.order);
  return {
    sdk,
    reads: new sdk.trading.Configuration(limited),
    lists: new sdk.trading.Configuration({
      ...shared,
      fetchApi: within(MAX_BYTES.list),
      ...(network === null && { rateLimit: LIST_LIMIT }),
    }),
    acts: (onSend) =>
      new sdk.trading.OrdersApi(
        new sdk.trading.Configuration({
          ...shared,
          fetchApi: (url: string, init: RequestInit) => {
            onSend();
            return act(url, init);
          },
        }),
      ),
    stocks: new sdk.marketData.StockApi(data),
    coins: new sdk.marketData.CryptoApi(data),
  };
}
