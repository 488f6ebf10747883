import type { Bar } from '../core/bar.ts';
import { InvariantError } from '../core/errors.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Position } from '../core/position.ts';
import type { Signal } from '../core/signal.ts';
import type { Timeframe } from '../core/time.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';
import type { BarHistory } from './bar-history.ts';
import type { Entry, Exit, StrategyContext } from './strategy.ts';

interface HostContextOptions {
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  readonly history: BarHistory;
  readonly view: Pick<PortfolioView, 'positionOf'>;
}

/**
 * The context of one strategy on one symbol, moved on from bar to bar rather than made anew.
 * What strategies call are fields bound to it, so that they may be taken out of it.
 */
export class HostContext implements StrategyContext {
  readonly symbol: SymbolName;
  readonly timeframe: Timeframe;
  readonly allowShort: boolean;
  readonly #strategy: StrategyId;
  readonly #history: BarHistory;
  readonly #view: Pick<PortfolioView, 'positionOf'>;
  #bar: Bar | null = null;

  constructor({ strategy, symbol, timeframe, allowShort, history, view }: HostContextOptions) {
    this.symbol = symbol;
    this.timeframe = timeframe;
    this.allowShort = allowShort;
    this.#strategy = strategy;
    this.#history = history;
    this.#view = view;
  }

  /** Makes this the bar that signals are dated with. */
  moveTo(bar: Bar): void {
    this.#bar = bar;
  }

  get position(): Position | null {
    const position = this.#view.positionOf(this.#strategy, this.symbol);
    return position === null || position.quantity.isZero ? null : position;
  }

  readonly history = (count: number): readonly Bar[] => this.#history.last(count);

  readonly enter = ({ side, confidence = 1, reason, rules, protection }: Entry): Signal => {
    const bar = this.#current();
    return {
      intent: 'enter',
      strategy: this.#strategy,
      symbol: this.symbol,
      barOpenTime: bar.openTime,
      price: bar.close,
      side,
      confidence,
      reason,
      conditions: rules?.conditions(bar) ?? [],
      protection: {
        stopLoss: protection?.stopLoss ?? null,
        takeProfit: protection?.takeProfit ?? null,
      },
    };
  };

  readonly exit = ({ reason, rules }: Exit): Signal => {
    const bar = this.#current();
    return {
      intent: 'exit',
      strategy: this.#strategy,
      symbol: this.symbol,
      barOpenTime: bar.openTime,
      price: bar.close,
      reason,
      conditions: rules?.conditions(bar) ?? [],
    };
  };

  #current(): Bar {
    if (this.#bar === null) throw new InvariantError('a signal was made before the first bar');
    return this.#bar;
  }
}
