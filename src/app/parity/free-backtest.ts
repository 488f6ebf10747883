import { ReplayClock } from '../../adapters/system/replay-clock.ts';
import type { Slice } from '../../core/bar.ts';
import { SimulatedVenue } from '../../execution/simulated-venue.ts';
import type { VenueSnapshot } from '../../execution/venue-snapshot.ts';
import type { PortfolioView } from '../../ports/portfolio-view.ts';
import { TradeResults } from './trade-results.ts';
import { simulatedVenueOptions, sharedParts } from '../engine-terms.ts';
import type { EngineSnapshot } from '../engine-snapshot.ts';
import type { SessionTerms } from '../replay/session-terms.ts';
import { wireEngine } from '../wire-engine.ts';
import type { MarketSlice } from './market-slices.ts';

interface BacktestedSession {
  readonly terms: SessionTerms;
  readonly warmUp: readonly Slice[];
  readonly market: readonly MarketSlice[];
}

type Account = Pick<PortfolioView, 'equity' | 'lastPrice'>;

const NO_FEED = { run: async (): Promise<void> => undefined };

/**
 * The backtest of a run over all its sessions, each by its own terms, that nobody sets right: it
 * begins with the run's capital and goes its own way from its first difference on.
 */
export class FreeBacktest {
  #engine: EngineSnapshot | null = null;
  #venue: VenueSnapshot | null = null;
  #account: Account | null = null;
  readonly trades = new TradeResults();

  /** At the last close; null before the first. */
  get account(): Account | null {
    return this.#account;
  }

  run({ terms, warmUp, market }: BacktestedSession): void {
    const clock = new ReplayClock(0);
    const venue = new SimulatedVenue({
      ...simulatedVenueOptions(terms),
      ...(this.#venue === null ? {} : { restored: this.#venue }),
    });
    const engine = wireEngine({
      ...sharedParts(terms, clock),
      feed: NO_FEED,
      venue,
      clock,
      intake: null,
      restored: this.#engine,
    });
    for (const slice of warmUp) engine.sink.warmUp(slice);
    this.trades.watch(engine.bus);
    for (const { closeTime, watched, traded } of market) {
      clock.advance(closeTime);
      engine.sink.trade({ closeTime, bars: inSymbolOrder([...watched, ...traded]) });
    }
    if (market.length > 0) this.#account = engine.portfolio;
    this.#engine = engine.snapshot();
    this.#venue = venue.snapshot();
  }
}

function inSymbolOrder(bars: Slice['bars']): Slice['bars'] {
  return bars.toSorted((one, other) => (one.symbol < other.symbol ? -1 : 1));
}
