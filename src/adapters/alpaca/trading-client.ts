import type * as Sdk from '@alpacahq/alpaca-trade-api/rest';
import { ExchangeError } from '../../core/errors.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import { badAnswer } from './alpaca-faults.ts';
import type { WireOrder } from './order-request.ts';
import { SdkCalls, type SdkCall } from './sdk-calls.ts';
import { loadTradingApis, type ApiOptions, type TradingApis } from './trading-apis.ts';

export interface TradingClientOptions extends ApiOptions {
  readonly feed: Sdk.marketData.StockLatestFeed;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
}

/** What became of a request that may not be made twice. */
export type Attempt =
  | { readonly isSent: true; readonly answer: unknown }
  | { readonly isSent: boolean; readonly error: unknown };

export interface ActivityPage {
  readonly types: readonly Sdk.trading.ActivityType[];
  /** Exclusive. */
  readonly after: EpochMs;
  readonly size: number;
  /** Id of the last activity of the page before; null for the first page. */
  readonly pageToken: string | null;
}

export interface OrderPage {
  readonly status: 'open' | 'closed';
  readonly size: number;
  /** Where the page begins: behind a time of submission, or behind an order. */
  readonly behind: { readonly time: EpochMs } | { readonly orderId: string } | null;
}

/** No content. */
const CANCEL_TAKEN = 204;

/**
 * The endpoints that trading needs, each one request without a repetition: answers as parsed JSON
 * that nobody has looked at.
 */
export class AlpacaTradingClient {
  readonly #calls: SdkCalls<TradingApis>;
  readonly #feed: Sdk.marketData.StockLatestFeed;
  readonly #clock: Clock;
  #quietUntil: EpochMs = -Infinity;

