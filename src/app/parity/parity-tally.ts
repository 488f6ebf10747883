import type { ParityDifference } from './parity-difference.ts';

/** What was compared and what was found, over all sessions of a run. */
export class ParityTally {
  readonly differences: ParityDifference[] = [];
  /** Milliseconds from the backtest's fill to the run's, of orders that both filled. */
  readonly delays: number[] = [];
  /** How often a strategy was asked about a bar, by the backtest. */
  decisions = 0;
  orders = 0;
  fills = 0;
  /** Of the run, after its last bar: no backtest fills them without the next one. */
  unjudged = 0;

  found(...differences: readonly ParityDifference[]): void {
    this.differences.push(...differences);
  }
}
