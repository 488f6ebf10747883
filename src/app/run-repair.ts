import { present } from '../core/assert.ts';
import { isCutShort, QuantSageError } from '../core/errors.ts';
import type { TimeRange } from '../core/time.ts';
import type { Refetcher } from '../data/repair/refetcher.ts';
import type { RepairPlan } from '../data/repair/repair-plan.ts';
import type { BarRow, BarStore, Series, SeriesKey } from '../ports/bar-store.ts';
import type { RepairBatch, RepairMethod, RepairStore } from '../ports/repair-store.ts';
import { filterSeries, type SeriesFilter } from './filter-series.ts';
import { RefetchVenues } from './refetch-venues.ts';
import { RepairPlanner } from './repair-planner.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

export { REPAIR_METHODS, type RepairMethod } from '../ports/repair-store.ts';

export interface RepairRequest {
  readonly method: RepairMethod;
  readonly filter: SeriesFilter;
  readonly range: TimeRange;
  /** Longest gap that `flat` fills, in bars. */
  readonly maxGapBars: number;
  /** Plans, and changes nothing. */
  readonly isDryRun: boolean;
}

/** What was done to one series, or would be. */
export interface SeriesRepair extends SeriesKey, Omit<RepairPlan, 'bars'> {
  readonly made: number;
  /** The first ten of them. */
  readonly examples: readonly BarRow[];
  /** Number to undo it by; null where nothing was changed. */
  readonly batch: number | null;
}

export interface RepairReport {
  readonly isDryRun: boolean;
  /** Every series looked at, whether there was anything to do or not. */
  readonly series: readonly SeriesRepair[];
}

/** A batch with the series it changed. */
export interface ListedBatch extends SeriesKey, Omit<RepairBatch, 'seriesId'> {}

const EXAMPLES_MAX = 10;

export interface RepairOutcome {
  readonly report: RepairReport;
  /** What ended the repair early; null when nothing did. */
  readonly error: QuantSageError | null;
}

/**
 * Repairs series after series, each in one transaction, or plans it. What went wrong with one is
 * part of the outcome: those before it are repaired. When the signal aborts, the series in hand is
 * left as it is, and so are all after it.
 */
export async function repairData(
  options: WorkspaceOptions,
  request: RepairRequest,
  signal: AbortSignal,
): Promise<RepairOutcome> {
  const workspace = openWorkspace(options);
  const venues = new RefetchVenues(workspace);
  const repaired: SeriesRepair[] = [];
  const report = { isDryRun: request.isDryRun, series: repaired };
  try {
    const store = workspace.storedBars();
    const planner = new RepairPlanner({
      store,
      range: request.range,
      outlierMeasure: outlierMeasureOf(workspace),
    });
    const planOf = plansBy(planner, request, async (series) => venues.of(series));
    for (const series of filterSeries(store, request.filter)) {
      if (signal.aborted) break;
      const plan = await planOf(series, signal);
      repaired.push(repairedSeries(series, plan, request.isDryRun ? null : workspace.repairs()));
    }
    return { report, error: null };
  } catch (error) {
    if (isCutShort(error, signal)) return { report, error: null };
    if (error instanceof QuantSageError) return { report, error };
    throw error;
  } finally {
    await venues.close();
    workspace.close();
  }
}

/** Every batch ever made, in that order. */
export function listRepairs(options: WorkspaceOptions): readonly ListedBatch[] {
  const workspace = openWorkspace(options);
  try {
    if (!workspace.hasDatabase()) return [];
    return workspace
      .repairs()
      .batches()
      .map((batch) => listed(batch, workspace.bars()));
  } finally {
    workspace.close();
  }
}

/** Throws a `DataError` for a batch that cannot be taken back. */
export function undoRepair(options: WorkspaceOptions, id: number): ListedBatch {
  const workspace = openWorkspace(options);
  try {
    return listed(workspace.repairs().undo(id, Date.now()), workspace.bars());
  } finally {
    workspace.close();
  }
}

type Planning = (series: Series, signal: AbortSignal) => RepairPlan | Promise<RepairPlan>;

function plansBy(
  planner: RepairPlanner,
  { method, maxGapBars }: RepairRequest,
  openVenue: (series: Series) => Promise<Refetcher>,
): Planning {
  switch (method) {
    case 'refetch':
      return async (series, signal) => planner.refetch(series, openVenue, signal);
    case 'flat':
      return (series) => planner.flat(series, maxGapBars);
    case 'finer':
      return (series) => planner.finer(series);
    case 'revision':
      return (series) => planner.revision(series);
  }
}

function repairedSeries(
  series: Series,
  { bars, ...plan }: RepairPlan,
  store: RepairStore | null,
): SeriesRepair {
  const { method, source } = plan;
  const batch =
    store === null || bars.length === 0
      ? null
      : store.apply({ seriesId: series.id, method, at: Date.now(), source, bars });
  const made = store === null ? bars.length : (batch?.bars ?? 0);
  const examples = bars.slice(0, EXAMPLES_MAX);
  return { ...keyOf(series), ...plan, made, examples, batch: batch?.id ?? null };
}

function listed({ seriesId, ...batch }: RepairBatch, store: BarStore): ListedBatch {
  const series = present(
    store.series().find(({ id }) => id === seriesId),
    'the series of a repair',
  );
  return { ...batch, ...keyOf(series) };
}

function outlierMeasureOf({ config }: Workspace) {
  const { outlierSigma, outlierWindow } = config.data;
  return { sigmas: outlierSigma, window: outlierWindow };
}

function keyOf({ exchange, symbol, timeframe, adjustment }: SeriesKey): SeriesKey {
  return { exchange, symbol, timeframe, adjustment };
}
