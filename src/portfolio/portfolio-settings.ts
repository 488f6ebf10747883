import type { Decimal } from '../core/decimal.ts';
import type { StrategyId } from '../core/ids.ts';
import type { Instrument, SymbolName } from '../core/instrument.ts';
import type { MarginTerms } from '../core/margin.ts';
import type { Side } from '../core/order.ts';
import type { Signal } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { SizingSettings } from './position-sizing.ts';
import type { ProtectionLimits } from './protection-plan.ts';

export type OppositeSignal = 'close' | 'reverse';

export interface CostQuery {
  readonly symbol: SymbolName;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
}

/** Everything the portfolio needs to know that does not change during a run. */
export interface PortfolioSettings {
  readonly initialCapital: Decimal;
  readonly margin: MarginTerms;
  /** Fraction of equity that entries leave untouched. */
  readonly cashBuffer: number;
  /** Fraction of equity that a strategy sizes by and may use, in (0, 1]. */
  readonly shareOf: (strategy: StrategyId) => number;
  readonly sizing: SizingSettings;
  readonly protection: ProtectionLimits;
  /** Largest fraction of equity in one position; null when that limit is off. */
  readonly maxPositionFraction: number | null;
  /** How often a position may be entered before it is closed. */
  readonly maxEntries: number;
  /** What an entry against the position held does: close it, or close it and enter the other way. */
  readonly oppositeSignal: OppositeSignal;
  /** Bars of its symbol an entry may take to fill; what is left then is cancelled. Null: no limit. */
  readonly entryBars: number | null;
  /**
   * Whether an entry for a quantity that its strategy gave goes out unasked: the venue cancels it
   * whole where it is not paid for.
   */
  readonly leavesFundsToVenue: boolean;
  /** From when on the bar that a wish was decided on is too old for an entry that is still to go out. */
  readonly staleAt: (signal: Signal) => EpochMs;
  readonly allowsShort: (strategy: StrategyId) => boolean;
  readonly instrumentOf: (symbol: SymbolName) => Instrument;
  /** Fee and slippage to expect of a market order, as a fraction of the price. */
  readonly costFraction: (query: CostQuery) => number;
  /** Average true range in quote currency; null until known or where sizing needs none. */
  readonly atrOf: (symbol: SymbolName) => number | null;
}
