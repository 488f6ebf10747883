import type { BarStore, StoredInstrument } from '../ports/bar-store.ts';
import { filterSeries, type SeriesFilter } from './filter-series.ts';

export interface ListedInstrument extends StoredInstrument {
  readonly exchange: string;
}

/**
 * What is known of every instrument that has a series, by exchange, symbol and time. Throws a
 * `DataError` for a symbol that has none, and where the filter leaves none.
 */
export function storedInstruments(
  store: Pick<BarStore, 'series' | 'instruments'>,
  filter: SeriesFilter,
): readonly ListedInstrument[] {
  const seen = new Set<string>();
  return filterSeries(store, filter).flatMap(({ exchange, symbol }) => {
    const name = `${exchange} ${symbol}`;
    if (seen.has(name)) return [];
    seen.add(name);
    return store.instruments(exchange, symbol).map((each) => ({ exchange, ...each }));
  });
}
