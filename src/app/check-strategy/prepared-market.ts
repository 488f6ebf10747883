import type { SymbolName } from '../../core/instrument.ts';
import { timeframeMs, type EpochMs } from '../../core/time.ts';
import { BAR_STRIDE, type BarPage, type BarStore, type Series } from '../../ports/bar-store.ts';
import type { BacktestPlan } from '../backtest-plan.ts';
import type { BarReader } from '../readable-series.ts';
import { SplitTreatment } from '../split-treatment.ts';
import { warmupBarsOf } from '../warmup-bars.ts';
import { exactText } from './exact-text.ts';
import type { TrialSeries } from './trial.ts';

/** The bars all trials of a strategy start from. */
export interface PreparedMarket {
  /** Of the symbols that are traded, and of those that are looked at. */
  readonly series: readonly TrialSeries[];
  /** Those that are traded. */
  readonly symbols: readonly SymbolName[];
  /** Whether the strategy decides on all of them together. */
  readonly isCrossSectional: boolean;
  /** The trading period: bars with `start ≤ openTime < end`. */
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Bars before `start` after which the strategy says that it is sure to decide. */
  readonly warmupBars: number;
}

/**
 * The last `bars` bars of a plan with the warm-up before them, read once. The period begins later
 * where there would be no room for the warm-up otherwise.
 */
export function prepareMarket(
  plan: BacktestPlan,
  stored: BarReader & Pick<BarStore, 'instruments'>,
  bars: number,
): PreparedMarket {
  const read = [...plan.series, ...plan.informative];
  const store = new SplitTreatment({ ...plan, series: read }, stored).store;
  const warmupBars = warmupBarsOf(plan.strategies);
  const starts = plan.series.map(({ id }) => {
    const wanted = store.openTimeBefore(id, plan.end, bars) ?? plan.start;
    return Math.max(wanted, plan.start);
  });
  const wanted = Math.min(...starts);
  const series = read.map((each, index) => {
    const first = store.openTimeBefore(each.id, wanted, warmupBars) ?? wanted;
    const rows = joined(store.pages(each.id, Math.min(first, wanted), plan.end));
    const instruments = exactText(stored.instruments(each.exchange, each.symbol));
    return { series: describing(each, rows, index + 1), rows, instruments };
  });
  const traded = series.slice(0, plan.series.length);
  const warm = traded.map(({ rows }) => openTimeAt(rows, warmupBars) ?? wanted);
  // What is looked at has no bar of its own to decide on: it is enough that the last one is over.
  const looked = series.slice(plan.series.length).map(({ rows }) => {
    const last = openTimeAt(rows, warmupBars - 1);
    return last === null ? wanted : last + timeframeMs(plan.timeframe);
  });
  return {
    series,
    symbols: plan.series.map(({ symbol }) => symbol),
    isCrossSectional: plan.strategies.some(
      ({ definition }) => definition.createForAll !== undefined,
    ),
    start: Math.max(wanted, ...warm, ...looked),
    end: plan.end,
    warmupBars,
  };
}

/** The same series with other bars. */
export function withRows(series: TrialSeries, rows: Float64Array): TrialSeries {
  return { ...series, series: describing(series.series, rows, series.series.id), rows };
}

/** Bars that open within `from ≤ t < to`. */
function rowsWithin(rows: Float64Array, from: EpochMs, to: EpochMs): Float64Array {
  return rows.slice(indexFrom(rows, from) * BAR_STRIDE, indexFrom(rows, to) * BAR_STRIDE);
}

/** Open times of the bars, ascending. */
export function openTimes(rows: Float64Array): readonly EpochMs[] {
  return Array.from(
    { length: rows.length / BAR_STRIDE },
    (_, index) => openTimeAt(rows, index) ?? 0,
  );
}

/** Number of bars that open before a time. */
export function indexFrom(rows: Float64Array, time: EpochMs): number {
  let low = 0;
  let high = rows.length / BAR_STRIDE;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openTimeAt(rows, middle) ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reads prepared bars as a store does. */
export function preparedReader(series: readonly TrialSeries[]): BarReader {
  const rowsOf = (id: number): Float64Array =>
    series.find((each) => each.series.id === id)?.rows ?? new Float64Array();
  return {
    pages: (id, from, to) => {
      const rows = rowsWithin(rowsOf(id), from, to);
      return rows.length === 0 ? [] : [rows];
    },
    openTimeBefore: (id, time, count) => {
      const rows = rowsOf(id);
      if (count <= 0) return time;
      return openTimeAt(rows, Math.max(indexFrom(rows, time) - count, 0));
    },
  };
}

function openTimeAt(rows: Float64Array, index: number): EpochMs | null {
  return rows[index * BAR_STRIDE] ?? null;
}

function describing(series: Series, rows: Float64Array, id: number): Series {
  const bars = rows.length / BAR_STRIDE;
  const { exchange, symbol, timeframe, adjustment, assetClass, calendar } = series;
  const [firstOpen, lastOpen] = [openTimeAt(rows, 0), openTimeAt(rows, bars - 1)];
  const key = { exchange, symbol, timeframe, adjustment };
  return { ...key, id, assetClass, calendar, bars, firstOpen, lastOpen };
}

function joined(pages: Iterable<BarPage>): Float64Array {
  const parts = [...pages].map((page) => page.slice());
  const rows = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return rows;
}

/** Open times of the traded bars of the trading period, ascending. */
export function periodTimes(market: PreparedMarket): readonly EpochMs[] {
  const { series, symbols, start, end } = market;
  const traded = series.filter((each) => symbols.includes(each.series.symbol));
  const times = traded.flatMap(({ rows }) => openTimes(rowsWithin(rows, start, end)));
  return [...new Set(times)].toSorted((one, other) => one - other);
}
