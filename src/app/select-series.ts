import { ConfigError, DataError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import { formatTime, timeframeMs, type TimeRange, type Timeframe } from '../core/time.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';
import { SAMPLE_EXCHANGE } from '../data/sample-market.ts';

export interface SeriesQuery {
  readonly symbols: readonly SymbolName[];
  readonly timeframe: Timeframe;
  readonly range: TimeRange;
  /** Named by the user; null to take the configured one, or the only one that has the data. */
  readonly exchange: string | null;
  readonly preferredExchange: string;
}

/**
 * The stored series a backtest runs on, one per symbol, all of one exchange: prices of two venues,
 * or real and synthetic ones, never mix in one account.
 */
export function selectSeries(
  store: Pick<BarStore, 'series'>,
  query: SeriesQuery,
): readonly Series[] {
  const matching = store
    .series()
    .filter(
      ({ timeframe, symbol }) => timeframe === query.timeframe && query.symbols.includes(symbol),
    );
  const complete = exchangesOf(matching).filter((exchange) =>
    query.symbols.every((symbol) => overlaps(find(matching, exchange, symbol), query)),
  );
  const exchange = choose(complete, query);
  if (exchange === null) throw missingBars(matching, query);
  return query.symbols.map((symbol) => {
    const series = find(matching, exchange, symbol);
    if (series === null) throw missingBars(matching, query);
    return series;
  });
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

function overlaps(series: Series | null, { range }: SeriesQuery): boolean {
  if (series === null || series.firstOpen === null || series.lastOpen === null) return false;
  const startsInTime = range.end === null || series.firstOpen < range.end;
  const lastsLongEnough = range.start === null || series.lastOpen >= range.start;
  return startsInTime && lastsLongEnough;
}

/** Names the first symbol without bars, what was asked for, what there is, and what to do. */
function missingBars(matching: readonly Series[], query: SeriesQuery): DataError {
  const { symbols, timeframe, range } = query;
  const exchange = query.exchange ?? fullest(matching, query);
  const missing = symbols.find((symbol) => !overlaps(find(matching, exchange, symbol), query));
  const name = missing ?? symbols.join(',');
  const there = matching.filter(({ symbol }) => symbol === missing).map(extent);
  const from = range.start === null ? 'the first bar' : formatTime(range.start);
  const to = range.end === null ? 'the last' : formatTime(range.end);
  const bounded = range.start !== null || range.end !== null;
  return new DataError(
    `no bars for ${name} ${timeframe}${query.exchange === null ? '' : ` of ${query.exchange}`} ` +
      `between ${from} and ${to}${there.length === 0 ? '' : ` (${there.join('; ')})`}; ` +
      `run "quantsage collect --symbols ${name} --timeframe ${timeframe}` +
      `${bounded ? ` --timerange ${rangeText(range)}` : ''}"`,
  );
}

function extent({ exchange, timeframe, firstOpen, lastOpen }: Series): string {
  if (firstOpen === null || lastOpen === null) return `${exchange} has none`;
  return `${exchange} has ${formatTime(firstOpen)} to ${formatTime(lastOpen + timeframeMs(timeframe))}`;
}

/** The exchange that has most of the symbols: what it lacks is what the user has to get. */
function fullest(matching: readonly Series[], query: SeriesQuery): string {
  const has = (exchange: string) =>
    query.symbols.filter((symbol) => overlaps(find(matching, exchange, symbol), query)).length;
  const [first] = [...exchangesOf(matching)].sort((a, b) => has(b) - has(a));
  return first ?? query.preferredExchange;
}

function rangeText({ start, end }: TimeRange): string {
  const day = (time: number | null) =>
    time === null ? '' : formatTime(time).slice(0, 10).replaceAll('-', '');
  return `${day(start)}-${day(end)}`;
}
