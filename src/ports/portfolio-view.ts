import type { Decimal } from '../core/decimal.ts';
import type { StrategyId } from '../core/ids.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { EpochMs } from '../core/time.ts';
import type { Position } from '../core/position.ts';

/** What others may read of the portfolio. Money in quote currency. */
export interface PortfolioView {
  /** Cash plus all positions at their last close. */
  readonly equity: number;
  /** Cash on the ledger, not reduced by open orders. */
  readonly cash: Decimal;
  /** Equity at the start of the current UTC day. */
  readonly dayOpeningEquity: number;
  /** Highest equity so far, the initial capital being the first peak. */
  readonly peakEquity: number;
  /** Time of the last mark. */
  readonly markedAt: EpochMs;
  /** Positions that hold something now, in order of entry. */
  openPositions(): readonly Position[];
  positionOf(strategy: StrategyId, symbol: SymbolName): Position | null;
  /** Last close of a symbol; null before its first bar. */
  lastPrice(symbol: SymbolName): number | null;
}
