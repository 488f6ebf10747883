import type { EpochMs } from '../core/time.ts';

/** Bars in a row before a pattern is called a run. */
const RUN_MIN = 3;
const EXAMPLES_MAX = 10;

/** A stretch of neighbouring bars of one kind. */
export interface Run {
  readonly from: EpochMs;
  /** Open time of its last bar. */
  readonly to: EpochMs;
  readonly bars: number;
  /** Close of its last bar. */
  readonly close: number;
}

export interface RunTally {
  /** Runs of at least three bars. */
  readonly runs: number;
  /** Bars in these runs. */
  readonly bars: number;
  readonly longest: Run | null;
  /** The first ten. */
  readonly examples: readonly Run[];
}

interface OpenRun {
  from: EpochMs;
  to: EpochMs;
  bars: number;
  close: number;
}

/** Counts stretches of neighbouring bars for which something holds. */
export class RunCounter {
  #runs = 0;
  #bars = 0;
  #from: EpochMs = 0;
  #length = 0;
  #current: OpenRun | null = null;
  #longest: OpenRun | null = null;
  readonly #examples: OpenRun[] = [];

  next(holds: boolean, openTime: EpochMs, close: number): void {
    if (!holds) {
      this.#length = 0;
      return;
    }
    if (this.#length === 0) this.#from = openTime;
    this.#length += 1;
    if (this.#length < RUN_MIN) return;
    if (this.#length === RUN_MIN) this.#begin();
    this.#extend(openTime, close);
  }

  tally(): RunTally {
    const longest = this.#longest === null ? null : { ...this.#longest };
    const examples = this.#examples.map((run) => ({ ...run }));
    return { runs: this.#runs, bars: this.#bars, longest, examples };
  }

  #begin(): void {
    this.#current = { from: this.#from, to: this.#from, bars: RUN_MIN - 1, close: 0 };
    this.#runs += 1;
    this.#bars += RUN_MIN - 1;
    if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(this.#current);
  }

  #extend(openTime: EpochMs, close: number): void {
    const run = this.#current;
    if (run === null) return;
    this.#bars += 1;
    run.bars += 1;
    run.to = openTime;
    run.close = close;
    if (run.bars > (this.#longest?.bars ?? 0)) this.#longest = run;
  }
}
