import { EventBus } from '../core/event-bus.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { Quote } from '../core/quote.ts';
import type { Bar, Slice } from '../core/bar.ts';
import { MarketDataPublisher } from '../data/market-data-publisher.ts';
import { Executor } from '../execution/executor.ts';
import { ControlDesk } from '../monitoring/control-desk.ts';
import { PortfolioManager } from '../portfolio/portfolio-manager.ts';
import type { PortfolioSettings } from '../portfolio/portfolio-settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { Feed, FeedSink } from '../ports/feed.ts';
import type { Intake } from '../ports/intake.ts';
import type { Venue } from '../ports/venue.ts';
import type { RiskLimits } from '../risk/risk-limits.ts';
import { RiskManager } from '../risk/risk-manager.ts';
import { watchedOnly } from '../strategies/declared-symbols.ts';
import { StrategyHost, type HostedStrategy } from '../strategies/strategy-host.ts';
import { SNAPSHOT_VERSION, type EngineSnapshot } from './engine-snapshot.ts';
import { WatchedBars } from './watched-bars.ts';

/** What an engine is made of. Feed, venue and clock are all that tells one mode from another. */
export interface EngineParts {
  readonly feed: Feed;
  readonly venue: Venue;
  readonly clock: Clock;
  readonly strategies: readonly HostedStrategy[];
  readonly limits: RiskLimits;
  readonly portfolio: PortfolioSettings;
  readonly instrumentOf: (symbol: SymbolName) => Instrument;
  /** How slices enter a running engine; null where nothing else does, and they come straight in. */
  readonly intake: Intake | null;
  /** What an earlier process left of the run; null for one that begins. Absent means null. */
  readonly restored?: EngineSnapshot | null;
  /** Sees every slice of the trading period and before it, ahead of all components. */
  readonly observers: readonly ((slice: Slice) => void)[];
}

export interface Engine {
  readonly bus: EventBus;
  readonly executor: Executor;
  readonly portfolio: PortfolioManager;
  readonly risk: RiskManager;
  readonly strategies: StrategyHost;
  readonly control: ControlDesk;
  /** Takes slices straight in, past any door: what a replay of a journal feeds. */
  readonly sink: FeedSink;
  /** Takes bars that strategies look at and nobody trades. */
  watch(bars: readonly Bar[]): void;
  /** Tells the venue what a symbol costs between two closes. */
  quote(quote: Quote): void;
  /** All that a later process needs to go on from the last event; complete between two inputs. */
  snapshot(): EngineSnapshot;
  /** Pumps the feed until it ends or the signal aborts; rejects with what stopped the bus. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * The wiring, the same for every mode: one bus, five components, and the order in which they hear
 * of things, which is the order they are made in. A slice reaches the executor first (its bars are
 * over for resting orders); a fill reaches the portfolio before risk, so that risk reads positions
 * as they stand after it.
 */
export function wireEngine(parts: EngineParts): Engine {
  const { feed, venue, clock, observers, restored = null } = parts;
  const bus = new EventBus({ now: () => clock.now(), seq: restored?.seq });
  const market = new MarketDataPublisher(bus);
  const control = new ControlDesk(bus, restored?.gates);
  const executor = new Executor({ bus, venue, restored: restored?.executor });
  const portfolio = new PortfolioManager({
    bus,
    settings: parts.portfolio,
    restored: restored?.portfolio,
  });
  const risk = new RiskManager({
    bus,
    view: portfolio,
    limits: parts.limits,
    maintenance: parts.portfolio.margin.maintenance,
    instruments: parts.instrumentOf,
    restored: restored?.risk,
  });
  const strategies = new StrategyHost({
    bus,
    view: {
      openOrders: (strategy, symbol) => portfolio.openOrders(strategy, symbol),
      // What no venue would sell is as good as nothing: an exit of it would be asked for again and again.
      positionOf: (strategy, symbol) => {
        const held = portfolio.positionOf(strategy, symbol);
        if (held === null || portfolio.isDust(held)) return null;
        if (held.exitPrice === null) return held;
        const entryPrice = portfolio.ledger.heldPriceOf(held);
        return entryPrice.equals(held.entryPrice) ? held : { ...held, entryPrice };
      },
    },
    strategies: parts.strategies,
  });
  const sink = slicesInto({ observers, market, strategies, risk, portfolio });
  const watched = watchedOnly(parts.strategies);
  const whole =
    watched.length === 0 ? sink : new WatchedBars(watched, { sink, strategies, market });
  const door = parts.intake === null ? whole : enteringBy(parts.intake, whole);
  return {
    bus,
    executor,
    portfolio,
    risk,
    strategies,
    control,
    sink: whole,
    watch: (bars) => market.watch(bars),
    quote: (quote) => market.quote(quote),
    snapshot: () => ({
      version: SNAPSHOT_VERSION,
      seq: bus.seq,
      gates: control.snapshot(),
      executor: executor.snapshot(),
      portfolio: portfolio.snapshot(),
      risk: risk.snapshot(),
    }),
    run: (signal) => feed.run(door, signal),
  };
}

interface SliceReceivers {
  readonly observers: EngineParts['observers'];
  readonly market: MarketDataPublisher;
  readonly strategies: StrategyHost;
  readonly risk: RiskManager;
  readonly portfolio: PortfolioManager;
}

function slicesInto({ observers, market, strategies, risk, portfolio }: SliceReceivers): FeedSink {
  return {
    warmUp(slice: Slice): void {
      for (const observe of observers) observe(slice);
      strategies.warmUp(slice);
      risk.observe(slice);
      portfolio.observe(slice);
    },
    trade(slice: Slice): void {
      for (const observe of observers) observe(slice);
      market.publish(slice);
    },
    catchUp(slice: Slice): void {
      for (const observe of observers) observe(slice);
      market.catchUp(slice);
    },
  };
}

function enteringBy(intake: Intake, sink: FeedSink): FeedSink {
  return {
    warmUp: (slice) => intake.enter(() => sink.warmUp(slice)),
    trade: (slice) => intake.enter(() => sink.trade(slice)),
    catchUp: (slice) => intake.enter(() => sink.catchUp(slice)),
  };
}
