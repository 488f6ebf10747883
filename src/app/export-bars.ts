import { DataError, EXIT_CODES, QuantSageError } from '../core/errors.ts';
import type { Adjustment, SymbolName } from '../core/instrument.ts';
import { formatTime, type EpochMs, type TimeRange, type Timeframe } from '../core/time.ts';
import { TRAVELLING_FLAGS } from '../data/flag-text.ts';
import type { BarFileWriter } from '../ports/bar-file.ts';
import type { BarPage, BarStore, Series, SeriesKey } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';
import { createBarFile, type ExportFormat } from './bar-file-writer.ts';
import { namingTarget, planFiles, type FilePlan } from './export-target.ts';
import {
  barReader,
  readableSeries,
  type BarReader,
  type ReadableSeries,
} from './readable-series.ts';

export interface ExportRequest {
  /** Null takes all there are. */
  readonly symbols: readonly SymbolName[] | null;
  readonly exchange: string | null;
  /** Built from shorter bars where it is not stored; null takes what is stored. */
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
  /** Timeframe of the stored bars that these were made of; null where they are stored themselves. */
  readonly builtFrom: Timeframe | null;
}

type ExportStore = BarReader & Pick<BarStore, 'series'>;

/** What a first look at the bars of a series found. */
interface Extent {
  readonly series: ReadableSeries;
  readonly bars: number;
  readonly firstOpen: EpochMs;
  readonly lastOpen: EpochMs;
  readonly flaggedBars: number;
}

/**
 * Writes stored bars, or bars built from them, to files: all of them, or none. Every file is complete before the first gets
 * its name. Throws a `DataError` where there are no such bars, a `ConfigError` where the target
 * cannot be written.
 */
export async function exportBars(
  store: ExportStore,
  request: ExportRequest,
): Promise<readonly ExportedFile[]> {
  const chosen = chosenSeries(store, request);
  const reader = barReader(store, chosen);
  const extents = chosen.flatMap((series) => extentOf(reader, series, request));
  if (extents.length === 0) throw noBars(request);
  const missing = request.symbols?.find((symbol) =>
    extents.every(({ series }) => series.symbol !== symbol),
  );
  if (missing !== undefined) throw noBars({ ...request, symbols: [missing] });
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
        await copy(reader, { extent, file, progress }, request);
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

/** The stored series that are asked for; of a timeframe, with what can be built of the others. */
function chosenSeries(store: ExportStore, request: ExportRequest): readonly ReadableSeries[] {
  const { symbols, exchange, timeframe, adjustment } = request;
  const stored = store
    .series()
    .filter(
      (series) =>
        (symbols === null || symbols.includes(series.symbol)) &&
        (exchange === null || exchange === series.exchange) &&
        series.adjustment === adjustment,
    );
  if (timeframe === null) return stored.map((series) => ({ ...series, builtFrom: null }));
  return oneOfEachMarket(stored).flatMap(
    (series) => readableSeries(store, { ...series, timeframe }) ?? [],
  );
}

function oneOfEachMarket(stored: readonly Series[]): readonly Series[] {
  const markets = new Map(stored.map((each) => [`${each.exchange} ${each.symbol}`, each]));
  return [...markets.values()];
}

/** Reads the bars once before they are written: whether a column for flags is needed, they tell. */
function extentOf(
  reader: BarReader,
  series: ReadableSeries,
  { range, signal }: ExportRequest,
): readonly Extent[] {
  let bars = 0;
  let flaggedBars = 0;
  let firstOpen: EpochMs | null = null;
  let lastOpen: EpochMs | null = null;
  for (const page of pagesOf(reader, series, range)) {
    refuseInterrupted(signal);
    firstOpen ??= page[0] ?? null;
    lastOpen = page[page.length - BAR_STRIDE] ?? null;
    bars += page.length / BAR_STRIDE;
    flaggedBars += flaggedIn(page);
  }
  if (firstOpen === null || lastOpen === null) return [];
  return [{ series, bars, firstOpen, lastOpen, flaggedBars }];
}

function flaggedIn(page: BarPage): number {
  let flagged = 0;
  for (let at = BAR_STRIDE - 1; at < page.length; at += BAR_STRIDE) {
    if (((page[at] ?? 0) & TRAVELLING_FLAGS) !== 0) flagged += 1;
  }
  return flagged;
}

function pagesOf(reader: BarReader, { id }: Series, { start, end }: TimeRange): Iterable<BarPage> {
  return reader.pages(id, start ?? 0, end ?? Number.MAX_SAFE_INTEGER);
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

/** Copies what the first look found: bars that came in behind it since are left for the next export. */
async function copy(
  reader: BarReader,
  { extent, file, progress }: Copying,
  { range, signal, onProgress }: ExportRequest,
): Promise<void> {
  const { series, lastOpen } = extent;
  let [bars, flaggedBars] = [0, 0];
  for (const page of pagesOf(reader, series, { start: range.start, end: lastOpen + 1 })) {
    refuseInterrupted(signal);
    await file.write(page);
    bars += page.length / BAR_STRIDE;
    flaggedBars += flaggedIn(page);
    progress.bars += page.length / BAR_STRIDE;
    onProgress({ bars: progress.bars, fraction: progress.bars / progress.total });
  }
  if (bars !== extent.bars || flaggedBars !== extent.flaggedBars) throw changedMeanwhile(series);
  await file.finish();
  refuseInterrupted(signal);
}

function resultOf(extent: Extent, plan: FilePlan | undefined): ExportedFile {
  const { series, bars, firstOpen, lastOpen, flaggedBars } = extent;
  const { exchange, symbol, timeframe, adjustment } = series;
  const { file = '', format = 'csv' } = plan ?? {};
  const key = { exchange, symbol, timeframe, adjustment };
  const builtFrom = series.builtFrom?.timeframe ?? null;
  return { ...key, file, format, bars, firstOpen, lastOpen, flaggedBars, builtFrom };
}

function refuseInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new QuantSageError('interrupted; nothing was exported', EXIT_CODES.interrupted);
}

/** The header of the file is written by then, and says what its columns are. */
function changedMeanwhile({ exchange, symbol, timeframe }: SeriesKey): DataError {
  return new DataError(
    `the bars of ${exchange} ${symbol} ${timeframe} were expected to stay as they are, but changed ` +
      'meanwhile; wait until nothing else writes them and export again; nothing was exported',
  );
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
