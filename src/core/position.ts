import type { Decimal } from './decimal.ts';
import type { PositionId, StrategyId } from './ids.ts';
import type { SymbolName } from './instrument.ts';
import type { EpochMs } from './time.ts';

export const POSITION_SIDES = ['long', 'short'] as const;
export type PositionSide = (typeof POSITION_SIDES)[number];

/** A position as it stands after an event. Money in quote currency. */
export interface Position {
  readonly id: PositionId;
  readonly strategy: StrategyId;
  readonly symbol: SymbolName;
  readonly side: PositionSide;
  /** Base units held now, positive; zero once closed. */
  readonly quantity: Decimal;
  /** Base units entered over its life, for averages. */
  readonly entered: Decimal;
  /** Mean entry price, slippage included, fees not. */
  readonly entryPrice: Decimal;
  /** Mean exit price so far; null before the first exit. */
  readonly exitPrice: Decimal | null;
  /** Realised profit or loss so far, before fees. */
  readonly grossPnl: Decimal;
  readonly fees: Decimal;
  /** Cost of slippage so far, spread and impact together, positive when it hurt. */
  readonly slippage: Decimal;
  /** What of that cost the size of the fills caused. */
  readonly impact: Decimal;
  /** Borrow fees of a short so far, positive when paid. */
  readonly financing: Decimal;
  readonly entryTime: EpochMs;
  /** Time of the last exit fill; null before the first exit. */
  readonly exitTime: EpochMs | null;
  readonly exitReason: string | null;
}
