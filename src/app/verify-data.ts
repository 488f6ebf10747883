import { SeriesQualityMeter, type SeriesQuality } from '../data/series-quality.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { BarStore, DataIssue, Series } from '../ports/bar-store.ts';

export interface VerifiedSeries {
  readonly series: Series;
  readonly quality: SeriesQuality;
  /** What import and collectors noted about it. */
  readonly issues: readonly DataIssue[];
}

/** Reads every stored bar again and measures it; `symbols` null takes all. */
export function verifyData(
  store: BarStore,
  symbols: readonly SymbolName[] | null,
): readonly VerifiedSeries[] {
  return store
    .series()
    .filter(({ symbol }) => symbols === null || symbols.includes(symbol))
    .map((series) => {
      const { timeframe, assetClass, id } = series;
      const meter = new SeriesQualityMeter({ timeframe, assetClass });
      for (const page of store.pages(id, 0, Number.MAX_SAFE_INTEGER)) meter.add(page);
      return { series, quality: meter.quality(), issues: store.issues(id) };
    });
}
