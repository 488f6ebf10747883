import { DataError } from '../../core/errors.ts';
import { formatTime } from '../../core/time.ts';
import type { BarRow, SeriesKey } from '../../ports/bar-store.ts';
import { sqliteCode } from './sqlite-faults.ts';

/** The error to raise for one that writing a bar led to: a `DataError` where the bar is none. */
export function refusalOf(
  bar: BarRow,
  { symbol, timeframe }: Pick<SeriesKey, 'symbol' | 'timeframe'>,
  error: unknown,
): unknown {
  if (sqliteCode(error)?.startsWith('SQLITE_CONSTRAINT') !== true) return error;
  const when = Number.isSafeInteger(bar.openTime) ? formatTime(bar.openTime) : `${bar.openTime}`;
  return new DataError(
    `bar of ${symbol} ${timeframe} at ${when}: finite prices with 0 < low ≤ open, close ≤ ` +
      `high, a volume ≥ 0 and known flags were expected, was open ${bar.open}, high ${bar.high}, ` +
      `low ${bar.low}, close ${bar.close}, volume ${bar.volume}, flags ${bar.flags}; ` +
      `nothing was saved`,
    { cause: error },
  );
}
