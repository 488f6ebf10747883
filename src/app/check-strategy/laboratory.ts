import { compareTraces, type Comparison, type Difference, type Extent } from './compare-traces.ts';
import type { PreparedMarket } from './prepared-market.ts';
import type { TrialPool } from './trial-pool.ts';
import type { RunTrace, TrialOutcome, TrialRequest, TrialRun } from './trial.ts';

type Subject = Omit<TrialRequest, 'runs'>;

interface LaboratoryOptions {
  readonly subject: Subject;
  readonly market: PreparedMarket;
  readonly pool: TrialPool;
  /** Told after every trial. */
  readonly onTrial: () => void;
}

/** How a run differs from the plain one over the whole market. */
export type RunChange = Partial<TrialRun>;

/** Runs one strategy over variations of one market, and keeps count. */
export class Laboratory {
  readonly market: PreparedMarket;
  readonly #options: LaboratoryOptions;
  #compared = 0;

  constructor(options: LaboratoryOptions) {
    this.#options = options;
    this.market = options.market;
  }

  /** Bars on which the decisions of two runs were compared so far. */
  get comparedBars(): number {
    return this.#compared;
  }

  get trials(): number {
    return this.#options.pool.started;
  }

  /** Runs in one fresh process, one after the other. */
  async runs(
    changes: readonly RunChange[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<TrialOutcome> {
    const { subject, pool, onTrial } = this.#options;
    const request = { ...subject, runs: changes.map((change) => this.#run(change)) };
    const outcome = await pool.run(request, environment === undefined ? {} : { environment });
    onTrial();
    return outcome;
  }

  /** The last of those runs. */
  async lastOf(changes: readonly RunChange[]): Promise<RunTrace> {
    const { runs } = await this.runs(changes);
    const last = runs.at(-1);
    if (last === undefined) throw new TypeError('a run was expected, was none');
    return last;
  }

  /** The first bar in the extent (all, unless it says less) on which two runs differ. */
  difference(base: RunTrace, other: RunTrace, extent: Partial<Extent> = {}): Difference | null {
    return this.compare(base, other, extent).first;
  }

  compare(base: RunTrace, other: RunTrace, extent: Partial<Extent> = {}): Comparison {
    const whole = { from: () => -Infinity, to: Infinity, withRules: true, withTurns: true };
    const compared = compareTraces(base, other, { ...whole, ...extent });
    this.#compared += compared.bars;
    return compared;
  }

  #run(change: RunChange): TrialRun {
    const { series, symbols, start, end } = this.market;
    return { series, symbols, start, end, held: null, inOrder: false, asksRules: true, ...change };
  }
}
