import { DataError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';

/** Which stored series a command is about; null takes all. */
export interface SeriesFilter {
  readonly symbols: readonly SymbolName[] | null;
  readonly timeframe: Timeframe | null;
  readonly exchange: string | null;
}

/** Throws a `DataError` for a symbol that has no series, and where the filter leaves none. */
export function filterSeries(
  store: Pick<BarStore, 'series'>,
  filter: SeriesFilter,
): readonly Series[] {
  const { symbols, timeframe, exchange } = filter;
  const stored = store
    .series()
    .filter((series) => timeframe === null || series.timeframe === timeframe)
    .filter((series) => exchange === null || series.exchange === exchange);
  const unknown = symbols?.find((symbol) => stored.every((series) => series.symbol !== symbol));
  const isNarrowed = timeframe !== null || exchange !== null;
  if (unknown !== undefined || (isNarrowed && stored.length === 0)) {
    throw nothingOf(filter, unknown);
  }
  return stored.filter(({ symbol }) => symbols === null || symbols.includes(symbol));
}

function nothingOf(
  { timeframe, exchange }: SeriesFilter,
  symbol: SymbolName | undefined,
): DataError {
  const bars = [symbol ?? '', timeframe ?? ''].filter((part) => part !== '').join(' ');
  const of = bars === '' ? '' : ` of ${bars}`;
  const at = exchange === null ? '' : ` at ${exchange}`;
  return new DataError(
    `a stored series${of}${at} was expected, there is none; ` +
      '"quantsage data list" shows what there is',
  );
}
