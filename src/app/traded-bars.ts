import type { Slice } from '../core/bar.ts';
import type { EpochMs } from '../core/time.ts';

/** Counts the bars of the trading period: those before it only warm indicators up. */
export class TradedBars {
  readonly #start: EpochMs;
  #count = 0;

  constructor(start: EpochMs) {
    this.#start = start;
  }

  get count(): number {
    return this.#count;
  }

  readonly observe = ({ bars }: Slice): void => {
    const [first] = bars;
    if (first !== undefined && first.openTime >= this.#start) this.#count += bars.length;
  };
}
