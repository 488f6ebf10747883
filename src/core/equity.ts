import type { EpochMs } from './time.ts';

/** The account marked to market at one instant. Money in quote currency, doubles. */
export interface EquityMark {
  readonly time: EpochMs;
  readonly equity: number;
  readonly cash: number;
  /** Sum of the absolute values of all positions. */
  readonly exposure: number;
  /** Highest equity so far, the initial capital being the first peak. */
  readonly peak: number;
  /** Fraction below the peak, zero or positive. */
  readonly drawdown: number;
}
