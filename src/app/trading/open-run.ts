import { Decimal } from '../../core/decimal.ts';
import type { EpochMs } from '../../core/time.ts';
import type { DatabaseOwner, LastingRun, LastingRunStore } from '../../ports/lasting-run.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { TradingPlan } from './plan-trading.ts';
import { runStartOf } from './run-start.ts';

interface RunRequest {
  readonly owner: DatabaseOwner;
  /** Begin a run of its own instead of going on with the last one. */
  readonly isNew: boolean;
  /** Cash that a new run begins with. */
  readonly capital: Decimal;
  readonly startedAt: EpochMs;
}

interface RunStores {
  readonly lasting: LastingRunStore;
  readonly runs: Pick<RunStore, 'find'>;
}

/** The run that is to go on, with the capital it began with; or a new one. */
export function openRun(
  planned: TradingPlan,
  { owner, isNew, capital, startedAt }: RunRequest,
  { lasting, runs }: RunStores,
): { readonly run: LastingRun; readonly plan: TradingPlan } {
  const { mode } = owner;
  lasting.claim(owner);
  const unfinished = isNew ? null : lasting.unfinished(mode);
  if (unfinished === null) {
    const run = lasting.begin(runStartOf(planned, { mode, capital, startedAt }));
    return { run, plan: { ...planned, initialCapital: capital } };
  }
  const began = runs.find(unfinished);
  const initialCapital = began === null ? capital : Decimal.parse(began.initialCapital);
  const start = runStartOf(planned, { mode, capital: initialCapital, startedAt });
  return { run: lasting.resume(unfinished, start), plan: { ...planned, initialCapital } };
}
