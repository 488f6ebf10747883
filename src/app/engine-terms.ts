import { present } from '../core/assert.ts';
import { Decimal } from '../core/decimal.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import type { TradingCalendar } from '../core/trading-calendar.ts';
import { commissionModel } from '../execution/commission.ts';
import type { SimulatedVenueOptions } from '../execution/simulated-venue.ts';
import { slippageModel } from '../execution/slippage.ts';
import { slippedPrice } from '../execution/slippage/slippage-model.ts';
import type { CostQuery } from '../portfolio/portfolio-settings.ts';
import type { Clock } from '../ports/clock.ts';
import { AtrTracker } from './atr-tracker.ts';
import type { BacktestPlan } from './backtest-plan.ts';
import { wishStaleAt } from './wish-stale-at.ts';
import type { EngineParts } from './wire-engine.ts';

/** What every mode settles before an engine is wired, whatever feeds it. */
export interface EngineTerms extends Pick<
  BacktestPlan,
  | 'strategies'
  | 'capitalShares'
  | 'exchange'
  | 'initialCapital'
  | 'margin'
  | 'cashBuffer'
  | 'limits'
  | 'sizing'
  | 'maxEntries'
  | 'oppositeSignal'
  | 'commission'
  | 'slippage'
  | 'fillAt'
  | 'limitFill'
  | 'trailingReference'
  | 'entryBarExits'
  | 'shortOfFunds'
  | 'maxVolumeShare'
  | 'entryBars'
  | 'staleAfterMs'
> {
  readonly instruments: { at(symbol: SymbolName, time: EpochMs): Instrument };
  readonly calendarOf: (symbol: SymbolName) => TradingCalendar;
}

/** The parts of an engine that are the same in every mode. */
export function sharedParts(
  terms: EngineTerms,
  clock: Clock,
): Pick<EngineParts, 'strategies' | 'limits' | 'instrumentOf' | 'observers' | 'portfolio'> {
  const atr = new AtrTracker(terms.sizing);
  const instrumentOf = (symbol: SymbolName) => terms.instruments.at(symbol, clock.now());
  const costs = {
    terms,
    instrumentOf,
    commission: commissionModel(terms.commission, terms.exchange),
    slippage: slippageModel(terms.slippage),
  };
  return {
    strategies: terms.strategies,
    limits: terms.limits,
    instrumentOf,
    observers: atr.isNeeded ? [(slice) => atr.observe(slice)] : [],
    portfolio: {
      initialCapital: terms.initialCapital,
      margin: terms.margin,
      cashBuffer: terms.cashBuffer,
      shareOf: (strategy) =>
        present(terms.capitalShares.get(strategy), `the capital share of ${strategy}`),
      sizing: terms.sizing,
      protection: terms.limits.position,
      maxPositionFraction: terms.limits.position.maxFraction,
      maxEntries: terms.maxEntries,
      oppositeSignal: terms.oppositeSignal,
      entryBars: terms.entryBars,
      staleAt: (signal) => wishStaleAt(signal, terms),
      leavesFundsToVenue: terms.shortOfFunds === 'cancel',
      allowsShort: (strategy) =>
        terms.strategies.some(({ id, allowShort }) => id === strategy && allowShort),
      instrumentOf,
      costFraction: (query) => costFraction(query, costs),
      atrOf: (symbol) => atr.valueOf(symbol),
    },
  };
}

/** How a simulated venue of these terms executes orders. */
export function simulatedVenueOptions(terms: EngineTerms): SimulatedVenueOptions {
  return {
    instruments: (symbol, time) => terms.instruments.at(symbol, time),
    slippage: slippageModel(terms.slippage),
    commission: commissionModel(terms.commission, terms.exchange),
    fillAt: terms.fillAt,
    limitFill: terms.limitFill,
    trailingReference: terms.trailingReference,
    entryBarExits: terms.entryBarExits,
    shortOfFunds: terms.shortOfFunds,
    calendarOf: terms.calendarOf,
    maxVolumeShare: terms.maxVolumeShare,
    initialCash: terms.initialCapital,
    margin: terms.margin,
  };
}

interface Costs {
  readonly terms: Pick<EngineTerms, 'maxVolumeShare'>;
  readonly instrumentOf: (symbol: SymbolName) => Instrument;
  readonly commission: ReturnType<typeof commissionModel>;
  readonly slippage: ReturnType<typeof slippageModel>;
}

/** Fee and slippage of a market entry as a fraction of the price, at the largest volume share. */
function costFraction({ symbol, side, price, quantity }: CostQuery, costs: Costs): number {
  const { terms, instrumentOf, commission, slippage } = costs;
  if (!(quantity > 0)) return 0;
  const barVolume = quantity / (terms.maxVolumeShare ?? 1);
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
