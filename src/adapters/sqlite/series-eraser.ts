import type { Database } from './connection.ts';

/** Everything that hangs on a series, what refers to others first; blocks before the bars they hold. */
const DELETIONS = [
  `DELETE FROM repaired_bars WHERE batch_id IN
     (SELECT id FROM repair_batches WHERE series_id = ?)`,
  'DELETE FROM repair_batches WHERE series_id = ?',
  'DELETE FROM bar_revisions WHERE series_id = ?',
  'DELETE FROM covered_spans WHERE series_id = ?',
  'DELETE FROM data_issues WHERE series_id = ?',
  'DELETE FROM bar_blocks WHERE series_id = ?',
  'DELETE FROM market_data WHERE series_id = ?',
];

/** Empties a series. Its caller holds the write transaction. */
export class SeriesEraser {
  readonly #deletions;

  constructor(database: Database) {
    this.#deletions = DELETIONS.map((sql) => database.prepare<[number]>(sql));
  }

  empty(seriesId: number): void {
    for (const deletion of this.#deletions) deletion.run(seriesId);
  }
}
