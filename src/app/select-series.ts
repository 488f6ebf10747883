import { canBuild } from '../core/bucket-grid.ts';
import { ConfigError, DataError } from '../core/errors.ts';
import {
  adjustmentOf,
  assetClassOf,
  refuseMeantPair,
  type Adjustment,
  type SymbolName,
} from '../core/instrument.ts';
import {
  formatTime,
  timeframeMs,
  type EpochMs,
  type TimeRange,
  type Timeframe,
} from '../core/time.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';
import { SAMPLE_EXCHANGE } from '../data/sample-market.ts';
import {
  barReader,
  basesOf,
  builtSeries,
  type BarReader,
  type ReadableSeries,
} from './readable-series.ts';

export interface SeriesQuery {
  readonly symbols: readonly SymbolName[];
  readonly timeframe: Timeframe;
  readonly range: TimeRange;
  /** Named by the user; null to take the configured one, or the only one that has the data. */
  readonly exchange: string | null;
  readonly preferredExchange: string;
  /** Of the prices of stocks; those of crypto are always raw. */
  readonly adjustment: Adjustment;
}

type SeriesStore = BarReader & Pick<BarStore, 'series'>;

/**
 * The series a backtest runs on, one per symbol, all of one exchange and, for stocks, of one
 * adjustment: prices of two venues, real and synthetic ones, or raw and adjusted ones never mix in
 * one account. Stored bars of the timeframe go before bars built from shorter ones, and real ones
 * before synthetic ones.
 */
export function selectSeries(store: SeriesStore, query: SeriesQuery): readonly ReadableSeries[] {
  const ofSymbols = store.series().filter(({ symbol }) => query.symbols.includes(symbol));
  const stored = ofSymbols
    .filter((series) => series.timeframe === query.timeframe && isAdjustedAs(series, query))
    .filter((series) => hasBars(store, series, query.range))
    .map((series) => ({ ...series, builtFrom: null }));
  const found = chosen(stored.filter(isReal(query)), query);
  if (found !== null) return found;
  const all = [...stored, ...builtOnes({ store, ofSymbols, stored }, query)];
  const any = chosen(all.filter(isReal(query)), query) ?? chosen(all, query);
  if (any === null) throw missingBars({ stored: ofSymbols, filled: all }, query);
  return any;
}

function isAdjustedAs({ assetClass, adjustment }: Series, query: SeriesQuery): boolean {
  return adjustment === adjustmentOf(assetClass, query.adjustment);
}

/** The synthetic market is taken where there is nothing else, or where it is asked for. */
function isReal({ exchange, preferredExchange }: SeriesQuery): (series: Series) => boolean {
  const takesSample = (exchange ?? preferredExchange) === SAMPLE_EXCHANGE;
  return (series) => takesSample || series.exchange !== SAMPLE_EXCHANGE;
}

interface Sources {
  readonly store: SeriesStore;
  readonly ofSymbols: readonly Series[];
  readonly stored: readonly Series[];
}

/** What can be built where no bars are stored, from the longest timeframe that has bars there. */
function builtOnes({ store, ofSymbols, stored }: Sources, query: SeriesQuery): ReadableSeries[] {
  const usable = ofSymbols.filter((series) => isAdjustedAs(series, query));
  return exchangesOf(usable).flatMap((exchange) =>
    query.symbols.flatMap((symbol) => {
      const base = find(usable, exchange, symbol);
      if (base === null || find(stored, exchange, symbol) !== null) return [];
      return firstBuilt(store, basesOf(usable, { ...base, timeframe: query.timeframe }), query);
    }),
  );
}

function firstBuilt(
  store: SeriesStore,
  bases: readonly Series[],
  { timeframe, range }: SeriesQuery,
): ReadableSeries[] {
  for (const base of bases) {
    const built = hasBars(store, base, range) ? builtSeries(store, base, timeframe) : null;
    if (built !== null && hasBars(barReader(store, [built]), built, range)) return [built];
  }
  return [];
}

/** One series a symbol, of the exchange that has them all; null where none has. */
function chosen(
  series: readonly ReadableSeries[],
  query: SeriesQuery,
): readonly ReadableSeries[] | null {
  const complete = exchangesOf(series).filter((exchange) =>
    query.symbols.every((symbol) => find(series, exchange, symbol) !== null),
  );
  const exchange = choose(complete, query);
  if (exchange === null) return null;
  return query.symbols.flatMap((symbol) => find(series, exchange, symbol) ?? []);
}

function choose(complete: readonly string[], query: SeriesQuery): string | null {
  if (query.exchange !== null) return complete.includes(query.exchange) ? query.exchange : null;
  if (complete.includes(query.preferredExchange)) return query.preferredExchange;
  if (complete.length > 1) {
    throw new ConfigError(
      `one exchange was expected to have ${query.symbols.join(', ')} ${query.timeframe}, ` +
        `there are ${complete.length}: ${complete.join(', ')}; choose with --exchange`,
    );
  }
  return complete[0] ?? null;
}

