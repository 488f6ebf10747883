import { InvariantError } from '../core/errors.ts';
import type { Bar, Slice } from '../core/bar.ts';
import type { EventBus, Publish } from '../core/event-bus.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { PortfolioView } from '../ports/portfolio-view.ts';
import { StrategyRunner } from './strategy-runner.ts';
import type { Explanation, HostedStrategy, Readiness } from './strategy-runner.ts';

export type { Explanation, HostedStrategy, Readiness };

interface StrategyHostOptions {
  readonly bus: Pick<EventBus, 'on' | 'publisher'>;
  readonly view: Pick<PortfolioView, 'positionOf' | 'openOrders'>;
  /** In the order in which they are asked about a bar. */
  readonly strategies: readonly HostedStrategy[];
}

const NOBODY: readonly StrategyRunner[] = [];

/**
 * Feeds closed bars to strategies and publishes their signals; the only publisher of
 * `signal.raised`. Strategies never see the bus, and never one another.
 */
export class StrategyHost {
  readonly #publish: Publish<'signal.raised'>;
  readonly #runners: readonly StrategyRunner[];
  readonly #runnersOf = new Map<SymbolName, StrategyRunner[]>();

  constructor({ bus, view, strategies }: StrategyHostOptions) {
    requireDistinct(strategies);
    this.#runners = strategies.flatMap((hosted) =>
      [...new Set(hosted.symbols)].map((symbol) => new StrategyRunner(hosted, symbol, view)),
    );
    for (const runner of this.#runners) {
      const others = this.#runnersOf.get(runner.symbol);
      if (others === undefined) this.#runnersOf.set(runner.symbol, [runner]);
      else others.push(runner);
    }
    this.#publish = bus.publisher('signal.raised');
    bus.on('slice.closed', ({ payload }) => this.#absorb(payload));
    bus.on('bar.closed', ({ payload }) => this.#decide(payload));
  }

  /** Bars to load before the first bar of trading, so that every strategy decides on that one. */
  get warmupBars(): number {
    return this.#runners.reduce((most, runner) => Math.max(most, runner.warmupBars), 0);
  }

  /** Takes a slice from before the trading period into indicators and history; decides nothing. */
  warmUp(slice: Slice): void {
    this.#absorb(slice);
  }

  /** How far every strategy is on every one of its symbols. */
  readiness(): readonly Readiness[] {
    return this.#runners.map((runner) => runner.readiness);
  }

  /** How the named rules of every strategy stand on the last closed bar of a symbol. */
  explain(bar: Bar): readonly Explanation[] {
    return this.#of(bar.symbol).flatMap((runner) => runner.explain(bar));
  }

  #absorb({ bars }: Slice): undefined {
    for (let i = 0; i < bars.length; i++) {
      const bar = bars[i];
      if (bar === undefined) continue;
      for (const runner of this.#of(bar.symbol)) runner.absorb(bar);
    }
  }

  #decide(bar: Bar): undefined {
    for (const runner of this.#of(bar.symbol)) {
      for (const signal of runner.decide(bar)) this.#publish(signal);
    }
  }

  #of(symbol: SymbolName): readonly StrategyRunner[] {
    return this.#runnersOf.get(symbol) ?? NOBODY;
  }
}

/** Positions are kept by strategy id and symbol: two strategies of one id would share them. */
function requireDistinct(strategies: readonly HostedStrategy[]): void {
  const ids = strategies.map((hosted) => hosted.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new InvariantError(`strategy ids must be distinct, was "${twice}" twice`);
  }
}
