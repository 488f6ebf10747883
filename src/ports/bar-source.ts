import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { EpochMs, TimeSpan, Timeframe } from '../core/time.ts';

/**
 * A candle as a venue sent it, read but not judged: NaN stands where a field was missing or no
 * number, its time included. Prices in quote currency, volume in base units.
 */
export interface SourceBar {
  readonly openTime: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface SourceSeries {
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
}

export interface SourcePage {
  /** As sent: perhaps out of order, doubled, beyond what was asked for, or still forming. */
  readonly bars: readonly SourceBar[];
  /**
   * The page holds every bar the venue has from the start of the span asked for until here.
   * Always later than that start, so that whoever pages by it comes to an end; never past the end
   * of the span. What has not closed yet is not known to be complete: ask only up to there.
   */
  readonly completeTo: EpochMs;
}

/** What a venue says of a stream of candles. */
export interface BarUpdate extends SourceSeries {
  /** The last state of a candle that may still form. */
  readonly bar: SourceBar;
}

/**
 * Historical and forming candles of one venue. Every call may throw an `ExchangeError` (of which
 * `isRetryable` says whether asking again makes sense); an unknown symbol or timeframe is a
 * `ConfigError` that names the nearest match. No call retries: whoever pages does, by one rule for
 * all venues. A call whose signal aborts rejects at once with the signal's reason.
 */
export interface BarSource {
  /** As in the database: `coinbase`, `alpaca`. */
  readonly exchange: string;
  /** What the venue serves, shortest first. */
  readonly timeframes: readonly Timeframe[];
  /** Most bars of one page. */
  readonly pageBars: number;
  /** The venue's clock. */
  serverTime(signal: AbortSignal): Promise<EpochMs>;
  /** What the venue lets one trade of a symbol, today. */
  instrument(symbol: SymbolName, signal: AbortSignal): Promise<Instrument>;
  /** The first bars that open in the span, as many as one request brings. */
  page(series: SourceSeries, span: TimeSpan, signal: AbortSignal): Promise<SourcePage>;
  /**
   * Follows forming candles until the signal aborts, then resolves; rejects with an `ExchangeError` when the
   * stream breaks. Null where the venue streams none.
   */
  readonly watch:
    | ((
        series: readonly SourceSeries[],
        onUpdate: (update: BarUpdate) => void,
        signal: AbortSignal,
      ) => Promise<void>)
    | null;
  close(): Promise<void>;
}
