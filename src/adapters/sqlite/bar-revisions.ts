import type { EpochMs } from '../../core/time.ts';
import type { BarRevision, BarRow } from '../../ports/bar-store.ts';
import { BAR_FLAGS } from '../../core/bar.ts';
import type { Database } from './connection.ts';

interface RevisionRow extends BarRow {
  readonly seenAt: EpochMs;
}

/** Who said so, and when. */
export interface RevisionOrigin {
  readonly at: EpochMs;
  readonly source: string;
}

/**
 * Other values for stored bars, beside them. The stored values stay: what was decided on them was
 * right at the time. Its caller holds the write transaction.
 */
export class BarRevisions {
  readonly #all;
  readonly #add;
  readonly #latest;
  readonly #isKnown;
  readonly #flag;
  readonly #replaced;

  constructor(database: Database) {
    this.#all = database.prepare<[number], RevisionRow>(
      `SELECT open_time AS openTime, seen_at AS seenAt, open, high, low, close, volume,
         ${BAR_FLAGS.revised} AS flags
       FROM bar_revisions WHERE series_id = ? ORDER BY open_time, seen_at, id`,
    );
    this.#add = database.prepare<
      [number, number, number, number, number, number, number, number, string]
    >(
      `INSERT INTO bar_revisions
         (series_id, open_time, seen_at, open, high, low, close, volume, source)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (series_id, open_time, open, high, low, close, volume)
         DO UPDATE SET seen_at = excluded.seen_at, source = excluded.source`,
    );
    this.#latest = database.prepare<[number, number], BarRow>(
      `SELECT open_time AS openTime, open, high, low, close, volume,
         ${BAR_FLAGS.revised} AS flags
       FROM bar_revisions WHERE series_id = ? AND open_time = ?
       ORDER BY seen_at DESC, id DESC LIMIT 1`,
    );
    this.#isKnown = database
      .prepare<[number, number, number, number, number, number, number], number>(
        `SELECT EXISTS (
           SELECT 1 FROM bar_revisions WHERE series_id = ? AND open_time = ? AND open = ?
             AND high = ? AND low = ? AND close = ? AND volume = ?)`,
      )
      .pluck();
    this.#flag = database.prepare<[number, number]>(
      `UPDATE market_data SET flags = flags | ${BAR_FLAGS.revised}
       WHERE series_id = ? AND open_time = ? AND flags & ${BAR_FLAGS.revised} = 0`,
    );
    this.#replaced = database
      .prepare<[number, number, number, number, number, number, number], number>(
        `SELECT EXISTS (
           SELECT 1 FROM repair_batches AS b JOIN repaired_bars AS r ON r.batch_id = b.id
           WHERE b.series_id = ? AND b.undone_at IS NULL AND r.open_time = ? AND r.old_open = ?
             AND r.old_high = ? AND r.old_low = ? AND r.old_close = ? AND r.old_volume = ?)`,
      )
      .pluck();
  }

  /** Ascending by open time, then by when they were seen. */
  of(seriesId: number): readonly BarRevision[] {
    return this.#all.all(seriesId).map(({ seenAt, ...bar }) => {
      return { openTime: bar.openTime, seenAt, bar };
    });
  }

  /**
   * Keeps the values and flags the stored bar; false where they are on record already. Values that
   * come back after others are the latest again.
   */
  add(seriesId: number, bar: BarRow, { at, source }: RevisionOrigin): boolean {
    const { openTime } = bar;
    const values = valuesOf(bar);
    if (this.#replaced.get(seriesId, openTime, ...values) === 1) return false;
    const latest = this.#latest.get(seriesId, openTime);
    if (latest !== undefined && hasSameValues(latest, bar)) return false;
    const isKnown = this.#isKnown.get(seriesId, openTime, ...values) === 1;
    this.#add.run(seriesId, openTime, at, ...values, source);
    if (isKnown) return false;
    this.#flag.run(seriesId, openTime);
    return true;
  }

  /** The stored values came again: where others came in between, these were taken back. */
  confirm(seriesId: number, bar: BarRow, { at, source }: RevisionOrigin): void {
    const latest = this.#latest.get(seriesId, bar.openTime);
    if (latest === undefined || hasSameValues(latest, bar)) return;
    this.#add.run(seriesId, bar.openTime, at, ...valuesOf(bar), source);
  }
}

function valuesOf({ open, high, low, close, volume }: BarRow) {
  return [open, high, low, close, volume] as const;
}

function hasSameValues(one: BarRow, other: BarRow): boolean {
  const values = valuesOf(other);
  return valuesOf(one).every((value, index) => value === values[index]);
}
