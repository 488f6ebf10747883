import { present } from '../core/assert.ts';
import type { SymbolName } from '../core/instrument.ts';
import { tradingCalendar, type TradingCalendar } from '../core/trading-calendar.ts';
import { ReplayClock } from '../adapters/system/replay-clock.ts';
import { ReplayFeed, type ReplayProgress } from '../adapters/sqlite/replay-feed.ts';
import { SimulatedVenue } from '../execution/simulated-venue.ts';
import type { BarStore } from '../ports/bar-store.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { sharedParts, simulatedVenueOptions } from './engine-terms.ts';
import { warmupBarsOf } from './warmup-bars.ts';
import type { EngineParts } from './wire-engine.ts';

interface BacktestEnvironment {
  readonly store: Pick<BarStore, 'pages' | 'openTimeBefore'>;
  /** Monotonic milliseconds; measures, decides nothing. */
  readonly timer: () => number;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

export interface BacktestParts extends EngineParts {
  readonly feed: ReplayFeed;
  readonly venue: SimulatedVenue;
}

/** Feed, venue and clock of a backtest, and the settings every mode has. */
export function backtestParts(plan: BacktestPlan, environment: BacktestEnvironment): BacktestParts {
  const clock = new ReplayClock(0);
  const { onProgress, ...sources } = environment;
  const feed = new ReplayFeed({
    ...sources,
    ...(onProgress === undefined ? {} : { onProgress }),
    series: [...plan.series, ...plan.informative],
    clock,
    warmUpBars: warmupBarsOf(plan.strategies),
    start: plan.start,
    end: plan.end,
  });
  const terms = { ...plan, calendarOf: (symbol: SymbolName) => calendarOf(plan, symbol) };
  return {
    ...sharedParts(terms, clock),
    feed,
    venue: new SimulatedVenue(simulatedVenueOptions(terms)),
    clock,
    intake: null,
  };
}

function calendarOf({ series }: BacktestPlan, symbol: SymbolName): TradingCalendar {
  const own = series.find((each) => each.symbol === symbol);
  return tradingCalendar(present(own, `the series of ${symbol}`).calendar);
}
