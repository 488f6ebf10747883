import { present } from '../core/assert.ts';
import type { TimeRange } from '../core/time.ts';
import type { RepairPlan } from '../data/repair/repair-plan.ts';
import type { BarRow, BarStore, Series, SeriesKey } from '../ports/bar-store.ts';
import type { RepairBatch, RepairMethod, RepairStore } from '../ports/repair-store.ts';
import { filterSeries, type SeriesFilter } from './filter-series.ts';
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

/** Repairs series after series, each in one transaction, or plans it. */
export async function repairData(
  options: WorkspaceOptions,
  request: RepairRequest,
): Promise<RepairReport> {
  const workspace = openWorkspace(options);
  try {
    const store = workspace.storedBars();
    const planner = new RepairPlanner({
      store,
      range: request.range,
      outlierMeasure: outlierMeasureOf(workspace),
    });
    const repaired: SeriesRepair[] = [];
    for (const series of filterSeries(store, request.filter)) {
      const plan = planOf(planner, series, request);
      const apply = request.isDryRun ? null : workspace.repairs();
      repaired.push(repairedSeries(series, plan, apply));
    }
    return { isDryRun: request.isDryRun, series: repaired };
  } finally {
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

function planOf(
  planner: RepairPlanner,
  series: Series,
  { method, maxGapBars }: RepairRequest,
): RepairPlan {
  switch (method) {
    case 'flat':
      return planner.flat(series, maxGapBars);
    case 'finer':
      return planner.finer(series);
    case 'revision':
      return planner.revision(series);
    case 'refetch':
      throw new Error('not yet');
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
