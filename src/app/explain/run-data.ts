import * as z from 'zod';
import { DataError } from '../../core/errors.ts';
import { adjustmentOf, assetClassOf, type SymbolName } from '../../core/instrument.ts';
import { isTimeframe, type EpochMs, type Timeframe } from '../../core/time.ts';
import type { BarStore } from '../../ports/bar-store.ts';
import type { RunSummary } from '../../ports/run-store.ts';
import type { SplitPolicy } from '../backtest-plan.ts';
import { reportOf } from '../find-run.ts';
import { basesOf, builtSeries, readableSeries, type ReadableSeries } from '../readable-series.ts';

/** The bars a recorded run was made of, as far as the database still has them. */
export interface RunData {
  /** One a symbol that was traded. */
  readonly series: readonly ReadableSeries[];
  /** One a symbol that strategies looked at and none traded. */
  readonly informative: readonly ReadableSeries[];
  readonly timeframe: Timeframe;
  /** The trading period: bars with `start ≤ openTime < end`. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly splits: SplitPolicy;
}

/** Runs from before splits were looked for traded them as the moves they look like. */
const settings = z.object({
  run: z.object({ informative: z.array(z.string()).default([]) }).optional(),
  config: z
    .object({
      data: z.object({ splits: z.enum(['adjust', 'refuse', 'trade']).catch('trade') }).optional(),
    })
    .optional(),
});

/** Throws a `DataError` for a symbol whose bars are gone, and for a run that names no period. */
export function runData(store: BarStore, run: RunSummary, config: string): RunData {
  const { runId, start, timeframe } = run;
  const end = endOf(run);
  if (start === null || end === null || !isTimeframe(timeframe)) {
    throw new DataError(`a run over a known period was expected, was ${runId}, which has no end`);
  }
  const recorded = settings.parse(JSON.parse(config));
  const read = (symbol: SymbolName) => seriesOf(store, run, { symbol, timeframe });
  return {
    series: run.symbols.map(read),
    informative: (recorded.run?.informative ?? []).map(read),
    timeframe,
    start,
    end,
    splits: recorded.config?.data?.splits ?? 'trade',
  };
}

/** An interrupted run never came to the rest of its period. */
function endOf(run: RunSummary): EpochMs | null {
  const reached = run.status === 'interrupted' ? reportOf(run)?.end : undefined;
  return reached === undefined ? run.end : Date.parse(reached);
}

function seriesOf(
  store: BarStore,
  run: RunSummary,
  { symbol, timeframe }: { readonly symbol: string; readonly timeframe: Timeframe },
): ReadableSeries {
  const { exchange } = run;
  const adjustment = adjustmentOf(assetClassOf(symbol), run.adjustment);
  const key = { exchange, symbol, timeframe, adjustment };
  const base = reportOf(run)?.built_from[symbol];
  const found = base === undefined ? readableSeries(store, key) : rebuilt(store, key, base);
  if (found !== null) return found;
  throw new DataError(
    `bars of ${symbol} ${base ?? timeframe} of ${exchange}, which run ${run.runId} was made of, ` +
      'were expected to be stored, there are none; collect or import them again',
  );
}

function rebuilt(
  store: BarStore,
  key: Parameters<typeof basesOf>[1],
  from: Timeframe,
): ReadableSeries | null {
  const base = basesOf(store.series(), key).find(({ timeframe }) => timeframe === from);
  return base === undefined ? null : builtSeries(store, base, key.timeframe);
}
