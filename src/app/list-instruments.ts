import { DataError } from '../core/errors.ts';
import type { SymbolName } from '../core/instrument.ts';
import type { BarStore, Series, StoredInstrument } from '../ports/bar-store.ts';

export interface ListedInstrument extends StoredInstrument {
  readonly exchange: string;
}

interface InstrumentQuery {
  /** Null takes all. */
  readonly symbols: readonly SymbolName[] | null;
  readonly exchange: string | null;
}

/**
 * What is known of every instrument that has a series, by exchange, symbol and time. Throws a
 * `DataError` for a symbol or exchange that has none.
 */
export function storedInstruments(
  store: Pick<BarStore, 'series' | 'instruments'>,
  { symbols, exchange }: InstrumentQuery,
): readonly ListedInstrument[] {
  const seen = new Set<string>();
  const listed = store.series().flatMap((series) => {
    const name = `${series.exchange} ${series.symbol}`;
    if (seen.has(name) || !isAskedFor(series)) return [];
    seen.add(name);
    return store
      .instruments(series.exchange, series.symbol)
      .map((each) => ({ exchange: series.exchange, ...each }));
  });
  refuseUnknown(listed, { symbols, exchange });
  return listed;

  function isAskedFor(series: Series): boolean {
    const isOfExchange = exchange === null || series.exchange === exchange;
    return isOfExchange && symbols?.includes(series.symbol) !== false;
  }
}

function refuseUnknown(
  listed: readonly ListedInstrument[],
  { symbols, exchange }: InstrumentQuery,
): void {
  const has = (symbol: SymbolName) => listed.some(({ instrument }) => instrument.symbol === symbol);
  const unknown = symbols?.find((symbol) => !has(symbol)) ?? null;
  if (unknown === null && (exchange === null || listed.length > 0)) return;
  const of = exchange === null ? '' : ` of ${exchange}`;
  throw new DataError(
    `a stored series${unknown === null ? '' : ` of ${unknown}`}${of} was expected, there is ` +
      'none; "quantsage data list" shows what there is',
  );
}