  constructor(options: TradingClientOptions) {
    const { feed, redact, paper, clock } = options;
    this.#feed = feed;
    this.#clock = clock;
    this.#calls = new SdkCalls(() => loadTradingApis(options), {
      feed,
      redact,
      advice: {
        request: 'the symbol and what the account may do',
        keys:
          `APCA_API_KEY_ID and APCA_API_SECRET_KEY in the environment or .env: ` +
          `they must be of ${paper ? 'a paper' : 'a live'} account`,
      },
    });
  }

  /** Alpaca asked to be left alone, and that time is not over. */
  get isAskedForQuiet(): boolean {
    return this.#clock.now() < this.#quietUntil;
  }

  account(signal: AbortSignal): Promise<unknown> {
    return this.#ask('the account', signal, ({ sdk, reads }, init) =>
      new sdk.trading.AccountsApi(reads).getAccountRaw(init),
    );
  }

  positions(signal: AbortSignal): Promise<unknown> {
    return this.#ask('the positions', signal, ({ sdk, reads }, init) =>
      new sdk.trading.PositionsApi(reads).getAllOpenPositionsRaw(init),
    );
  }

  clock(signal: AbortSignal): Promise<unknown> {
    return this.#ask('the time', signal, ({ sdk, reads }, init) =>
      new sdk.trading.ClockApi(reads).legacyClockRaw(init),
    );
  }

  /** Null where Alpaca knows no such stock. */
  stock(symbol: SymbolName, signal: AbortSignal | null): Promise<unknown> {
    return orNull(
      this.#ask(`the terms of ${symbol}`, signal, ({ sdk, reads }, init) =>
        new sdk.trading.AssetsApi(reads).getV2AssetsSymbolOrAssetIdRaw(
          { symbolOrAssetId: symbol },
          init,
        ),
      ),
    );
  }

  /** All that can be traded of a class. */
  assets(assetClass: 'us_equity' | 'crypto', signal: AbortSignal | null): Promise<unknown> {
    return this.#ask('the list of assets', signal, ({ sdk, lists }, init) =>
      new sdk.trading.AssetsApi(lists).getV2AssetsRaw({ status: 'active', assetClass }, init),
    );
  }

  orders({ status, size, behind }: OrderPage, signal: AbortSignal): Promise<unknown> {
    return this.#ask(`${status} orders`, signal, ({ sdk, reads }, init) =>
      new sdk.trading.OrdersApi(reads).getAllOrdersRaw(
        {
          status,
          limit: size,
          direction: 'asc',
          nested: false,
          ...(behind !== null &&
            'time' in behind && { after: new Date(behind.time).toISOString() }),
          ...(behind !== null && 'orderId' in behind && { afterOrderId: behind.orderId }),
        },
        init,
      ),
    );
  }

  /** Null where it was not found. */
  order(orderId: string, signal: AbortSignal): Promise<unknown> {
    return orNull(
      this.#ask('an order', signal, ({ sdk, reads }, init) =>
        new sdk.trading.OrdersApi(reads).getOrderByOrderIDRaw({ orderId, nested: false }, init),
      ),
    );
  }

  /** Null where it was not found. Without a signal it is part of an act, and waits for no read. */
  orderByClientId(clientOrderId: string, signal: AbortSignal | null): Promise<unknown> {
    return orNull(
      this.#ask('an order', signal, ({ sdk, reads, acts }, init) => {
        const orders = signal === null ? acts(() => undefined) : new sdk.trading.OrdersApi(reads);
        return orders.getOrderByClientOrderIdRaw({ clientOrderId }, init);
      }),
    );
  }

  activities(
    { types, after, size, pageToken }: ActivityPage,
    signal: AbortSignal,
  ): Promise<unknown> {
    return this.#ask('activities', signal, ({ sdk, reads }, init) =>
      new sdk.trading.AccountActivitiesApi(reads).getAccountActivitiesRaw(
        {
          activityTypes: [...types],
          after: new Date(after),
          direction: 'asc',
          pageSize: size,
          ...(pageToken !== null && { pageToken }),
        },
        init,
      ),
    );
  }

  stockQuotes(symbols: readonly SymbolName[], signal: AbortSignal): Promise<unknown> {
    return this.#ask('quotes of stocks', signal, ({ stocks }, init) =>
      stocks.stockLatestQuotesRaw({ symbols: symbols.join(','), feed: this.#feed }, init),
    );
  }

  cryptoQuotes(symbols: readonly SymbolName[], signal: AbortSignal): Promise<unknown> {
    return this.#ask('quotes of crypto', signal, ({ coins }, init) =>
      coins.cryptoLatestQuotesRaw({ loc: 'us', symbols: symbols.join(',') }, init),
    );
  }

  /** Sends an order once. Never throws. */
  async place(order: WireOrder): Promise<Attempt> {
    let isSent = false;
    const onSend = (): void => {
      isSent = true;
    };
    try {
      const answer = await this.#ask('an order', null, ({ acts }, init) =>
        acts(onSend).postOrderRaw({ postOrderRequest: order }, init),
      );
      return { isSent: true, answer };
    } catch (error) {
      return { isSent, error };
    }
  }

  /** Throws an `ExchangeError` unless Alpaca took the cancel, which it does without a word. */
  async cancel(orderId: string): Promise<void> {
    const answer = this.#calls.raw('a cancel', null, ({ acts }, init) =>
      acts(() => undefined).deleteOrderByOrderIDRaw({ orderId }, init),
    );
    const { status } = await this.#heeded(answer);
    if (status !== CANCEL_TAKEN) {
      throw badAnswer('a cancel', `status ${CANCEL_TAKEN}`, `status ${status}`);
    }
  }

  /** Ends what is under way, and refuses what is asked from now on. */
  close(): void {
    this.#calls.close();
  }

  #ask(subject: string, signal: AbortSignal | null, call: SdkCall<TradingApis>): Promise<unknown> {
    return this.#heeded(this.#calls.ask(subject, signal, call));
  }

  async #heeded<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const pause = error instanceof ExchangeError ? error.retryAfterMs : null;
      if (pause !== null) this.#quietUntil = Math.max(this.#quietUntil, this.#clock.now() + pause);
      throw error;
    }
  }
}

async function orNull(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ExchangeError && error.details['status'] === 404) return null;
    throw error;
  }
}
