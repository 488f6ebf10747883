import { InvariantError } from '../core/errors.ts';
import type { Bar, Slice } from '../core/bar.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Signal } from '../core/signal.ts';
import { CrossSectionalRunner } from './cross-sectional-runner.ts';
import type { WatchedSymbol } from './informative-symbols.ts';
import { StrategyRunner } from './strategy-runner.ts';
import type { Explanation, HostedStrategy, Readiness } from './hosted-strategy.ts';
import type { OwnView } from './symbol-feed.ts';

export type { Explanation, HostedStrategy, Readiness };

interface StrategyHostOptions {
  readonly bus: Pick<EventBus, 'on' | 'publisher'>;
  readonly view: OwnView;
  /** In the order in which they are asked about a bar; those that decide on all symbols are last. */
  readonly strategies: readonly HostedStrategy[];
}

type Runner = StrategyRunner | CrossSectionalRunner;

const NO_BARS: readonly Bar[] = [];

/**
 * Feeds closed bars to strategies and publishes their signals; the only publisher of
 * `signal.raised`. Strategies never see the bus, and never one another.
 */
export class StrategyHost {
  readonly #publish: Publish<'signal.raised'>;
  readonly #runners: readonly Runner[];
  readonly #absorbers = new Map<SymbolName, (Runner | WatchedSymbol)[]>();
  readonly #singles = new Map<SymbolName, StrategyRunner[]>();
  readonly #crossSectional: readonly CrossSectionalRunner[];
  /** The bars of the instant that is decided on. */
  #closed: readonly Bar[] = NO_BARS;

  constructor({ bus, view, strategies }: StrategyHostOptions) {
    requireDistinct(strategies);
    this.#runners = strategies.flatMap((hosted) => runnersOf(hosted, view));
    this.#crossSectional = this.#runners.filter((each) => each instanceof CrossSectionalRunner);
    for (const runner of this.#runners) this.#register(runner);
    this.#publish = bus.publisher('signal.raised');
    bus.on('bar.watched', ({ payload }) => this.#absorb(payload));
    bus.on('slice.closed', ({ payload }) => this.#close(payload));
    bus.on('bar.closed', ({ payload }) => this.#decide(payload));
  }

  /** Bars to load before the first bar of trading, so that every strategy decides on that one. */
  get warmupBars(): number {
    return this.#runners.reduce((most, runner) => Math.max(most, runner.warmupBars), 0);
  }

  /** Takes a slice from before the trading period into indicators and history; decides nothing. */
  warmUp({ bars }: Slice): void {
    // Nobody published them, so nobody froze them.
    for (const bar of bars) this.#absorb(Object.freeze(bar));
  }

  /** How far every strategy is on every one of its symbols. */
  readiness(): readonly Readiness[] {
    return this.#runners.flatMap(({ readiness }) => readiness);
  }

  /** How the named rules of every strategy stand on the last closed bar of a symbol. */
  explain(bar: Bar): readonly Explanation[] {
    return this.#runners.flatMap((runner) =>
      runner instanceof CrossSectionalRunner || runner.symbol === bar.symbol
        ? runner.explain(bar)
        : [],
    );
  }

  #register(runner: Runner): void {
    if (runner instanceof StrategyRunner) {
      append(this.#singles, runner.symbol, runner);
      append(this.#absorbers, runner.symbol, runner);
    } else {
      for (const symbol of runner.symbols) append(this.#absorbers, symbol, runner);
    }
    for (const watched of runner.informative) append(this.#absorbers, watched.symbol, watched);
  }

  #close({ bars }: Slice): undefined {
    for (let i = 0; i < bars.length; i++) {
      const bar = bars[i];
      if (bar !== undefined) this.#absorb(bar);
    }
    this.#closed = bars;
  }

  #absorb(bar: Bar): undefined {
    const absorbers = this.#absorbers.get(bar.symbol);
    if (absorbers === undefined) return;
    for (let i = 0; i < absorbers.length; i++) absorbers[i]?.absorb(bar);
  }

  #decide(bar: Bar): undefined {
    const runners = this.#singles.get(bar.symbol);
    if (runners !== undefined) {
      for (const runner of runners) this.#raise(runner.decide(bar));
    }
    if (this.#crossSectional.length > 0 && bar === this.#closed.at(-1)) this.#decideOnAll();
  }

  /** Once an instant, after its last bar: what all of them said was heard by then. */
  #decideOnAll(): void {
    for (const runner of this.#crossSectional) this.#raise(runner.decide(this.#closed));
  }

  #raise(signals: readonly Signal[]): void {
    for (const signal of signals) this.#publish(signal);
  }
}

function runnersOf(hosted: HostedStrategy, view: OwnView): readonly Runner[] {
  if (hosted.definition.createForAll !== undefined) return [new CrossSectionalRunner(hosted, view)];
  return [...new Set(hosted.symbols)].map((symbol) => new StrategyRunner(hosted, symbol, view));
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Positions are kept by strategy id and symbol: two strategies of one id would share them. */
function requireDistinct(strategies: readonly HostedStrategy[]): void {
  const ids = strategies.map((hosted) => hosted.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new InvariantError(`strategy ids must be distinct, was "${twice}" twice`);
  }
}
