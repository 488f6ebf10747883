import type { Bar, Slice } from '../../core/bar.ts';
import { EventBus } from '../../core/event-bus.ts';
import type { Signal } from '../../core/signal.ts';
import type { PortfolioView } from '../../ports/portfolio-view.ts';
import { MarketDataPublisher } from '../../data/market-data-publisher.ts';
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
  readonly #market: MarketDataPublisher;
  #wishes: Signal[] = [];

  constructor(strategies: readonly HostedStrategy[], view: View) {
    const bus = new EventBus({ now: () => 0 });
    this.#market = new MarketDataPublisher(bus);
    this.#host = new StrategyHost({ bus, view, strategies });
    bus.on('signal.raised', ({ payload }) => {
      this.#wishes.push(payload);
      return undefined;
    });
  }

  warmUp(slice: Slice): void {
    this.#host.warmUp(slice);
  }

  /** Learns bars without being asked about them. */
  learn({ watched, traded }: SeenBars): void {
    this.#market.watch(watched);
    if (traded.length > 0) this.#market.catchUp(sliceOf(traded));
  }

  /** What it would wish on these bars. */
  decideOn({ watched, traded }: SeenBars): readonly Signal[] {
    this.#wishes = [];
    this.#market.watch(watched);
    if (traded.length > 0) this.#market.publish(sliceOf(traded));
    return this.#wishes;
  }

  /** How many strategies are asked about a bar. */
  isAskedAbout({ symbol }: Bar): number {
    return this.#host.readiness().filter((each) => each.symbol === symbol && each.isWarm).length;
  }
}

function sliceOf(bars: readonly Bar[]): Slice {
  return { closeTime: bars[0]?.closeTime ?? 0, bars };
}
