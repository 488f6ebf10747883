import type { Config } from '../config/config-schema.ts';
import { adjustmentOf, assetClassOf, type SymbolName } from '../core/instrument.ts';
import type { Timeframe } from '../core/time.ts';
import type { SeriesKey } from '../ports/bar-store.ts';

/** Where and how often a symbol is priced, and the configuration that says how stocks are adjusted. */
export interface SeriesTerms {
  readonly exchange: string;
  readonly timeframe: Timeframe;
  readonly config: Pick<Config, 'data'>;
}

/** The series that is collected, traded or looked at. */
export function seriesKeyOf(
  symbol: SymbolName,
  { exchange, timeframe, config }: SeriesTerms,
): SeriesKey {
  const adjustment = adjustmentOf(assetClassOf(symbol), config.data.adjustment);
  return { exchange, symbol, timeframe, adjustment };
}
