import { present } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import { tradingCalendar, type TradingCalendar } from '../core/trading-calendar.ts';
import { ReplayClock } from '../adapters/system/replay-clock.ts';
import { ReplayFeed, type ReplayProgress } from '../adapters/sqlite/replay-feed.ts';
import { commissionModel } from '../execution/commission.ts';
import { SimulatedVenue } from '../execution/simulated-venue.ts';
import { slippageModel } from '../execution/slippage.ts';
import { slippedPrice } from '../execution/slippage/slippage-model.ts';
import type { CostQuery } from '../portfolio/portfolio-settings.ts';
import type { BarStore } from '../ports/bar-store.ts';
import { AtrTracker } from './atr-tracker.ts';
import type { BacktestPlan } from './backtest-plan.ts';
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
  const commission = commissionModel(plan.commission, plan.exchange);
  const slippage = slippageModel(plan.slippage);
  const atr = new AtrTracker(plan.sizing);
  const instrumentOf = (symbol: SymbolName) => plan.instruments.at(symbol, clock.now());
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
  const venue = new SimulatedVenue({
    instruments: (symbol, time) => plan.instruments.at(symbol, time),
    slippage,
    commission,
    fillAt: plan.fillAt,
    limitFill: plan.limitFill,
    trailingReference: plan.trailingReference,
    entryBarExits: plan.entryBarExits,
    shortOfFunds: plan.shortOfFunds,
    calendarOf: (symbol) => calendarOf(plan, symbol),
    maxVolumeShare: plan.maxVolumeShare,
    initialCash: plan.initialCapital,
    margin: plan.margin,
  });
  return {
    feed,
    venue,
    clock,
    strategies: plan.strategies,
    limits: plan.limits,
    instrumentOf,
    intake: null,
    observers: atr.isNeeded ? [(slice) => atr.observe(slice)] : [],
    portfolio: {
      initialCapital: plan.initialCapital,
      margin: plan.margin,
      cashBuffer: plan.cashBuffer,
      shareOf: (strategy) =>
        present(plan.capitalShares.get(strategy), `the capital share of ${strategy}`),
      sizing: plan.sizing,
      protection: plan.limits.position,
      maxPositionFraction: plan.limits.position.maxFraction,
      maxEntries: plan.maxEntries,
      oppositeSignal: plan.oppositeSignal,
      entryBars: plan.entryBars,
      leavesFundsToVenue: plan.shortOfFunds === 'cancel',
      allowsShort: (strategy) =>
        plan.strategies.some(({ id, allowShort }) => id === strategy && allowShort),
      instrumentOf,
      costFraction: (query) => costFraction(query, { plan, instrumentOf, commission, slippage }),
      atrOf: (symbol) => atr.valueOf(symbol),
    },
  };
}

function calendarOf({ series }: BacktestPlan, symbol: SymbolName): TradingCalendar {
  const own = series.find((each) => each.symbol === symbol);
  return tradingCalendar(present(own, `the series of ${symbol}`).calendar);
}

interface Costs {
  readonly plan: Pick<BacktestPlan, 'maxVolumeShare'>;
  readonly instrumentOf: (symbol: SymbolName) => Instrument;
  readonly commission: ReturnType<typeof commissionModel>;
  readonly slippage: ReturnType<typeof slippageModel>;
}

/** Fee and slippage of a market entry as a fraction of the price, at the largest volume share. */
function costFraction({ symbol, side, price, quantity }: CostQuery, costs: Costs): number {
  const { plan, instrumentOf, commission, slippage } = costs;
  if (!(quantity > 0)) return 0;
  const barVolume = quantity / (plan.maxVolumeShare ?? 1);
  const lost = slippage({ side, role: 'entry', price, quantity, barVolume });
  const slipped = slippedPrice(side, price, lost);
  const fee = commission({
    instrument: instrumentOf(symbol),
    liquidity: 'taker',
    quantity: Decimal.fromNumber(quantity),
    price: Decimal.fromNumber(price),
    isFirstFill: true,
  }).toNumber();
  return Math.abs(slipped - price) / price + fee / (quantity * price);
}
