import type { Bar } from '../core/bar.ts';
import { StrategyError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';
import { BarHistory } from './bar-history.ts';
import { TimeframeSet } from './further-timeframes.ts';
import { HostContext } from './host-context.ts';
import type { Explanation, HostedStrategy, Readiness } from './hosted-strategy.ts';
import type { InformativeSet } from './informative-symbols.ts';
import { IndicatorSet } from './indicators/indicator-set.ts';
import { firstFailing } from './rule.ts';
import type { NamedRules, StrategyContext, SymbolSetup } from './strategy.ts';
import { thrownText } from './thrown-text.ts';

/** What a strategy may read of positions and orders. */
export type OwnView = Pick<PortfolioView, 'positionOf' | 'openOrders'>;

/** What a strategy makes its indicators of a symbol with. */
export class SymbolSources implements SymbolSetup {
  readonly symbol: SymbolName;
  readonly indicators = new IndicatorSet();
  readonly timeframes: TimeframeSet;

  constructor({ timeframe, calendarOf }: HostedStrategy, symbol: SymbolName) {
    this.symbol = symbol;
    const calendar = calendarOf(symbol);
    this.timeframes = new TimeframeSet({ symbol, base: timeframe, calendar });
  }
}

interface SymbolFeedOptions {
  readonly hosted: HostedStrategy;
  /** What the strategy asked for in `create`, which is over. */
  readonly sources: SymbolSources;
  readonly informative: InformativeSet;
  /** Bars to keep. */
  readonly history: number;
  readonly rules: NamedRules;
  readonly view: OwnView;
}

/** What one strategy knows of one of its symbols: indicators, history and context. */
export class SymbolFeed {
  readonly symbol: SymbolName;
  readonly #id: HostedStrategy['id'];
  readonly #timeframe: Timeframe;
  readonly #indicators: IndicatorSet;
  /** Null where none was asked for: then they cost nothing. */
  readonly #further: TimeframeSet | null;
  readonly #informative: InformativeSet;
  readonly #history: BarHistory;
  readonly #rules: NamedRules;
  readonly #context: HostContext;
  /** What indicators and history on its own timeframe need. */
  readonly #ownWarmup: number;
  #barsSeen = 0;
  #isWarm = false;
  #decidesSince: EpochMs | null = null;

  constructor({ hosted, sources, informative, history, rules, view }: SymbolFeedOptions) {
    const { id, timeframe, allowShort } = hosted;
    const { symbol, indicators, timeframes } = sources;
    indicators.seal();
    timeframes.seal();
    this.symbol = symbol;
    this.#id = id;
    this.#timeframe = timeframe;
    this.#indicators = indicators;
    this.#further = timeframes.isEmpty ? null : timeframes;
    this.#informative = informative;
    this.#history = new BarHistory(history);
    this.#rules = rules;
    this.#ownWarmup = Math.max(indicators.warmup, history, 1);
    this.#context = new HostContext({
      strategy: id,
      symbol,
      timeframe,
      allowShort,
      history: this.#history,
      view,
    });
  }

  get context(): StrategyContext {
    return this.#context.context;
  }

  /** Bars after which it is sure to decide, the current one included. */
  get warmupBars(): number {
    return Math.max(this.#ownWarmup, this.#further?.warmupBars ?? 0, this.#informative.warmupBars);
  }

  get readiness(): Readiness {
    return {
      strategy: this.#id,
      symbol: this.symbol,
      warmupBars: this.warmupBars,
      barsSeen: this.#barsSeen,
      isWarm: this.#isWarm || this.#warmedUp(),
      further: this.#further?.readiness ?? [],
      informative: this.#informative.readiness,
      decidesSince: this.#decidesSince,
    };
  }

  /** Takes a closed bar into indicators and history; bars of another timeframe are not its own. */
  absorb(bar: Bar): void {
    if (bar.timeframe !== this.#timeframe) return;
    this.#indicators.update(bar);
    this.#history.push(bar);
    this.#further?.update(bar);
    this.#barsSeen++;
  }

  /** Whether the strategy can be asked about a bar that was absorbed. */
  isReadyOn(bar: Bar): boolean {
    if (bar.timeframe !== this.#timeframe) return false;
    this.#isWarm ||= this.#warmedUp();
    return this.#isWarm;
  }

  /** Makes this the bar that is decided on. */
  moveTo(bar: Bar): void {
    this.#decidesSince ??= bar.openTime;
    this.#context.moveTo(bar);
  }

  /** Takes back the bar that could be decided on. */
  rest(): void {
    this.#context.moveTo(null);
  }

  /** How the named rules stand on the bar that was absorbed last. */
  explain(bar: Bar): readonly Explanation[] {
    return Object.entries(this.#rules).map(([name, rule]) => {
      try {
        return {
          strategy: this.#id,
          rule: name,
          holds: rule.holds(bar),
          conditions: rule.conditions(bar),
          firstFailing: firstFailing(rule, bar),
        };
      } catch (error) {
        throw new StrategyError(
          `strategy "${this.#id}" on ${this.symbol}: rule "${name}" threw: ${thrownText(error)}`,
          { cause: error },
        );
      }
    });
  }

  #warmedUp(): boolean {
    return (
      this.#barsSeen >= this.#ownWarmup &&
      this.#further?.isWarm !== false &&
      this.#informative.isWarm
    );
  }
}
