import { ConfigError, DataError } from '../core/errors.ts';
import { assetClassOf, type Adjustment, type SymbolName } from '../core/instrument.ts';
import {
  formatTime,
  timeframeMs,
  type EpochMs,
  type TimeRange,
  type Timeframe,
} from '../core/time.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';
import { SAMPLE_EXCHANGE } from '../data/sample-market.ts';

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

type SeriesStore = Pick<BarStore, 'series' | 'openTimeBefore'>;

/**
 * The stored series a backtest runs on, one per symbol, all of one exchange and, for stocks,
 * of one adjustment: prices of two venues, real and synthetic ones, or raw and adjusted ones never
 * mix in one account.
 */
export function selectSeries(store: SeriesStore, query: SeriesQuery): readonly Series[] {
  const stored = store.series().filter(({ symbol }) => query.symbols.includes(symbol));
  const matching = stored.filter((series) => isAskedFor(series, query));
  const filled = matching.filter((series) => hasBars(store, series, query.range));
  const complete = exchangesOf(filled).filter((exchange) =>
    query.symbols.every((symbol) => find(filled, exchange, symbol) !== null),
  );
  const exchange = choose(complete, query);
  const chosen = query.symbols.flatMap((symbol) =>
    exchange === null ? [] : (find(filled, exchange, symbol) ?? []),
  );
  if (chosen.length < query.symbols.length) throw missingBars({ stored, filled }, query);
  return chosen;
}

function isAskedFor(series: Series, { timeframe, adjustment }: SeriesQuery): boolean {
  const asked = series.assetClass === 'stock' ? adjustment : 'raw';
  return series.timeframe === timeframe && series.adjustment === asked;
}

function choose(complete: readonly string[], query: SeriesQuery): string | null {
  if (query.exchange !== null) return complete.includes(query.exchange) ? query.exchange : null;
  if (complete.includes(query.preferredExchange)) return query.preferredExchange;
  const real = complete.filter((exchange) => exchange !== SAMPLE_EXCHANGE);
  if (real.length > 1) {
    throw new ConfigError(
      `one exchange was expected to have ${query.symbols.join(', ')} ${query.timeframe}, ` +
        `there are ${real.length}: ${real.join(', ')}; choose with --exchange`,
    );
  }
  return real[0] ?? (complete.includes(SAMPLE_EXCHANGE) ? SAMPLE_EXCHANGE : null);
}

function exchangesOf(series: readonly Series[]): readonly string[] {
  return [...new Set(series.map(({ exchange }) => exchange))].sort();
}

function find(series: readonly Series[], exchange: string, symbol: SymbolName): Series | null {
  return series.find((each) => each.exchange === exchange && each.symbol === symbol) ?? null;
}

/** True where at least one bar opens in the range: a series may have a gap there. */
function hasBars(store: SeriesStore, series: Series, { start, end }: TimeRange): boolean {
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

/** Names the first symbol without bars, what was asked for, what there is, and what to do. */
function missingBars({ stored, filled }: Stock, query: SeriesQuery): DataError {
  const { symbols, timeframe, range } = query;
  const exchange = query.exchange ?? fullest(filled, query);
  const missing = symbols.find((symbol) => find(filled, exchange, symbol) === null);
  const name = missing ?? symbols.join(',');
  const there = stored.filter(({ symbol }) => symbol === missing);
  const from = range.start === null ? 'the beginning' : formatTime(range.start);
  const to = range.end === null ? 'now' : formatTime(range.end);
  const adjustment = adjustmentOf(name, query);
  const kind = adjustment === 'raw' ? '' : `${adjustment}-adjusted `;
  return new DataError(
    `no ${kind}bars for ${name} ${timeframe}${query.exchange === null ? '' : ` of ${query.exchange}`} ` +
      `between ${from} and ${to}${there.length === 0 ? '' : ` (${there.map(extent).join('; ')})`}; ` +
      `run "quantsage collect ${collectFlags(name, query)}", or "quantsage import" with a file of ` +
      'yours',
  );
}

function adjustmentOf(symbol: SymbolName, { adjustment }: SeriesQuery): Adjustment {
  return assetClassOf(symbol) === 'stock' ? adjustment : 'raw';
}

function collectFlags(symbol: SymbolName, query: SeriesQuery): string {
  const { timeframe, exchange, range } = query;
  const adjustment = adjustmentOf(symbol, query);
  return [
    `--symbols ${symbol} --timeframe ${timeframe}`,
    ...(exchange === null ? [] : [`--exchange ${exchange}`]),
    ...(adjustment === 'raw' ? [] : [`--set data.adjustment=${adjustment}`]),
    ...(range.start === null && range.end === null ? [] : [`--timerange ${rangeText(range)}`]),
  ].join(' ');
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
