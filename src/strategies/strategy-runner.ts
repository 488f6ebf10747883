import type { Bar } from '../core/bar.ts';
import type { SessionDays } from '../core/bucket-grid.ts';
import type { Condition } from '../core/condition.ts';
import { ConfigError, StrategyError } from '../core/errors.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Signal } from '../core/signal.ts';
import { formatTime } from '../core/time.ts';
import type { EpochMs, Timeframe } from '../core/time.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';
import { BarHistory } from './bar-history.ts';
import { faultOf, signalsOf } from './check-decision.ts';
import { TimeframeSet, type TimeframeReadiness } from './further-timeframes.ts';
import { HostContext } from './host-context.ts';
import { IndicatorSet } from './indicators/indicator-set.ts';
import { firstFailing } from './rule.ts';
import type { Decision, Strategy, StrategyDefinition, StrategySetup } from './strategy.ts';

/** A strategy as the configuration asks for it. */
export interface HostedStrategy {
  readonly id: StrategyId;
  readonly definition: StrategyDefinition;
  /** What the definition's schema made of the parameters. */
  readonly params: unknown;
  readonly symbols: readonly SymbolName[];
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  /** When a symbol trades: what its days and weeks are built by. */
  readonly calendarOf: (symbol: SymbolName) => SessionDays;
}

/** How far a strategy is on a symbol. */
export interface Readiness {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  /** Bars of its own timeframe after which it is sure to decide; perhaps it does earlier. */
  readonly warmupBars: number;
  readonly barsSeen: number;
  /** It decides on the next bar of a trading period. */
  readonly isWarm: boolean;
  /** The longer timeframes it asked for. */
  readonly further: readonly TimeframeReadiness[];
  /** Open time of the first bar it decided on; null while it warms up. */
  readonly decidesSince: EpochMs | null;
}

/** How one named rule of a strategy stood on a bar. */
export interface Explanation {
  readonly strategy: StrategyId;
  readonly rule: string;
  readonly holds: boolean;
  readonly conditions: readonly Condition[];
  /** What keeps it from holding; null while it holds. */
  readonly firstFailing: Condition | null;
}

const NO_SIGNALS: readonly Signal[] = [];

/** One strategy on one symbol, with its indicators, history and context. */
export class StrategyRunner {
  readonly #id: StrategyId;
  readonly #symbol: SymbolName;
  readonly #timeframe: Timeframe;
  readonly #indicators = new IndicatorSet();
  /** Null where none was asked for: then they cost nothing. */
  readonly #further: TimeframeSet | null;
  readonly #history: BarHistory;
  readonly #strategy: Strategy;
  readonly #context: HostContext;
  /** What indicators and history on its own timeframe need. */
  readonly #ownWarmup: number;
  #barsSeen = 0;
  #isWarm = false;
  #decidesSince: EpochMs | null = null;

  constructor(
    hosted: HostedStrategy,
    symbol: SymbolName,
    view: Pick<PortfolioView, 'positionOf' | 'openOrders'>,
  ) {
    const { id, timeframe, allowShort } = hosted;
    this.#id = id;
    this.#symbol = symbol;
    this.#timeframe = timeframe;
    const further = new TimeframeSet({
      symbol,
      base: timeframe,
      calendar: hosted.calendarOf(symbol),
    });
    this.#strategy = create(hosted, symbol, { indicators: this.#indicators, timeframes: further });
    this.#indicators.seal();
    further.seal();
    this.#further = further.isEmpty ? null : further;
    const kept = this.#strategy.history ?? 0;
    this.#history = new BarHistory(kept);
    this.#ownWarmup = Math.max(this.#indicators.warmup, kept, 1);
    this.#context = new HostContext({
      strategy: id,
      symbol,
      timeframe,
      allowShort,
      history: this.#history,
      view,
    });
  }

  get symbol(): SymbolName {
    return this.#symbol;
  }

  /** Bars after which it is sure to decide, the current one included. */
  get warmupBars(): number {
    return Math.max(this.#ownWarmup, this.#further?.warmupBars ?? 0);
  }

  get readiness(): Readiness {
    return {
      strategy: this.#id,
      symbol: this.#symbol,
      warmupBars: this.warmupBars,
      barsSeen: this.#barsSeen,
      isWarm: this.#isReady(),
      further: this.#further?.readiness ?? [],
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

  /** Asks the strategy about the bar it absorbed last. Throws a `StrategyError` on a bad answer. */
  decide(bar: Bar): readonly Signal[] {
    if (bar.timeframe !== this.#timeframe || !this.#isReady()) return NO_SIGNALS;
    this.#decidesSince ??= bar.openTime;
    this.#context.moveTo(bar);
    const decision = this.#ask(bar);
    return decision === null ? NO_SIGNALS : this.#checked(decision, bar);
  }

  /** How its named rules stand on the bar it absorbed last. */
  explain(bar: Bar): readonly Explanation[] {
    return Object.entries(this.#strategy.rules ?? {}).map(([name, rule]) => ({
      strategy: this.#id,
      rule: name,
      holds: rule.holds(bar),
      conditions: rule.conditions(bar),
      firstFailing: firstFailing(rule, bar),
    }));
  }

  #isReady(): boolean {
    this.#isWarm ||= this.#barsSeen >= this.#ownWarmup && this.#further?.isWarm !== false;
    return this.#isWarm;
  }

  #ask(bar: Bar): Decision {
    try {
      return this.#strategy.onBar(bar, this.#context);
    } catch (error) {
      throw new StrategyError(`${this.#at(bar)} threw: ${messageOf(error)}`, { cause: error });
    }
  }

  #checked(decision: Decision, bar: Bar): readonly Signal[] {
    const signals = signalsOf(decision);
    for (const signal of signals) {
      const fault = faultOf(signal, this.#id, bar);
      if (fault !== null) {
        throw new StrategyError(
          `${this.#at(bar)} returned what the engine cannot act on: ${fault}`,
        );
      }
      Object.freeze(signal.conditions);
      if (signal.intent === 'enter') Object.freeze(signal.protection);
    }
    return signals;
  }

  #at(bar: Bar): string {
    return `strategy "${this.#id}" on ${this.#symbol}, bar ${formatTime(bar.openTime)},`;
  }
}

function create(
  hosted: HostedStrategy,
  symbol: SymbolName,
  sources: Pick<StrategySetup, 'indicators' | 'timeframes'>,
): Strategy {
  const { id, definition, params, timeframe, allowShort } = hosted;
  try {
    return definition.create({ params, symbol, timeframe, allowShort, ...sources });
  } catch (error) {
    const message = `strategy "${id}" could not be made for ${symbol}: ${messageOf(error)}`;
    if (error instanceof ConfigError) throw new ConfigError(message, { cause: error });
    throw new StrategyError(message, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
