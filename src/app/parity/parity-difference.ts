import type { Decimal } from '../../core/decimal.ts';
import type { OrderId } from '../../core/ids.ts';
import type { SymbolName } from '../../core/instrument.ts';
import type { EpochMs } from '../../core/time.ts';

/**
 * What a difference between a run and its backtest comes from: a bar that was missed, late, changed
 * or not there; another decision on the same bars; an order that the run was refused, by a gate, a
 * halt or the exchange; another price; another fee; another moment.
 */
export const PARITY_CAUSES = [
  'missing-data',
  'signal',
  'refusal',
  'price',
  'fee',
  'latency',
] as const;
export type ParityCause = (typeof PARITY_CAUSES)[number];

/** One thing that a run did otherwise than its backtest. */
export interface ParityDifference {
  /** Close of the bar that was decided on, or the moment of the fill. */
  readonly time: EpochMs;
  readonly symbol: SymbolName;
  readonly strategy: string;
  readonly cause: ParityCause;
  /** Open time of the bar on which the trade was decided that it belongs to; null where none is. */
  readonly entryBar: EpochMs | null;
  /** Null where it is about a decision. */
  readonly order: OrderId | null;
  /** What the backtest did, and what the run did, each in a clause. */
  readonly backtest: string;
  readonly run: string;
  /**
   * In quote currency, positive where the run fared worse. Of a trade that only one of both made, what
   * it brought the other one to the end of the record; null where that cannot be told.
   */
  readonly cost: Decimal | null;
}
