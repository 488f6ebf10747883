import { BarAggregator, type BuiltBar } from '../core/bar-aggregator.ts';
import type { Bar } from '../core/bar.ts';
import { bucketGrid, canBuild, type SessionDays } from '../core/bucket-grid.ts';
import { ConfigError, StrategyError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import { isTimeframe, timeframeMs, TIMEFRAMES, type Timeframe } from '../core/time.ts';
import type { Indicators } from './indicators/indicator-set.ts';
import { LookedAtBars } from './looked-at-bars.ts';

/**
 * Bars of a longer timeframe, built from the strategy's own. When the strategy is asked about a bar
 * they hold all bars that ended by that bar's close, and nothing of the one that is forming.
 */
export interface FurtherTimeframe {
  readonly timeframe: Timeframe;
  /** Fed with every bar of this timeframe when it is over. Made in `create`, and nowhere later. */
  readonly indicators: Indicators;
  /**
   * The last bar that is over; the same object until the next one is. Its numbers are NaN before
   * the first one, and never in `onBar`.
   * A US day built from shorter bars closes with its session.
   */
  readonly bar: Bar;
  /** The last `count` bars, oldest first; as many as were asked for in `of`. */
  readonly history: (count: number) => readonly Bar[];
}

/** Gives a strategy timeframes longer than its own. */
export interface FurtherTimeframes {
  /**
   * To be called in `create`; again for the same timeframe gives the same object. `history` is the
   * number of bars to keep, none when absent. The strategy decides only once all its timeframes are
   * warm. Throws a `ConfigError` unless the timeframe is a multiple of the strategy's own (for US
   * stocks, days and weeks are built from half hours or shorter), a `StrategyError` after `create`.
   */
  of(timeframe: Timeframe, options?: { readonly history?: number }): FurtherTimeframe;
}

/** How far a further timeframe of a strategy is, in its own bars. */
export interface TimeframeReadiness {
  readonly timeframe: Timeframe;
  readonly warmupBars: number;
  readonly barsSeen: number;
}

interface TimeframeSetOptions {
  readonly symbol: SymbolName;
  /** The strategy's own timeframe. */
  readonly base: Timeframe;
  readonly calendar: SessionDays;
}

/** The further timeframes of one strategy on one symbol, built together from its bars. */
export class TimeframeSet implements FurtherTimeframes {
  readonly #options: TimeframeSetOptions;
  readonly #members: BuiltTimeframe[] = [];
  #isSealed = false;

  constructor(options: TimeframeSetOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  /** Bars of the strategy's own timeframe after which all members are warm, holes or not. */
  get warmupBars(): number {
    return this.#members.reduce((most, member) => Math.max(most, member.warmupInBaseBars), 0);
  }

  get isWarm(): boolean {
    return this.#members.every((member) => member.isWarm);
  }

  get readiness(): readonly TimeframeReadiness[] {
    return this.#members.map((member) => member.readiness);
  }

  of(timeframe: Timeframe, { history = 0 }: { readonly history?: number } = {}): FurtherTimeframe {
    if (this.#isSealed) {
      throw new StrategyError(
        'timeframes.of was expected in create(), was called later: ' +
          `"${timeframe}" would have missed the bars so far`,
      );
    }
    const known = this.#members.find((member) => member.timeframe === timeframe);
    const member = known ?? this.#make(timeframe);
    member.keep(history);
    return member;
  }

  /** Refuses further timeframes, and further indicators on those there are. */
  seal(): void {
    this.#isSealed = true;
    for (const member of this.#members) member.seal();
  }

  update(bar: Bar): void {
    const members = this.#members;
    for (let i = 0; i < members.length; i++) members[i]?.update(bar);
  }

  #make(timeframe: Timeframe): BuiltTimeframe {
    requireBuildable(timeframe, this.#options);
    const member = new BuiltTimeframe(timeframe, this.#options);
    this.#members.push(member);
    return member;
  }
}

class BuiltTimeframe implements FurtherTimeframe {
  readonly timeframe: Timeframe;
  readonly history: FurtherTimeframe['history'];
  readonly #symbol: SymbolName;
  readonly #bars: LookedAtBars;
  readonly #aggregator: BarAggregator;
  /** Most bars of the base that one bar can be made of. */
  readonly #ratio: number;

  constructor(timeframe: Timeframe, { symbol, base, calendar }: TimeframeSetOptions) {
    this.timeframe = timeframe;
    this.#symbol = symbol;
    const declaration = `in timeframes.of("${timeframe}", { … })`;
    this.#bars = new LookedAtBars({ symbol, timeframe, declaration });
    this.history = this.#bars.history;
    this.#ratio = timeframeMs(timeframe) / timeframeMs(base);
    this.#aggregator = new BarAggregator({
      grid: bucketGrid(base, timeframe, calendar),
      baseMs: timeframeMs(base),
      deliver: (bar) => this.#take(bar),
    });
  }

  get indicators(): Indicators {
    return this.#bars.indicators;
  }

  get bar(): Bar {
    return this.#bars.last;
  }

  get isWarm(): boolean {
    return this.#bars.isWarm;
  }

  /** Where the stream begins in the middle of a bar, that bar is lost. */
  get warmupInBaseBars(): number {
    return this.#bars.warmupBars * this.#ratio + this.#ratio - 1;
  }

  get readiness(): TimeframeReadiness {
    const { warmupBars, barsSeen } = this.#bars;
    return { timeframe: this.timeframe, warmupBars, barsSeen };
  }

  keep(bars: number): void {
    this.#bars.keep(bars);
  }

  seal(): void {
    this.#bars.seal();
  }

  update(bar: Bar): void {
    this.#aggregator.add(bar);
  }

  #take(built: BuiltBar): void {
    const { timeframe } = this;
    this.#bars.take(Object.freeze({ symbol: this.#symbol, timeframe, ...built }));
  }
}

function requireBuildable(timeframe: Timeframe, { base, calendar }: TimeframeSetOptions): void {
  if (!isTimeframe(timeframe)) {
    throw new ConfigError(
      `timeframes.of: one of ${TIMEFRAMES.join(', ')} was expected, was "${String(timeframe)}"`,
    );
  }
  if (canBuild(base, timeframe, calendar.id)) return;
  if (timeframeMs(timeframe) % timeframeMs(base) === 0) {
    throw new ConfigError(
      `timeframes.of: bars of 30m or shorter were expected to build ${timeframe} bars of US ` +
        `sessions from, which open at 09:30, was "${base}"; run the strategy on a shorter timeframe`,
    );
  }
  throw new ConfigError(
    `timeframes.of: a multiple of the strategy's timeframe ${base} was expected, ` +
      `was "${timeframe}"; run the strategy on a timeframe that divides it`,
  );
}
