import { DataError, EXIT_CODES, QuantSageError } from '../core/errors.ts';
import type { Adjustment, SymbolName } from '../core/instrument.ts';
import { formatTime, type EpochMs, type TimeRange, type Timeframe } from '../core/time.ts';
import { TRAVELLING_FLAGS } from '../data/flag-text.ts';
import type { BarFileWriter } from '../ports/bar-file.ts';
import type { BarPage, BarStore, Series, SeriesKey } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import { createBarFile, type ExportFormat } from './bar-file-writer.ts';
import { namingTarget, planFiles, type FilePlan } from './export-target.ts';

export interface ExportRequest {
  /** Null takes all there are. */
  readonly symbols: readonly SymbolName[] | null;
  readonly exchange: string | null;
  readonly timeframe: Timeframe | null;
  readonly adjustment: Adjustment;
  readonly range: TimeRange;
  /** A file for one series, or a directory for any number. */
  readonly to: string;
  /** Null takes that of the file's name. */
  readonly format: ExportFormat | null;
  /** Replace files that are there. */
  readonly force: boolean;
  /** When it aborts, nothing is left behind. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly bars: number; readonly fraction: number }) => void;
}

export interface ExportedFile extends SeriesKey {
  readonly file: string;
  readonly format: ExportFormat;
  readonly bars: number;
  readonly firstOpen: EpochMs;
  readonly lastOpen: EpochMs;
  /** Bars whose column `flags` says that they were repaired or revised. */
  readonly flaggedBars: number;
}

type ExportStore = Pick<BarStore, 'series' | 'pages'>;

/** What a first look at the bars of a series found. */
interface Extent {
  readonly series: Series;
  readonly bars: number;
  readonly firstOpen: EpochMs;
  readonly lastOpen: EpochMs;
  readonly flaggedBars: number;
}

/**
 * Writes stored bars to files: all of them, or none. Every file is complete before the first gets
 * its name. Throws a `DataError` where there are no such bars, a `ConfigError` where the target
 * cannot be written.
 */
export async function exportBars(
  store: ExportStore,
  request: ExportRequest,
): Promise<readonly ExportedFile[]> {
  const extents = chosenSeries(store, request).flatMap((series) =>
    extentOf(store, series, request),
  );
  if (extents.length === 0) throw noBars(request);
  const plans = planFiles(
    extents.map(({ series }) => series),
    request,
  );
  const total = extents.reduce((sum, { bars }) => sum + bars, 0);
  const progress = { bars: 0, total };
  const files: BarFileWriter[] = [];
  try {
    for (const [index, extent] of extents.entries()) {
      const plan = plans[index];
      if (plan === undefined) continue;
      await namingTarget(plan.file, async () => {
        const file = await begin(extent, plan, request);
        files.push(file);
        await copy(store, { extent, file, progress }, request);
      });
    }
    for (const [index, file] of files.entries()) {
      await namingTarget(plans[index]?.file ?? request.to, () => file.publish());
    }
  } catch (error) {
    for (const file of files) await file.discard();
    throw error;
  }
  return extents.map((extent, index) => resultOf(extent, plans[index]));
}

function chosenSeries(store: ExportStore, request: ExportRequest): readonly Series[] {
  const { symbols, exchange, timeframe, adjustment } = request;
  const chosen = store
    .series()
    .filter(
      (series) =>
        (symbols === null || symbols.includes(series.symbol)) &&
        (exchange === null || exchange === series.exchange) &&
        (timeframe === null || timeframe === series.timeframe) &&
        series.adjustment === adjustment,
    );
  const missing = symbols?.find((symbol) => chosen.every((series) => series.symbol !== symbol));
  if (missing !== undefined) throw noBars({ ...request, symbols: [missing] });
  return chosen;
}

/** Reads the bars once before they are written: whether a column for flags is needed, they tell. */
function extentOf(
  store: ExportStore,
  series: Series,
  { range, signal }: ExportRequest,
): readonly Extent[] {
  let bars = 0;
  let flaggedBars = 0;
  let firstOpen: EpochMs | null = null;
  let lastOpen: EpochMs | null = null;
  for (const page of pagesOf(store, series, range)) {
    refuseInterrupted(signal);
    firstOpen ??= page[0] ?? null;
    lastOpen = page[page.length - BAR_STRIDE] ?? null;
    bars += page.length / BAR_STRIDE;
    for (let at = BAR_STRIDE - 1; at < page.length; at += BAR_STRIDE) {
      if (((page[at] ?? 0) & TRAVELLING_FLAGS) !== 0) flaggedBars += 1;
    }
  }
  if (firstOpen === null || lastOpen === null) return [];
  return [{ series, bars, firstOpen, lastOpen, flaggedBars }];
}

function pagesOf(store: ExportStore, { id }: Series, { start, end }: TimeRange): Iterable<BarPage> {
  return store.pages(id, start ?? 0, end ?? Number.MAX_SAFE_INTEGER);
}

async function begin(
  { series, flaggedBars }: Extent,
  { file, format }: FilePlan,
  { force }: ExportRequest,
): Promise<BarFileWriter> {
  const { exchange, symbol, timeframe, adjustment } = series;
  return createBarFile({
    path: file,
    format,
    key: { exchange, symbol, timeframe, adjustment },
    hasFlags: flaggedBars > 0,
    replace: force,
  });
}

interface Copying {
  readonly extent: Extent;
  readonly file: BarFileWriter;
  readonly progress: { bars: number; readonly total: number };
}

async function copy(
  store: ExportStore,
  { extent, file, progress }: Copying,
  { range, signal, onProgress }: ExportRequest,
): Promise<void> {
  for (const page of pagesOf(store, extent.series, range)) {
    refuseInterrupted(signal);
    await file.write(page);
    progress.bars += page.length / BAR_STRIDE;
    onProgress({ bars: progress.bars, fraction: progress.bars / progress.total });
  }
  await file.finish();
  refuseInterrupted(signal);
}

function resultOf(extent: Extent, plan: FilePlan | undefined): ExportedFile {
  const { series, bars, firstOpen, lastOpen, flaggedBars } = extent;
  const { exchange, symbol, timeframe, adjustment } = series;
  const { file = '', format = 'csv' } = plan ?? {};
  const key = { exchange, symbol, timeframe, adjustment };
  return { ...key, file, format, bars, firstOpen, lastOpen, flaggedBars };
}

function refuseInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new QuantSageError('interrupted; nothing was exported', EXIT_CODES.interrupted);
}

function noBars(request: ExportRequest): DataError {
  const { symbols, exchange, timeframe, adjustment, range } = request;
  const kind = adjustment === 'raw' ? null : adjustment;
  const parts = [exchange, symbols?.join(',') ?? null, timeframe, kind];
  const wanted = parts.filter((part) => part !== null).join(' ');
  const since = range.start === null ? '' : ` from ${formatTime(range.start)}`;
  const until = range.end === null ? '' : ` until ${formatTime(range.end)}`;
  return new DataError(
    `stored bars${wanted === '' ? '' : ` of ${wanted}`}${since}${until} were expected, there are none; ` +
      '"quantsage data list" shows what there is; nothing was exported',
  );
}
