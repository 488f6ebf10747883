import { openMemoryDatabase } from '../adapters/sqlite/database.ts';
import { SqliteBarStore } from '../adapters/sqlite/sqlite-bar-store.ts';
import type { Config } from '../config/config-schema.ts';
import { DataError } from '../core/errors.ts';
import { assetClassOf, type SymbolName } from '../core/instrument.ts';
import { timeframeMs, type Timeframe } from '../core/time.ts';
import { calendarFor } from '../core/trading-calendar.ts';
import { prepareImport } from '../data/import-bars.ts';
import type { RawRow } from '../ports/bar-file.ts';
import type { BarStore } from '../ports/bar-store.ts';

/** One candle of a series: prices in quote currency, volume in base units. */
export interface BarInput {
  /** UTC milliseconds, a date, or text as import reads it: `2024-01-31`, `2024-01-31T15:00:00Z`. */
  readonly openTime: number | string | Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

interface MemorySeries {
  readonly bars: Readonly<Record<SymbolName, readonly BarInput[]>>;
  readonly exchange: string;
  readonly timeframe: Timeframe;
  readonly data: Config['data'];
}

/** Bars in a store of their own that goes when it is closed. */
export interface MemoryStore {
  readonly store: BarStore;
  readonly close: () => void;
}

const COLUMNS = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const;
const HEADER: RawRow = { line: 1, fields: COLUMNS, unterminated: false };
/** The header stands before the first bar. */
const FIRST_LINE = 2;

/**
 * Takes bars in as `import` does: each is checked, all are screened for outliers and splits. Throws
 * a `DataError` that names the first bad bar and the rule it breaks.
 */
export async function memoryStore(series: MemorySeries): Promise<MemoryStore> {
  const database = openMemoryDatabase();
  try {
    const store = new SqliteBarStore(database);
    for (const symbol of Object.keys(series.bars)) await saveBars(store, symbol, series);
    return { store, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function saveBars(
  store: BarStore,
  symbol: SymbolName,
  { bars, exchange, timeframe, data }: MemorySeries,
): Promise<void> {
  const source = `bars[${JSON.stringify(symbol)}]`;
  const own = bars[symbol] ?? [];
  if (own.length === 0) throw new DataError(`${source}: at least one bar was expected, was none`);
  const assetClass = assetClassOf(symbol);
  const { outlierPolicy, outlierSigma, outlierWindow, adjustment } = data;
  const prices = assetClass === 'stock' ? adjustment : 'raw';
  const prepared = await prepareImport({
    rows: [[HEADER, ...own.map(rowOf)]],
    rowNoun: 'row',
    source,
    symbol,
    assetClass,
    timeframe,
    adjustment: prices,
    policy: {
      outliers: outlierPolicy,
      outlierMeasure: { sigmas: outlierSigma, window: outlierWindow },
      assumeUtc: true,
    },
    maxBadRows: 0,
  }).catch((error: unknown) => {
    throw namingBar(error, source);
  });
  const { summary, instrument, issues } = prepared;
  store.save({
    key: { exchange, symbol, timeframe, adjustment: prices },
    assetClass,
    calendar: calendarFor(assetClass),
    instrument,
    bars: prepared.bars,
    covers: { from: summary.firstOpen, to: summary.lastOpen + timeframeMs(timeframe) },
    onConflict: 'report',
    at: 0,
    issues,
    source,
  });
}

function rowOf(bar: BarInput, index: number): RawRow {
  const fields = COLUMNS.map((column) => {
    const value = bar[column];
    return value instanceof Date ? value.getTime() : (value ?? null);
  });
  return { line: index + FIRST_LINE, fields, unterminated: false };
}

/** Rows of a file are counted from its header; bars of a list have their index. */
function namingBar(error: unknown, source: string): unknown {
  if (!(error instanceof DataError)) return error;
  const { line, column, expected, value, rule } = error.details;
  if (typeof line !== 'number') return error;
  const place = `${source}[${line - FIRST_LINE}]${typeof column === 'string' ? `.${column}` : ''}`;
  return new DataError(
    `${place}: ${String(expected)} was expected, was ${JSON.stringify(value)} (rule ${String(rule)})`,
    { cause: error, details: { ...error.details } },
  );
}
