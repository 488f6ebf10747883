import { readCsvBarFile } from '../adapters/csv/csv-bar-file.ts';
import { EXIT_CODES, QuantSageError } from '../core/errors.ts';
import type { Adjustment, AssetClass, SymbolName } from '../core/instrument.ts';
import { timeframeMs, type Timeframe } from '../core/time.ts';
import { calendarFor, type CalendarId } from '../core/trading-calendar.ts';
import { prepareImport, type ImportPolicy, type ImportSummary } from '../data/import-bars.ts';
import type { RawRow, RawRows } from '../data/raw-row.ts';
import type { BarStore, SavedBars } from '../ports/bar-store.ts';

export interface ImportRequest {
  readonly file: string;
  readonly exchange: string;
  readonly symbol: SymbolName;
  readonly assetClass: AssetClass;
  readonly timeframe: Timeframe;
  /** When bars are to be expected; the usual calendar of the asset class when absent. */
  readonly calendar?: CalendarId;
  /** What was done to the prices of the file; raw when absent. */
  readonly adjustment?: Adjustment;
  readonly policy: ImportPolicy;
  readonly maxBadRows: number;
  /** When it aborts before the file is read, nothing is imported. */
  readonly signal?: AbortSignal;
}

export interface ImportResult extends Omit<ImportRequest, 'policy' | 'maxBadRows' | 'signal'> {
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
  const { file, exchange, symbol, assetClass, timeframe, policy, maxBadRows } = request;
  const { adjustment = 'raw', calendar = calendarFor(assetClass) } = request;
  const rows = untilAborted(readCsvBarFile(file), request.signal);
  const prepared = await prepareImport({
    rows,
    source: file,
    symbol,
    assetClass,
    timeframe,
    adjustment,
    calendar,
    policy,
    maxBadRows,
  });
  const { firstOpen, lastOpen } = prepared.summary;
  const saved = openStore().save({
    key: { exchange, symbol, timeframe, adjustment },
    assetClass,
    calendar,
    instrument: prepared.instrument,
    bars: prepared.bars,
    covers: { from: firstOpen, to: lastOpen + timeframeMs(timeframe) },
    onConflict: 'report',
    at: Date.now(),
    issues: prepared.issues,
    source: file,
  });
  const identity = { file, exchange, symbol, assetClass, timeframe, adjustment, calendar };
  return { ...identity, summary: prepared.summary, saved };
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
