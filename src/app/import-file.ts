import { EXIT_CODES, QuantSageError } from '../core/errors.ts';
import type { Adjustment, AssetClass, SymbolName } from '../core/instrument.ts';
import { timeframeMs, type Timeframe } from '../core/time.ts';
import { calendarFor, type CalendarId } from '../core/trading-calendar.ts';
import { prepareImport, type ImportPolicy, type ImportSummary } from '../data/import-bars.ts';
import type { RawRow, RawRows } from '../ports/bar-file.ts';
import type { BarStore, SavedBars } from '../ports/bar-store.ts';
import { openBarFile } from './bar-file-reader.ts';

export interface ImportRequest {
  readonly file: string;
  readonly exchange: string;
  readonly symbol: SymbolName;
  readonly assetClass: AssetClass;
  readonly timeframe: Timeframe;
  /** When bars are to be expected; when absent as usual for the asset class. */
  readonly calendar?: CalendarId;
  /** What was done to the prices of the file; raw when absent. */
  readonly adjustment?: Adjustment;
  readonly policy: ImportPolicy;
  readonly maxBadRows: number;
  /** When it aborts before the file is read, nothing is imported. */
  readonly signal?: AbortSignal;
}

export interface ImportResult extends Omit<
  Required<ImportRequest>,
  'policy' | 'maxBadRows' | 'signal'
> {
  readonly summary: ImportSummary;
  readonly saved: SavedBars;
}

/**
 * Reads a file of candles into the database: parse and validate all of it, then store it in one
 * transaction. Throws before anything is written.
 */
export async function importFile(
  request: ImportRequest,
  openStore: () => BarStore,
): Promise<ImportResult> {
  const { file, exchange, symbol, assetClass, timeframe } = request;
  const key = { exchange, symbol, timeframe, adjustment: request.adjustment ?? 'raw' };
  const calendar = request.calendar ?? calendarFor(assetClass);
  const { rows, rowNoun } = await openBarFile(file);
  const at = Date.now();
  const prepared = await prepareImport({
    rows: untilAborted(rows, request.signal),
    rowNoun,
    source: file,
    symbol,
    assetClass,
    timeframe,
    adjustment: key.adjustment,
    calendar,
    policy: request.policy,
    now: at,
    maxBadRows: request.maxBadRows,
  });
  const { summary } = prepared;
  const saved = openStore().save({
    key,
    assetClass,
    calendar,
    instrument: prepared.instrument,
    bars: prepared.bars,
    covers: { from: summary.firstOpen, to: summary.lastOpen + timeframeMs(timeframe) },
    onConflict: 'report',
    at,
    issues: prepared.issues,
    source: file,
  });
  return { file, ...key, assetClass, calendar, summary, saved };
}

async function* untilAborted(
  batches: RawRows,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly RawRow[], void> {
  for await (const batch of batches) {
    if (signal?.aborted === true) {
      throw new QuantSageError('interrupted; nothing was imported', EXIT_CODES.interrupted);
    }
    yield batch;
  }
}
