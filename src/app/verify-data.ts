import { SeriesLedgerMeter, type SeriesLedger } from '../data/series-ledger.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';
import { filterSeries, type SeriesFilter } from './filter-series.ts';

export type { SeriesLedger } from '../data/series-ledger.ts';

export interface VerifiedSeries {
  readonly series: Series;
  readonly ledger: SeriesLedger;
}

/**
 * Reads every stored bar again and measures it. Throws a `DataError` for a symbol that has no series,
 * and where no series is left by the filter.
 */
export function verifyData(store: BarStore, filter: SeriesFilter): readonly VerifiedSeries[] {
  return filterSeries(store, filter).map((series) => {
    const meter = new SeriesLedgerMeter(series, store.issues(series.id));
    for (const page of store.pages(series.id, 0, Number.MAX_SAFE_INTEGER)) meter.add(page);
    return { series, ledger: meter.ledger() };
  });
}
