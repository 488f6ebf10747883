import type { EpochMs } from '../../core/time.ts';
import type { Database } from './connection.ts';

/**
 * What new rows of `market_data` ask for besides: their series counts them, and blocks between the
 * first and the last are out of date. For changed and deleted rows triggers do it; a trigger for
 * each new one would take half as long again as writing it.
 */
export class AddedBars {
  readonly #count;
  readonly #dropBlocks;

  constructor(database: Database) {
    this.#count = database.prepare<[number, number]>(
      'UPDATE series SET bars = bars + ?, revision = revision + 1 WHERE id = ?',
    );
    this.#dropBlocks = database.prepare<[number, number, number]>(
      'DELETE FROM bar_blocks WHERE series_id = ? AND last_open >= ? AND first_open <= ?',
    );
  }

  account(seriesId: number, bars: number, first: EpochMs, last: EpochMs): void {
    if (bars === 0) return;
    this.#count.run(bars, seriesId);
    this.#dropBlocks.run(seriesId, first, last);
  }
}
