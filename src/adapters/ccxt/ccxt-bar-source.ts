import * as z from 'zod';
import { ConfigError, ExchangeError } from '../../core/errors.ts';
import type { Instrument, SymbolName } from '../../core/instrument.ts';
import {
  TIMEFRAMES,
  timeframeMs,
  type EpochMs,
  type TimeSpan,
  type Timeframe,
} from '../../core/time.ts';
import type { BarSource, SourcePage, SourceSeries } from '../../ports/bar-source.ts';
import { createScope, type Answer, type CallScopes } from './call-scope.ts';
import { candleRequest, holdsEmptyList, provenUntil, sourceBars } from './candle-rows.ts';
import { followCandles } from './candle-stream.ts';
import { marketSchema, type CcxtExchange, type Market } from './ccxt-exchange.ts';
import { exchangeFault } from './ccxt-faults.ts';
import type { FindNearest } from './exchange-class.ts';
import { instrumentOf, unknownSymbol } from './market-instrument.ts';
import { untilAborted } from './until-aborted.ts';
import type { VenueProfile } from './venue-profile.ts';

export interface CcxtParts {
  readonly exchange: CcxtExchange;
  readonly profile: VenueProfile;
  readonly scopes: CallScopes;
  readonly nearest: FindNearest;
  /** Opens another exchange of the same class, for streams. */
  readonly reopen: () => Promise<CcxtExchange>;
  /** Aborts what is under way when the source is closed. */
  readonly closing: AbortController;
}

/** Where ccxt says nothing of the size of a page, a size that no venue refuses. */
const SMALL_PAGE = 100;

const featuresSchema = z.object({
  spot: z.object({ fetchOHLCV: z.object({ limit: z.int().positive() }) }),
});

/** What one call brought, and the last answer behind it. */
interface Reply {
  readonly value: unknown;
  readonly answer: Answer | null;
}

/** Candles of one crypto exchange, through ccxt. */
export class CcxtBarSource implements BarSource {
  readonly exchange: string;
  readonly timeframes: readonly Timeframe[];
  readonly pageBars: number;
  readonly watch: BarSource['watch'];
  readonly #parts: CcxtParts;
  #markets: Promise<ReadonlyMap<SymbolName, Market>> | null = null;
  #loadedBefore = false;

  constructor(parts: CcxtParts) {
    const { exchange, profile } = parts;
    this.#parts = parts;
    this.exchange = exchange.id;
    this.timeframes = timeframesOf(exchange, profile);
    const features = featuresSchema.safeParse(exchange.features);
    this.pageBars = profile.pageBars ?? features.data?.spot.fetchOHLCV.limit ?? SMALL_PAGE;
    this.watch =
      exchange.has['watchOHLCV'] === true
        ? (series, onUpdate, signal) => this.#follow(series, onUpdate, signal)
        : null;
  }

  async serverTime(signal: AbortSignal): Promise<EpochMs> {
    const { exchange } = this.#parts;
    const what = 'its time';
    if (exchange.has['fetchTime'] === true) {
      const { value, answer } = await this.#call(what, signal, () => exchange.fetchTime());
      if (Number.isSafeInteger(value)) return Number(value);
      throw exchangeFault(this.exchange, what, new Error('no time in the answer'), answer);
    }
    // The rest say it along with anything: here with the smallest page there is.
    const [symbol = ''] = (await this.#listed(signal)).keys();
    const [timeframe = '1d'] = this.timeframes;
    const since = Date.now() - 2 * timeframeMs(timeframe);
    const { answer } = await this.#call(what, signal, () =>
      exchange.fetchOHLCV(symbol, timeframe, since, 1, {}),
    );
    return answer?.date ?? Date.now();
  }

