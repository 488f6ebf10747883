import { DataError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import { SeriesLedgerMeter, type SeriesLedger } from '../data/series-ledger.ts';
import type { BarStore, Series } from '../ports/bar-store.ts';

export type { SeriesLedger } from '../data/series-ledger.ts';

export interface VerifiedSeries {
  readonly series: Series;
  readonly ledger: SeriesLedger;
}

/** Which series to verify; null takes all. */
export interface VerifyFilter {
  readonly symbols: readonly SymbolName[] | null;
  readonly timeframe: Timeframe | null;
  readonly exchange: string | null;
}

/**
 * Reads every stored bar again and measures it. Throws a `DataError` for a symbol that has no series,
 * and where no series is left by the filter.
 */
export function verifyData(store: BarStore, filter: VerifyFilter): readonly VerifiedSeries[] {
  const { symbols, timeframe, exchange } = filter;
  const stored = store
    .series()
    .filter((series) => timeframe === null || series.timeframe === timeframe)
    .filter((series) => exchange === null || series.exchange === exchange);
  const unknown = symbols?.find((symbol) => stored.every((series) => series.symbol !== symbol));
  const isNarrowed = timeframe !== null || exchange !== null;
  if (unknown !== undefined || (isNarrowed && stored.length === 0))
    throw nothingOf(filter, unknown);
  return stored
    .filter(({ symbol }) => symbols === null || symbols.includes(symbol))
    .map((series) => {
      const meter = new SeriesLedgerMeter(series, store.issues(series.id));
      for (const page of store.pages(series.id, 0, Number.MAX_SAFE_INTEGER)) meter.add(page);
      return { series, ledger: meter.ledger() };
    });
}

function nothingOf(
  { timeframe, exchange }: VerifyFilter,
  symbol: SymbolName | undefined,
): DataError {
  const of = [symbol ?? '', timeframe ?? '', exchange === null ? '' : `at ${exchange}`];
  return new DataError(
    `a stored series of ${of.filter((part) => part !== '').join(' ')} was expected, there is none; ` +
      '"quantsage data list" shows what there is',
  );
}
