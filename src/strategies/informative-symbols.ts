import type { Bar } from '../core/bar.ts';
import { StrategyError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import type { Indicators } from './indicators/indicator-set.ts';
import { LookedAtBars } from './looked-at-bars.ts';

/**
 * Another symbol, in the strategy's own timeframe. When the strategy is asked about a bar it holds
 * all bars that ended by that bar's close.
 */
export interface InformativeSymbol {
  readonly symbol: SymbolName;
  /** Fed with every bar of this symbol. Made in `create`, and nowhere later. */
  readonly indicators: Indicators;
  /**
   * The last bar that is over: an old one where the symbol has gaps. Its numbers are NaN before the
   * first one, and never in `onBar`.
   */
  readonly bar: Bar;
  /** The last `count` bars, oldest first; as many as were asked for in `of`. */
  readonly history: (count: number) => readonly Bar[];
}

/** Gives a strategy symbols that it looks at and does not trade. */
export interface InformativeSymbols {
  /**
   * To be called in `create`; again for the same symbol gives the same object. `history` is the
   * number of bars to keep, none when absent. The strategy decides only once all its informative
   * symbols are warm. Throws a `StrategyError` for a symbol that the definition does not declare
   * under `informative`, and after `create`.
   */
  of(symbol: SymbolName, options?: { readonly history?: number }): InformativeSymbol;
}

/** How far an informative symbol of a strategy is, in its own bars. */
export interface InformativeReadiness {
  readonly symbol: SymbolName;
  readonly warmupBars: number;
  readonly barsSeen: number;
}

/** The informative symbols of one strategy, as far as it asked for them. */
export class InformativeSet implements InformativeSymbols {
  readonly #declared: readonly SymbolName[];
  readonly #timeframe: Timeframe;
  readonly #members: WatchedSymbol[] = [];
  #isSealed = false;

  /** The symbols that the definition declares, and the strategy's own timeframe. */
  constructor(declared: readonly SymbolName[], timeframe: Timeframe) {
    this.#declared = declared;
    this.#timeframe = timeframe;
  }

  get members(): readonly WatchedSymbol[] {
    return this.#members;
  }

  /** Bars of each of them after which all are warm. */
  get warmupBars(): number {
    return this.#members.reduce((most, member) => Math.max(most, member.warmupBars), 0);
  }

  get isWarm(): boolean {
    return this.#members.every((member) => member.isWarm);
  }

  get readiness(): readonly InformativeReadiness[] {
    return this.#members.map((member) => member.readiness);
  }

  of(symbol: SymbolName, { history = 0 }: { readonly history?: number } = {}): InformativeSymbol {
    if (this.#isSealed) {
      throw new StrategyError(
        'informative.of was expected in create(), was called later: ' +
          `"${symbol}" would have missed the bars so far`,
      );
    }
    const member = this.#members.find((each) => each.symbol === symbol) ?? this.#make(symbol);
    member.keep(history);
    return member;
  }

  /** Refuses further symbols, and further indicators on those there are. */
  seal(): void {
    this.#isSealed = true;
    for (const member of this.#members) member.seal();
  }

  #make(symbol: SymbolName): WatchedSymbol {
    if (!this.#declared.includes(symbol)) {
      const declared = this.#declared.length === 0 ? 'none is' : this.#declared.join(', ');
      throw new StrategyError(
        `informative.of: a symbol that the definition declares (${declared}) was expected, was ` +
          `"${symbol}"; write "informative: ['${symbol}']" beside "params"`,
      );
    }
    const member = new WatchedSymbol(symbol, this.#timeframe);
    this.#members.push(member);
    return member;
  }
}

/** One of them, with what feeds it. */
export class WatchedSymbol implements InformativeSymbol {
  readonly symbol: SymbolName;
  readonly history: InformativeSymbol['history'];
  readonly #timeframe: Timeframe;
  readonly #bars: LookedAtBars;

  constructor(symbol: SymbolName, timeframe: Timeframe) {
    this.symbol = symbol;
    this.#timeframe = timeframe;
    const declaration = `in informative.of("${symbol}", { … })`;
    this.#bars = new LookedAtBars({ symbol, timeframe, declaration });
    this.history = this.#bars.history;
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

  get warmupBars(): number {
    return this.#bars.warmupBars;
  }

  get readiness(): InformativeReadiness {
    const { warmupBars, barsSeen } = this.#bars;
    return { symbol: this.symbol, warmupBars, barsSeen };
  }

  keep(bars: number): void {
    this.#bars.keep(bars);
  }

  seal(): void {
    this.#bars.seal();
  }

  absorb(bar: Bar): void {
    if (bar.timeframe === this.#timeframe) this.#bars.take(bar);
  }
}
