import { present } from '../../core/assert.ts';
import { ConfigError } from '../../core/errors.ts';
import { Decimal } from '../../core/decimal.ts';
import type { EpochMs } from '../../core/time.ts';
import type { DatabaseOwner, LastingRun, LastingRunStore } from '../../ports/lasting-run.ts';
import type { RunStore, RunSummary } from '../../ports/run-store.ts';
import type { TradingPlan } from './plan-trading.ts';
import { runStartOf } from './run-start.ts';

interface RunRequest {
  readonly owner: DatabaseOwner;
  /** Begin a run of its own instead of going on with the last one. */
  readonly isNew: boolean;
  /** Cash that a new run begins with; asked for only where one begins. */
  readonly capital: () => Decimal;
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
  const unfinished = isNew ? null : lasting.unfinished(mode);
  if (unfinished === null) {
    const initialCapital = capital();
    const start = runStartOf(planned, { mode, capital: initialCapital, startedAt });
    return { run: lasting.begin(start), plan: { ...planned, initialCapital } };
  }
  const began = present(runs.find(unfinished), `the run ${unfinished}`);
  refuseOtherCurrency(began, planned);
  const initialCapital = Decimal.parse(began.initialCapital);
  const start = runStartOf(planned, { mode, capital: initialCapital, startedAt });
  return { run: lasting.resume(unfinished, start), plan: { ...planned, initialCapital } };
}

/** Its cash would be read as so much of another currency. */
function refuseOtherCurrency({ runId, currency }: RunSummary, plan: TradingPlan): void {
  if (currency === plan.currency) return;
  throw new ConfigError(
    `symbols in ${currency} were expected, in which run ${runId} has its cash, was ` +
      `${plan.symbols.join(', ')} in ${plan.currency}; begin another run with --new-run, or take ` +
      'another --db',
  );
}
