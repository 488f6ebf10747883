import { ExchangeError } from '../../core/errors.ts';
import type { Instrument, SymbolName } from '../../core/instrument.ts';
import { timeframeMs, type EpochMs, type TimeSpan } from '../../core/time.ts';
import type { BarSource, SourceBar, SourcePage, SourceSeries } from '../../ports/bar-source.ts';
import {
  ALPACA_TIMEFRAMES,
  instantOf,
  isCoin,
  isDated,
  isRecord,
  readPage,
  wireTimeframe,
} from './alpaca-bars.ts';
import { AlpacaClient, type ClientOptions } from './alpaca-client.ts';
import { badAnswer } from './alpaca-faults.ts';
import { readCoin, readInstrument, unknownSymbol } from './alpaca-instrument.ts';
import { historicalFeed, requireKey } from './alpaca-settings.ts';

interface AlpacaOptions extends Omit<ClientOptions, 'keyId' | 'secret' | 'feed'> {
  /** Null where the user set none. */
  readonly keyId: string | null;
  readonly secret: string | null;
  /** `data.alpaca_feed`. */
  readonly feed: string;
}

const PAGE_BARS = 10_000;

/** An answer may hold no bar and yet announce more; how many of those in a row are believed. */
const EMPTY_PAGES_MAX = 20;

/**
 * Bars of US stocks and of coins by Alpaca's own client, which is loaded with the first request. One
 * source is one rate limiter. Throws a `ConfigError` where a key is missing or the feed has no past.
 */
export function createAlpacaBarSource({ keyId, secret, feed, ...rest }: AlpacaOptions): BarSource {
  const client = new AlpacaClient({
    ...rest,
    keyId: requireKey('APCA_API_KEY_ID', keyId),
    secret: requireKey('APCA_API_SECRET_KEY', secret),
    feed: historicalFeed(feed),
  });
  return new AlpacaBarSource(client);
}

class AlpacaBarSource implements BarSource {
  readonly exchange = 'alpaca';
  readonly timeframes = ALPACA_TIMEFRAMES;
  readonly pageBars = PAGE_BARS;
  /**
   * Alpaca streams finished minutes alone, to one connection an account: whoever collects would
   * take it from whoever trades, and gain nothing over asking after the minute.
   */
  readonly watch = null;
  readonly #client: AlpacaClient;
  readonly #known = new Set<SymbolName>();

  constructor(client: AlpacaClient) {
    this.#client = client;
  }

  async serverTime(signal: AbortSignal): Promise<EpochMs> {
    const answer = await this.#client.clock(signal);
    const time = instantOf(isRecord(answer) ? answer['timestamp'] : null);
    if (Number.isNaN(time)) throw badAnswer('the time', 'a timestamp', 'none');
    return time;
  }

  async instrument(symbol: SymbolName, signal: AbortSignal): Promise<Instrument> {
    const instrument = await (isCoin(symbol)
      ? this.#coin(symbol, signal)
      : this.#stock(symbol, signal));
    this.#known.add(symbol);
    return instrument;
  }

  async page(series: SourceSeries, span: TimeSpan, signal: AbortSignal): Promise<SourcePage> {
    const { symbol } = series;
    const timeframe = wireTimeframe(series);
    const bars: SourceBar[] = [];
    let pageToken: string | null = null;
    for (let asked = 0; asked < EMPTY_PAGES_MAX; asked += 1) {
      const request = { symbol, timeframe, ...span, limit: PAGE_BARS, pageToken };
      const answer = await this.#bars(request, signal);
      const page = readPage(answer, series);
      for (const bar of page.bars) if (!isRoundedIn(bar, series, span)) bars.push(bar);
      pageToken = page.nextToken;
      if (pageToken === null) {
        if (bars.length === 0) await this.#requireKnown(symbol, signal);
        return { bars, completeTo: span.to };
      }
      const completeTo = reachOf(page.bars, span) + timeframeMs(series.timeframe);
      if (completeTo > span.from) return { bars, completeTo: Math.min(completeTo, span.to) };
    }
    throw badAnswer(`bars of ${symbol}`, 'an end', `${EMPTY_PAGES_MAX} pages without a bar`);
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  async #stock(symbol: SymbolName, signal: AbortSignal): Promise<Instrument> {
    const asset = await this.#client.asset(symbol, signal);
    if (asset === null) throw unknownSymbol(symbol, await this.#client.assets('us_equity', signal));
    return readInstrument(asset, symbol);
  }

  async #coin(symbol: SymbolName, signal: AbortSignal): Promise<Instrument> {
    const coins = await this.#client.assets('crypto', signal);
    const coin = readCoin(coins, symbol);
    if (coin === null) throw unknownSymbol(symbol, coins);
    return coin;
  }

  async #bars(request: Parameters<AlpacaClient['bars']>[0], signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#client.bars(request, signal);
    } catch (error) {
      if (!isSymbolRefused(error)) throw error;
      const { symbol } = request;
      const kind = isCoin(symbol) ? 'crypto' : 'us_equity';
      throw unknownSymbol(symbol, await this.#client.assets(kind, signal));
    }
  }

  /** No bars is also what a symbol that does not exist has. */
  async #requireKnown(symbol: SymbolName, signal: AbortSignal): Promise<void> {
    if (!this.#known.has(symbol)) await this.instrument(symbol, signal);
  }
}

/**
 * 00:00Z is still the evening before in New York, and Alpaca may round the start of a span down to
 * the bar that holds it. That bar was not asked for: on a weekend it would be the whole answer, and
 * look like a page that never ends.
 */
function isRoundedIn({ openTime }: SourceBar, { timeframe }: SourceSeries, { from }: TimeSpan) {
  return isDated(timeframe) && openTime < from && openTime >= from - timeframeMs(timeframe);
}

/** When the last bar inside the span opens; before everything where there is none. */
function reachOf(bars: readonly SourceBar[], { from, to }: TimeSpan): EpochMs {
  let last = -Infinity;
  for (const { openTime } of bars) {
    if (openTime >= from && openTime < to && openTime > last) last = openTime;
  }
  return last;
}

function isSymbolRefused(error: unknown): boolean {
  return (
    error instanceof ExchangeError &&
    error.kind === 'rejected' &&
    /invalid symbol/i.test(error.message)
  );
}
