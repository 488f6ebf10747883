import { SeriesQualityMeter, type SeriesQuality } from '../data/series-quality.ts';
import { DataError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { BarStore, DataIssue, Series } from '../ports/bar-store.ts';

export interface VerifiedSeries {
  readonly series: Series;
  readonly quality: SeriesQuality;
  /** What import and collectors noted about it. */
  readonly issues: readonly DataIssue[];
}

/**
 * Reads every stored bar again and measures it; `symbols` null takes all. Throws a `DataError` for
 * a symbol that has no series.
 */
export function verifyData(
  store: BarStore,
  symbols: readonly SymbolName[] | null,
): readonly VerifiedSeries[] {
  const stored = store.series();
  const unknown = symbols?.find((symbol) => stored.every((series) => series.symbol !== symbol));
  if (unknown !== undefined) {
    throw new DataError(
      `a stored series of ${unknown} was expected, there is none; ` +
        '"quantsage data list" shows what there is',
    );
  }
  return stored
    .filter(({ symbol }) => symbols === null || symbols.includes(symbol))
    .map((series) => {
      const { timeframe, assetClass, id } = series;
      const meter = new SeriesQualityMeter({ timeframe, assetClass });
      for (const page of store.pages(id, 0, Number.MAX_SAFE_INTEGER)) meter.add(page);
      return { series, quality: meter.quality(), issues: store.issues(id) };
    });
}
