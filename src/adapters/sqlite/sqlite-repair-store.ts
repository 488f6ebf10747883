import { DataError, InvariantError } from '../../core/errors.ts';
import { formatTime, type EpochMs } from '../../core/time.ts';
import type { Repair, RepairBatch, RepairMethod, RepairStore } from '../../ports/repair-store.ts';
import type { Database } from './connection.ts';
import { RepairedBars, type RepairedSeries } from './repaired-bars.ts';
import { namingFaults } from './sqlite-faults.ts';

interface BatchRow {
  readonly id: number;
  readonly series_id: number;
  readonly method: RepairMethod;
  readonly at: EpochMs;
  readonly bars: number;
  readonly source: string;
  readonly undone_at: EpochMs | null;
}

const BATCHES = 'SELECT id, series_id, method, at, bars, source, undone_at FROM repair_batches ';

/** Repairs in SQLite. Changed rows take the packed blocks they fall into with them. */
export class SqliteRepairStore implements RepairStore {
  readonly #database: Database;
  readonly #bars: RepairedBars;
  readonly #series;
  readonly #add;
  readonly #all;
  readonly #one;
  readonly #later;
  readonly #markUndone;

  constructor(database: Database) {
    this.#database = database;
    this.#bars = new RepairedBars(database);
    this.#series = database.prepare<[number], RepairedSeries>(
      'SELECT id, symbol, timeframe FROM series WHERE id = ?',
    );
    this.#add = database.prepare<[number, string, number, number, string]>(
      'INSERT INTO repair_batches (series_id, method, at, bars, source) VALUES (?, ?, ?, ?, ?)',
    );
    this.#all = database.prepare<[], BatchRow>(BATCHES + 'ORDER BY id');
    this.#one = database.prepare<[number], BatchRow>(BATCHES + 'WHERE id = ?');
    this.#later = database
      .prepare<[number, number, number], number>(
        `SELECT b.id FROM repair_batches AS b JOIN repaired_bars AS r ON r.batch_id = b.id
         WHERE b.series_id = ? AND b.id > ? AND b.undone_at IS NULL AND EXISTS
           (SELECT 1 FROM repaired_bars WHERE batch_id = ? AND open_time = r.open_time)
         ORDER BY b.id DESC LIMIT 1`,
      )
      .pluck();
    this.#markUndone = database.prepare<[number, number]>(
      'UPDATE repair_batches SET undone_at = ? WHERE id = ?',
    );
  }

  apply(repair: Repair): RepairBatch | null {
    return this.#atOnce('repairing bars', () => this.#apply(repair));
  }

  batches(): readonly RepairBatch[] {
    return this.#all.all().map(batchOf);
  }

  undo(batchId: number, at: EpochMs): RepairBatch {
    return this.#atOnce('undoing a repair', () => this.#undo(batchId, at));
  }

  #atOnce<T>(doing: string, work: () => T): T {
    const transaction = this.#database.transaction(work);
    return namingFaults(this.#database.name, doing, () => transaction.immediate());
  }

  #apply(repair: Repair): RepairBatch | null {
    const { seriesId, method, at, source, bars } = repair;
    const series = this.#series.get(seriesId);
    if (series === undefined) {
      throw new InvariantError(`a stored series was expected, was number ${seriesId}`);
    }
    if (new Set(bars.map(({ openTime }) => openTime)).size < bars.length) {
      throw new InvariantError('bars of a repair were expected to differ in time');
    }
    const changes = this.#bars.changes(repair);
    if (changes.length === 0) return null;
    const { lastInsertRowid } = this.#add.run(seriesId, method, at, changes.length, source);
    const id = Number(lastInsertRowid);
    this.#bars.put(id, series, changes);
    return this.#find(id);
  }

  #undo(id: number, at: EpochMs): RepairBatch {
    const { seriesId, undoneAt } = this.#find(id);
    if (undoneAt !== null) {
      throw refusal(id, `one that holds was expected, was undone at ${formatTime(undoneAt)}`);
    }
    const later = this.#later.get(seriesId, id, id);
    if (later !== undefined) {
      throw refusal(
        id,
        `bars that no later repair changed were expected, were changed by repair ${later}; ` +
          `undo that one first`,
      );
    }
    const altered = this.#bars.altered(id, seriesId);
    if (altered.length > 0) {
      throw refusal(
        id,
        `bars as it made them were expected, were others (${altered.length}, the first at ` +
          `${formatTime(altered[0] ?? 0)}); change them by another repair`,
      );
    }
    this.#bars.takeBack(id, seriesId);
    this.#markUndone.run(at, id);
    return this.#find(id);
  }

  #find(id: number): RepairBatch {
    const row = this.#one.get(id);
    if (row !== undefined) return batchOf(row);
    const made = this.#all.all();
    const [first, last] = [made.at(0), made.at(-1)];
    const known =
      first === undefined || last === undefined
        ? 'none was made yet'
        : `those made are ${first.id} to ${last.id}`;
    throw refusal(id, `the number of a repair was expected; ${known}`);
  }
}

function refusal(id: number, reason: string): DataError {
  return new DataError(`repair ${id}: ${reason}; nothing was changed`);
}

function batchOf(row: BatchRow): RepairBatch {
  return {
    id: row.id,
    seriesId: row.series_id,
    method: row.method,
    at: row.at,
    bars: row.bars,
    source: row.source,
    undoneAt: row.undone_at,
  };
}