function exchangesOf(series: readonly Series[]): readonly string[] {
  return [...new Set(series.map(({ exchange }) => exchange))].sort();
}

function find<S extends Series>(
  series: readonly S[],
  exchange: string,
  symbol: SymbolName,
): S | null {
  return series.find((each) => each.exchange === exchange && each.symbol === symbol) ?? null;
}

/** True where at least one bar opens in the range: a series may have a gap there. */
function hasBars(store: BarReader, series: Series, { start, end }: TimeRange): boolean {
  const { id, firstOpen, lastOpen } = series;
  if (firstOpen === null || lastOpen === null) return false;
  if (end !== null && firstOpen >= end) return false;
  const last = end === null ? lastOpen : (store.openTimeBefore(id, end, 1) ?? lastOpen);
  return start === null || last >= start;
}

interface Stock {
  /** All series of the symbols asked for, of any timeframe. */
  readonly stored: readonly Series[];
  /** Those of the timeframe that have bars in the range. */
  readonly filled: readonly Series[];
}

/**
 * Names the first symbol without bars, what was asked for, what there is, and what to do. Throws a
 * `ConfigError` where another symbol was meant.
 */
function missingBars({ stored, filled }: Stock, query: SeriesQuery): DataError {
  const { symbols, timeframe, range } = query;
  const exchange = query.exchange ?? fullest(filled, query);
  const missing = symbols.find((symbol) => find(filled, exchange, symbol) === null);
  const name = missing ?? symbols.join(',');
  const there = stored.filter(({ symbol }) => symbol === missing);
  if (there.length === 0 && missing !== undefined) refuseMeantPair(missing);
  const known = [...there.map(extent), ...straddling(there, timeframe)];
  const from = range.start === null ? 'the beginning' : formatTime(range.start);
  const to = range.end === null ? 'now' : formatTime(range.end);
  const isElsewhere = query.exchange === null && filled.some(({ symbol }) => symbol === missing);
  const adjustment = adjustmentOf(assetClassOf(name), query.adjustment);
  const kind = adjustment === 'raw' ? '' : `${adjustment}-adjusted `;
  return new DataError(
    `no ${kind}bars for ${name} ${timeframe}${query.exchange === null ? '' : ` of ${query.exchange}`} ` +
      `between ${from} and ${to}${known.length === 0 ? '' : ` (${known.join('; ')})`}; ` +
      `${isElsewhere ? `a backtest is on one exchange, the others are of ${exchange}; ` : ''}run "quantsage collect ${collectFlags(name, query)}", or "quantsage import" with a file of ` +
      'yours',
  );
}

function collectFlags(symbol: SymbolName, query: SeriesQuery): string {
  const { timeframe, exchange, range } = query;
  const adjustment = adjustmentOf(assetClassOf(symbol), query.adjustment);
  return [
    `--symbols ${symbol} --timeframe ${timeframe}`,
    ...(exchange === null ? [] : [`--exchange ${exchange}`]),
    ...(adjustment === 'raw' ? [] : [`--set data.adjustment=${adjustment}`]),
    ...(range.start === null && range.end === null ? [] : [`--timerange ${rangeText(range)}`]),
  ].join(' ');
}

/** Why what seems to divide the timeframe does not. */
function straddling(there: readonly Series[], timeframe: Timeframe): readonly string[] {
  const isCut = there.some(
    (series) =>
      timeframeMs(timeframe) % timeframeMs(series.timeframe) === 0 &&
      !canBuild(series.timeframe, timeframe, series.calendar),
  );
  if (!isCut) return [];
  return [`${timeframe} bars of US sessions, which open at 09:30, are built from 30m or shorter`];
}

function extent({ exchange, timeframe, adjustment, firstOpen, lastOpen }: Series): string {
  const bars = adjustment === 'raw' ? timeframe : `${timeframe} with data.adjustment=${adjustment}`;
  if (firstOpen === null || lastOpen === null) return `${exchange} has no ${bars}`;
  const end = formatTime(lastOpen + timeframeMs(timeframe));
  return `${exchange} has ${bars} from ${formatTime(firstOpen)} to ${end}`;
}

/** The exchange that has most of the symbols: what it lacks is what the user has to get. */
function fullest(filled: readonly Series[], query: SeriesQuery): string {
  const has = (exchange: string) =>
    query.symbols.filter((symbol) => find(filled, exchange, symbol) !== null).length;
  const [first] = [...exchangesOf(filled)].sort((a, b) => has(b) - has(a));
  return first ?? query.preferredExchange;
}

function rangeText({ start, end }: TimeRange): string {
  return `${rangePoint(start)}-${rangePoint(end)}`;
}

/** As `--timerange` reads it: with the time of day where that is not midnight. */
function rangePoint(time: EpochMs | null): string {
  if (time === null) return '';
  const [day = '', clock = ''] = formatTime(time).replaceAll('-', '').split('T');
  const minutes = clock.slice(0, 5).replace(':', '');
  return minutes === '0000' ? day : `${day}T${minutes}`;
}
