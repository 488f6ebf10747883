import type { EpochMs, TimeSpan } from '../../core/time.ts';
import type { Database } from './connection.ts';

interface Union {
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
}

/** The only writer of `covered_spans`. Its caller holds the write transaction. */
export class CoveredSpans {
  readonly #all;
  readonly #touching;
  readonly #delete;
  readonly #insert;

  constructor(database: Database) {
    this.#all = database.prepare<[number], TimeSpan>(
      `SELECT from_time AS "from", to_time AS "to" FROM covered_spans
       WHERE series_id = ? ORDER BY from_time`,
    );
    this.#touching = database.prepare<[number, number, number], Union>(
      `SELECT min(from_time) AS "from", max(to_time) AS "to" FROM covered_spans
       WHERE series_id = ? AND from_time <= ? AND to_time >= ?`,
    );
    this.#delete = database.prepare<[number, number, number]>(
      'DELETE FROM covered_spans WHERE series_id = ? AND from_time <= ? AND to_time >= ?',
    );
    this.#insert = database.prepare<[number, number, number]>(
      'INSERT INTO covered_spans (series_id, from_time, to_time) VALUES (?, ?, ?)',
    );
  }

  /** Ascending, apart from each other. */
  of(seriesId: number): readonly TimeSpan[] {
    return this.#all.all(seriesId);
  }

  /** Makes one span of the new one and those that it overlaps or touches. */
  add(seriesId: number, { from, to }: TimeSpan): void {
    if (from >= to) return;
    const touching = this.#touching.get(seriesId, to, from);
    this.#delete.run(seriesId, to, from);
    const first = Math.min(from, touching?.from ?? from);
    this.#insert.run(seriesId, first, Math.max(to, touching?.to ?? to));
  }
}
