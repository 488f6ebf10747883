import { BAR_FLAGS, hasSameValues } from '../../core/bar.ts';
import type { EpochMs } from '../../core/time.ts';
import type { BarRow, Series } from '../../ports/bar-store.ts';
import type { Repair } from '../../ports/repair-store.ts';
import { AddedBars } from './added-bars.ts';
import { refusalOf } from './bar-refusal.ts';
import type { Database } from './connection.ts';

export type RepairedSeries = Pick<Series, 'id' | 'symbol' | 'timeframe'>;

/** A bar to put in place of the stored one; null where there is none. */
export interface BarChange {
  readonly old: BarRow | null;
  readonly bar: BarRow;
}

type BarColumns = [number, number, number, number, number, number, number, number];
type SixValues = [number, number, number, number, number, number];

const NOTHING = [null, null, null, null, null, null] as const;

/** Bars of repairs and what they took the place of. Its caller holds the write transaction. */
export class RepairedBars {
  readonly #added: AddedBars;
  readonly #stored;
  readonly #insert;
  readonly #update;
  readonly #keep;
  readonly #remove;
  readonly #restore;
  readonly #altered;

  constructor(database: Database) {
    this.#added = new AddedBars(database);
    this.#stored = database.prepare<[number, number], BarRow>(
      `SELECT open_time AS openTime, open, high, low, close, volume, flags FROM market_data
       WHERE series_id = ? AND open_time = ?`,
    );
    this.#insert = database.prepare<BarColumns>(
      'INSERT INTO market_data VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#update = database.prepare<BarColumns>(
      `UPDATE market_data SET open = ?, high = ?, low = ?, close = ?, volume = ?, flags = ?
       WHERE series_id = ? AND open_time = ?`,
    );
    this.#keep = database.prepare<(number | null)[]>(
      'INSERT INTO repaired_bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#remove = database.prepare<[number, number]>(
      `DELETE FROM market_data WHERE series_id = ? AND open_time IN
         (SELECT open_time FROM repaired_bars WHERE batch_id = ? AND old_open IS NULL)`,
    );
    this.#restore = database.prepare<[number, number]>(
      `UPDATE market_data SET open = r.old_open, high = r.old_high, low = r.old_low,
         close = r.old_close, volume = r.old_volume,
         flags = r.old_flags | (market_data.flags & ~r.flags)
       FROM repaired_bars AS r
       WHERE market_data.series_id = ? AND market_data.open_time = r.open_time
         AND r.batch_id = ? AND r.old_open IS NOT NULL`,
    );
    // Flags may have come since: findings about the bar, not part of it.
    this.#altered = database
      .prepare<[number, number], EpochMs>(
        `SELECT r.open_time FROM repaired_bars AS r LEFT JOIN market_data AS m
           ON m.series_id = ? AND m.open_time = r.open_time AND m.open = r.open
           AND m.high = r.high AND m.low = r.low AND m.close = r.close AND m.volume = r.volume
         WHERE r.batch_id = ? AND m.open_time IS NULL ORDER BY r.open_time`,
      )
      .pluck();
  }

  /**
   * What of the bars is to change, flagged as repaired. Only a revision puts other values in place
   * of stored ones: bars that came since a filling was planned stay as they are.
   */
  changes({ seriesId, method, bars }: Repair): readonly BarChange[] {
    return bars.flatMap((bar) => {
      const old = this.#stored.get(seriesId, bar.openTime) ?? null;
      if (old !== null && (method !== 'revision' || hasSameValues(old, bar))) return [];
      return [{ old, bar: { ...bar, flags: bar.flags | BAR_FLAGS.repaired } }];
    });
  }

  /** Throws a `DataError` on a bar that is none. */
  put(batchId: number, series: RepairedSeries, changes: readonly BarChange[]): void {
    let added = 0;
    let first = Infinity;
    let last = -Infinity;
    for (const { old, bar } of changes) {
      const { openTime } = bar;
      const values = valuesOf(bar);
      try {
        if (old === null) this.#insert.run(series.id, openTime, ...values);
        else this.#update.run(...values, series.id, openTime);
      } catch (error) {
        throw refusalOf(bar, series, error);
      }
      const before = old === null ? NOTHING : valuesOf(old);
      this.#keep.run(batchId, openTime, ...before, ...values);
      if (old !== null) continue;
      added++;
      first = Math.min(first, openTime);
      last = Math.max(last, openTime);
    }
    this.#added.account(series.id, added, first, last);
  }

  /** Open times of bars that are no longer what the repair made of them. */
  altered(batchId: number, seriesId: number): readonly EpochMs[] {
    return this.#altered.all(seriesId, batchId);
  }

  /** Added bars go, changed ones become what they were; flags that came since stay with these. */
  takeBack(batchId: number, seriesId: number): void {
    this.#remove.run(seriesId, batchId);
    this.#restore.run(seriesId, batchId);
  }
}

function valuesOf({ open, high, low, close, volume, flags }: BarRow): SixValues {
  return [open, high, low, close, volume, flags];
}
