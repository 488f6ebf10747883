import type { Bar } from '../../core/bar.ts';
import { EventBus, type Publish } from '../../core/event-bus.ts';
import type { Signal } from '../../core/signal.ts';
import type { PortfolioView } from '../../ports/portfolio-view.ts';
import { StrategyHost, type HostedStrategy } from '../../strategies/strategy-host.ts';

type View = Pick<PortfolioView, 'positionOf' | 'openOrders'>;

/** Bars that closed together: those that are only looked at, and those that are traded. */
export interface SeenBars {
  readonly watched: readonly Bar[];
  readonly traded: readonly Bar[];
}

/**
 * Strategies that see bars and somebody else's positions and orders, and whose wishes lead to
 * nothing: what they would have decided there.
 */
export class Onlooker {
  readonly #host: StrategyHost;
  readonly #watch: Publish<'bar.watched'>;
  readonly #close: Publish<'slice.closed'>;
  readonly #decide: Publish<'bar.closed'>;
  #wishes: Signal[] = [];

  constructor(strategies: readonly HostedStrategy[], view: View) {
    const bus = new EventBus({ now: () => 0 });
    this.#watch = bus.publisher('bar.watched');
    this.#close = bus.publisher('slice.closed');
    this.#decide = bus.publisher('bar.closed');
    this.#host = new StrategyHost({ bus, view, strategies });
    bus.on('signal.raised', ({ payload }) => {
      this.#wishes.push(payload);
      return undefined;
    });
  }

  warmUp(bars: readonly Bar[]): void {
    this.#host.warmUp({ closeTime: bars[0]?.closeTime ?? 0, bars });
  }

  /** Learns bars without being asked about them. */
  learn({ watched, traded }: SeenBars): void {
    for (const bar of watched) this.#watch(bar);
    if (traded.length > 0) this.#close({ closeTime: traded[0]?.closeTime ?? 0, bars: traded });
  }

  /** What it would wish on these bars. */
  decideOn(bars: SeenBars): readonly Signal[] {
    this.#wishes = [];
    this.learn(bars);
    for (const bar of bars.traded) this.#decide(bar);
    return this.#wishes;
  }

  /** How many strategies are asked about a bar. */
  isAskedAbout({ symbol }: Bar): number {
    return this.#host.readiness().filter((each) => each.symbol === symbol && each.isWarm).length;
  }
}
