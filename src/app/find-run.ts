import { ConfigError } from '../core/errors.ts';
import type { RunStore, RunSummary } from '../ports/run-store.ts';
import type { BacktestReport } from '../reporting/backtest-report.ts';

export type { RunSummary } from '../ports/run-store.ts';

const IDS_SHOWN = 5;

/** The run with that id, or the last one for `last`. Throws a `ConfigError` when there is none. */
export function findRun(runs: RunStore, id: string): RunSummary {
  const all = runs.list();
  const found = id === 'last' ? (all.at(-1) ?? null) : runs.find(id);
  if (found !== null) return found;
  const known = all
    .slice(-IDS_SHOWN)
    .map(({ runId }) => runId)
    .join(', ');
  throw new ConfigError(
    known === ''
      ? `a run was expected, there is none yet; run "quantsage backtest --strategy …"`
      : `a run was expected, was "${id}"; the last ones are ${known}`,
  );
}

/** What reports of earlier versions lack. */
const BEFORE = {
  informative_symbols: [],
  costs: null,
  interest: 0,
  fill_scenario: 'base',
  fills: null,
  limited_protections: null,
};

/** The report a finished run was recorded with; null for one that did not get so far. */
export function reportOf({ report }: RunSummary): BacktestReport | null {
  // Written by this program from a value of this very type.
  return report === null ? null : ({ ...BEFORE, ...JSON.parse(report) } as BacktestReport);
}
