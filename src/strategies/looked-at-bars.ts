import type { Bar } from '../core/bar.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import { BarHistory } from './bar-history.ts';
import { IndicatorSet } from './indicators/indicator-set.ts';
import { noBar } from './no-bar.ts';

/** Whose bars they are. */
interface LookedAtBarsOptions {
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  /** Where the strategy says how many of them are to be kept. */
  readonly declaration: string;
}

/**
 * Bars that a strategy looks at beside those it decides on, each taken when it is over: the last one,
 * the indicators fed with all of them, and as many as were asked to be kept.
 */
export class LookedAtBars {
  readonly indicators = new IndicatorSet();
  readonly #declaration: string;
  #kept = 0;
  #history: BarHistory;
  #last: Bar;
  #barsSeen = 0;

  constructor({ symbol, timeframe, declaration }: LookedAtBarsOptions) {
    this.#declaration = declaration;
    this.#last = noBar(symbol, timeframe);
    this.#history = new BarHistory(0, declaration);
  }

  /** The last one that is over; its numbers are NaN before the first. */
  get last(): Bar {
    return this.#last;
  }

  get barsSeen(): number {
    return this.#barsSeen;
  }

  /** Bars after which indicators and history have what they need. */
  get warmupBars(): number {
    return Math.max(this.indicators.warmup, this.#kept, 1);
  }

  get isWarm(): boolean {
    return this.#barsSeen >= this.warmupBars;
  }

  /** The last `count` bars, oldest first. */
  readonly history = (count: number): readonly Bar[] => this.#history.last(count);

  /** Makes room for as many bars; what was asked for before stays. */
  keep(bars: number): void {
    const history = new BarHistory(bars, this.#declaration);
    if (bars <= this.#kept) return;
    this.#kept = bars;
    this.#history = history;
  }

  /** Refuses further indicators. */
  seal(): void {
    this.indicators.seal();
  }

  take(bar: Bar): void {
    this.#last = bar;
    this.indicators.update(bar);
    this.#history.push(bar);
    this.#barsSeen++;
  }
}
