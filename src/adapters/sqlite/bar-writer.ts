import { DataError } from '../../core/errors.ts';
import { formatTime } from '../../core/time.ts';
import type { BarRow, DataIssue, SavedBars, SeriesKey } from '../../ports/bar-store.ts';
import type { Database } from './database.ts';
import { sqliteCode } from './sqlite-faults.ts';

type Values = readonly [open: number, high: number, low: number, close: number, volume: number];

interface WrittenBars extends SavedBars {
  /** One for each bar that was there already with other values. */
  readonly conflicts: readonly DataIssue[];
}

/** Rule under which the refused values of a bar that is stored already are kept on record. */
const CONFLICT_RULE = 'conflicting-bar';

/** Bars that may differ before it is asked whether they are of the same market at all. */
const CONFLICTS_MIN = 10;
/** Share of the bars known already that a vendor may have revised. */
const CONFLICT_SHARE_MAX = 0.05;

/** The only writer of `market_data`. Its caller holds the write transaction. */
export class BarWriter {
  readonly #insert;
  readonly #find;
  readonly #touch;
  readonly #dropBlocks;

  constructor(database: Database) {
    this.#insert = database.prepare<
      [number, number, number, number, number, number, number, number]
    >('INSERT INTO market_data VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.#find = database
      .prepare<[number, number], Values>(
        `SELECT open, high, low, close, volume FROM market_data
         WHERE series_id = ? AND open_time = ?`,
      )
      .raw();
    this.#touch = database.prepare<[number, number]>(
      'UPDATE series SET bars = bars + ?, revision = revision + 1 WHERE id = ?',
    );
    this.#dropBlocks = database.prepare<[number, number, number]>(
      'DELETE FROM bar_blocks WHERE series_id = ? AND last_open >= ? AND first_open <= ?',
    );
  }

  /**
   * Adds the bars that are not there yet; a stored bar never changes. Throws a `DataError` on a
   * bar that is none (NaN, infinite, low above open, …).
   */
  write(seriesId: number, key: SeriesKey, bars: Iterable<BarRow>): WrittenBars {
    const insert = this.#insert;
    const conflicts: DataIssue[] = [];
    let inserted = 0;
    let unchanged = 0;
    let first = Infinity;
    let last = -Infinity;
    for (const bar of bars) {
      const { openTime, open, high, low, close, volume, flags } = bar;
      let changes: number;
      try {
        changes = insert.run(seriesId, openTime, open, high, low, close, volume, flags).changes;
      } catch (error) {
        throw refusalOf(bar, key, error);
      }
      if (changes === 1) {
        inserted++;
        if (openTime < first) first = openTime;
        if (openTime > last) last = openTime;
        continue;
      }
      const conflict = conflictOf(bar, this.#find.get(seriesId, openTime));
      if (conflict === null) unchanged++;
      else conflicts.push(conflict);
    }
    refuseOtherMarket(key, conflicts, unchanged);
    if (inserted > 0) {
      this.#touch.run(inserted, seriesId);
      this.#dropBlocks.run(seriesId, first, last);
    }
    return { inserted, unchanged, conflicting: conflicts.length, conflicts };
  }
}

/** Flags are findings about a bar, not part of it: they make no conflict. */
function conflictOf(bar: BarRow, stored: Values | undefined): DataIssue | null {
  const offered: Values = [bar.open, bar.high, bar.low, bar.close, bar.volume];
  if (stored !== undefined && offered.every((value, index) => value === stored[index])) return null;
  return {
    openTime: bar.openTime,
    rule: CONFLICT_RULE,
    detail: `stored open,high,low,close,volume ${stored?.join(',')}; refused ${offered.join(',')}`,
    quarantined: true,
  };
}

function refusalOf(bar: BarRow, key: SeriesKey, error: unknown): unknown {
  if (sqliteCode(error)?.startsWith('SQLITE_CONSTRAINT') !== true) return error;
  const when = Number.isSafeInteger(bar.openTime) ? formatTime(bar.openTime) : `${bar.openTime}`;
  return new DataError(
    `bar of ${key.symbol} ${key.timeframe} at ${when}: finite prices with 0 < low ≤ open, close ≤ ` +
      `high, a volume ≥ 0 and known flags were expected, was open ${bar.open}, high ${bar.high}, ` +
      `low ${bar.low}, close ${bar.close}, volume ${bar.volume}, flags ${bar.flags}; ` +
      `nothing was saved`,
    { cause: error },
  );
}

/** A file of another symbol, exchange or adjustment would continue the series with its prices. */
function refuseOtherMarket(
  key: SeriesKey,
  conflicts: readonly DataIssue[],
  unchanged: number,
): void {
  const known = conflicts.length + unchanged;
  if (conflicts.length <= CONFLICTS_MIN || conflicts.length <= CONFLICT_SHARE_MAX * known) return;
  throw new DataError(
    `bars of ${key.exchange} ${key.symbol} ${key.timeframe} were expected, were others: ` +
      `${conflicts.length} of ${known} that are stored already differ (${conflicts[0]?.detail ?? ''}); ` +
      'name the right --symbol, or another --exchange; nothing was stored',
  );
}
