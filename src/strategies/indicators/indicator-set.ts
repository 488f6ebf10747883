import type { Bar } from '../../core/bar.ts';
import { StrategyError } from '../../core/errors.ts';
import { Atr } from './atr.ts';
import type { AtrOptions } from './atr.ts';
import { BollingerBands } from './bollinger-bands.ts';
import type { BollingerBandsOptions } from './bollinger-bands.ts';
import { Ema } from './ema.ts';
import type { EmaOptions } from './ema.ts';
import { sourceReader } from './indicator-source.ts';
import type { IndicatorSource } from './indicator-source.ts';
import type { BarIndicator, ValueIndicator } from './indicator.ts';
import type { LibraryName, LibraryOptionsOf, LibraryValueOf } from './library-catalogue.ts';
import { libraryIndicator } from './library-indicator.ts';
import type { LibraryIndicator } from './library-stream.ts';
import { Macd } from './macd.ts';
import type { MacdOptions } from './macd.ts';
import { Rsi } from './rsi.ts';
import type { RsiOptions } from './rsi.ts';
import { Sma } from './sma.ts';
import type { SmaOptions } from './sma.ts';
import { StandardDeviation } from './standard-deviation.ts';
import type { StandardDeviationOptions } from './standard-deviation.ts';
import { ZScore } from './z-score.ts';
import type { ZScoreOptions } from './z-score.ts';

/** The readings of an indicator without the means to feed it: the engine alone does that. */
export type Readings<T> = Omit<T, 'update'>;

type Sourced<Options> = Options & {
  /** What of each bar is read; the close when absent. */
  readonly source?: IndicatorSource;
};

/** Makes indicators that the engine feeds with every closed bar before the strategy sees it. */
export interface Indicators {
  sma(options: Sourced<SmaOptions>): Readings<Sma>;
  ema(options: Sourced<EmaOptions>): Readings<Ema>;
  standardDeviation(options: Sourced<StandardDeviationOptions>): Readings<StandardDeviation>;
  bollingerBands(options: Sourced<BollingerBandsOptions>): Readings<BollingerBands>;
  zScore(options: Sourced<ZScoreOptions>): Readings<ZScore>;
  rsi(options: Sourced<RsiOptions>): Readings<Rsi>;
  macd(options: Sourced<MacdOptions>): Readings<Macd>;
  atr(options: AtrOptions): Readings<Atr>;
  /**
   * An indicator of the package `technicalindicators`, with its options and readings as the
   * package names them: `library('stochastic', { period: 14, signalPeriod: 3 }).value.k`.
   */
  library<Name extends LibraryName>(
    name: Name,
    options: LibraryOptionsOf<Name>,
  ): Readings<LibraryIndicator<LibraryValueOf<Name>>>;
  /** Feeds a strategy's own indicator with one number a bar. */
  onValues<T extends ValueIndicator>(indicator: T, source?: IndicatorSource): T;
  /** Feeds a strategy's own indicator with whole bars. */
  onBars<T extends BarIndicator>(indicator: T): T;
}

/** The indicators of one strategy on one symbol, fed together. */
export class IndicatorSet implements Indicators {
  readonly #feeds: ((bar: Bar) => void)[] = [];
  #warmup = 0;
  #isSealed = false;

  /** Bars until the slowest of them is independent of where the stream began. */
  get warmup(): number {
    return this.#warmup;
  }

  /** Refuses further indicators: one made later would have missed the bars so far. */
  seal(): void {
    this.#isSealed = true;
  }

  update(bar: Bar): void {
    const feeds = this.#feeds;
    for (let i = 0; i < feeds.length; i++) feeds[i]?.(bar);
  }

  sma(options: Sourced<SmaOptions>): Readings<Sma> {
    return this.onValues(new Sma(options), options.source);
  }

  ema(options: Sourced<EmaOptions>): Readings<Ema> {
    return this.onValues(new Ema(options), options.source);
  }

  standardDeviation(options: Sourced<StandardDeviationOptions>): Readings<StandardDeviation> {
    return this.onValues(new StandardDeviation(options), options.source);
  }

  bollingerBands(options: Sourced<BollingerBandsOptions>): Readings<BollingerBands> {
    return this.onValues(new BollingerBands(options), options.source);
  }

  zScore(options: Sourced<ZScoreOptions>): Readings<ZScore> {
    return this.onValues(new ZScore(options), options.source);
  }

  rsi(options: Sourced<RsiOptions>): Readings<Rsi> {
    return this.onValues(new Rsi(options), options.source);
  }

  macd(options: Sourced<MacdOptions>): Readings<Macd> {
    return this.onValues(new Macd(options), options.source);
  }

  atr(options: AtrOptions): Readings<Atr> {
    return this.onBars(new Atr(options));
  }

  library<Name extends LibraryName>(
    name: Name,
    options: LibraryOptionsOf<Name>,
  ): Readings<LibraryIndicator<LibraryValueOf<Name>>> {
    return this.onBars(libraryIndicator(name, options));
  }

  onValues<T extends ValueIndicator>(indicator: T, source: IndicatorSource = 'close'): T {
    const read = sourceReader(source);
    this.#add(indicator.warmup, (bar) => indicator.update(read(bar)));
    return indicator;
  }

  onBars<T extends BarIndicator>(indicator: T): T {
    this.#add(indicator.warmup, (bar) => indicator.update(bar));
    return indicator;
  }

  #add(warmup: number, feed: (bar: Bar) => void): void {
    if (this.#isSealed) {
      throw new StrategyError(
        'indicators were expected to be made in create(), one was made later: ' +
          'it would have missed the bars so far',
      );
    }
    this.#warmup = Math.max(this.#warmup, warmup);
    this.#feeds.push(feed);
  }
}