  async instrument(symbol: SymbolName, signal: AbortSignal): Promise<Instrument> {
    const market = await this.#market(symbol, signal);
    return instrumentOf(market, this.#parts.exchange.precisionMode);
  }

  async page(series: SourceSeries, span: TimeSpan, signal: AbortSignal): Promise<SourcePage> {
    const { exchange, profile } = this.#parts;
    const { symbol, timeframe } = series;
    this.#checkTimeframe(timeframe);
    await this.#market(symbol, signal);
    const style = profile.answers;
    const request = candleRequest(span, timeframe, this.pageBars, style);
    if (request === null) return { bars: [], completeTo: span.to };
    const { since, limit, params } = request;
    const { value, answer } = await this.#call(`${symbol} ${timeframe}`, signal, () =>
      exchange.fetchOHLCV(symbol, timeframe, since, limit, params),
    );
    const bars = sourceBars(value);
    const saysNone = bars.length === 0 && answer !== null && holdsEmptyList(answer.body);
    const reply = { exchange: this.exchange, style, timeframe, span, request, bars, saysNone };
    return { bars, completeTo: provenUntil(reply) };
  }

  async close(): Promise<void> {
    this.#parts.closing.abort(new ExchangeError(`${this.exchange} is closed`, { kind: 'network' }));
  }

  async #follow(...[series, onUpdate, signal]: Parameters<NonNullable<BarSource['watch']>>) {
    const { exchange, reopen, closing } = this.#parts;
    const either = AbortSignal.any([signal, closing.signal]);
    const open = async () => {
      const stream = await reopen();
      stream.setMarkets(exchange.markets, exchange.currencies);
      return stream;
    };
    try {
      for (const { symbol, timeframe } of series) {
        this.#checkTimeframe(timeframe);
        await this.#market(symbol, either);
      }
      await followCandles(open, series, onUpdate, either);
    } catch (error) {
      // To be called off is how following ends, also before it has begun.
      if (!either.aborted) throw error;
    }
  }

  #checkTimeframe(timeframe: Timeframe): void {
    if (this.timeframes.includes(timeframe)) return;
    throw new ConfigError(
      `a timeframe that ${this.exchange} serves was expected, was "${timeframe}"; ` +
        `one of ${this.timeframes.join(', ')}`,
    );
  }

  async #market(symbol: SymbolName, signal: AbortSignal): Promise<Market> {
    const listed = await this.#listed(signal);
    const market = listed.get(symbol);
    if (market !== undefined) return market;
    throw unknownSymbol(this.exchange, symbol, [...listed.keys()], this.#parts.nearest);
  }

  /** Spot markets, loaded once for all callers: none of them alone may call it off. */
  async #listed(signal: AbortSignal): Promise<ReadonlyMap<SymbolName, Market>> {
    this.#markets ??= this.#loadMarkets().catch((error: unknown) => {
      this.#markets = null;
      throw error;
    });
    return untilAborted(this.#markets, signal);
  }

  async #loadMarkets(): Promise<ReadonlyMap<SymbolName, Market>> {
    const { exchange, closing } = this.#parts;
    const what = 'a list of markets';
    // ccxt keeps a failed attempt for ever unless told to begin anew.
    const anew = this.#loadedBefore;
    this.#loadedBefore = true;
    const { value, answer } = await this.#call(what, closing.signal, () =>
      exchange.loadMarkets(anew),
    );
    const records = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
    const markets = Object.values(records).flatMap((record) => {
      const market = marketSchema.safeParse(record).data;
      return market?.spot === true ? [market] : [];
    });
    if (markets.length > 0) return new Map(markets.map((each) => [each.symbol, each]));
    throw exchangeFault(this.exchange, what, new Error('no markets in the answer'), answer);
  }

  /** Runs a call of ccxt; what it throws becomes an `ExchangeError`, unless the signal aborted it. */
  async #call(wanted: string, signal: AbortSignal, work: () => Promise<unknown>): Promise<Reply> {
    signal.throwIfAborted();
    const scope = createScope(signal, 'read');
    try {
      const value = await untilAborted(this.#parts.scopes.run(scope, work), signal);
      return { value, answer: scope.answer };
    } catch (error) {
      signal.throwIfAborted();
      throw exchangeFault(this.exchange, wanted, error, scope.answer);
    }
  }
}

/** The venue's timeframes that this program knows, shortest first. */
function timeframesOf(exchange: CcxtExchange, profile: VenueProfile): readonly Timeframe[] {
  const served = z.record(z.string(), z.unknown()).safeParse(exchange.timeframes);
  return TIMEFRAMES.filter((each) => Object.hasOwn(served.data ?? {}, each))
    .filter((each) => each !== '1w' || profile.mondayWeeks)
    .sort((one, other) => timeframeMs(one) - timeframeMs(other));
}
