import { BAR_STRIDE } from '../../ports/bar-store.ts';
import type { BarPage } from '../../ports/bar-store.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Database } from './database.ts';
import { sqliteCode, storageFault } from './sqlite-faults.ts';

/** Bars a block holds, and the most a page of rows holds: 448 KiB. */
export const PAGE_BARS = 8_192;

type Row = readonly [number, number, number, number, number, number, number];

interface Block {
  readonly bars: number;
  readonly data: Uint8Array;
}

/**
 * Reads bars page by page: from packed blocks where there are any, else from rows, which on the way
 * become blocks for the next reader. Reading rows takes eight times as long, so a series is read
 * slowly once. Blocks are a cache: where none can be written (a read-only connection, somebody else
 * writing, a full disk) the rows serve alone. Both ways deliver the same bytes; where one page ends
 * and the next begins may differ.
 */
export class BarPages {
  readonly #database: Database;
  readonly #nextBlock;
  readonly #block;
  readonly #rows;
  readonly #store;

  constructor(database: Database) {
    this.#database = database;
    this.#nextBlock = database
      .prepare<[number, number], number>(
        `SELECT first_open FROM bar_blocks WHERE series_id = ? AND last_open >= ?
         ORDER BY last_open LIMIT 1`,
      )
      .pluck();
    this.#block = database.prepare<[number, number], Block>(
      `SELECT bars, data FROM bar_blocks WHERE series_id = ? AND last_open >= ?
       ORDER BY last_open LIMIT 1`,
    );
    this.#rows = database
      .prepare<[number, number, number, number], Row>(
        `SELECT open_time, open, high, low, close, volume, flags FROM market_data
         WHERE series_id = ? AND open_time >= ? AND open_time < ? ORDER BY open_time LIMIT ?`,
      )
      .raw();
    this.#store = database.prepare<[number, number, number, number, Uint8Array]>(
      `INSERT INTO bar_blocks (series_id, first_open, last_open, bars, data)
       VALUES (?, ?, ?, ?, ?)`,
    );
  }

  /** Pages of ascending bars with `from ≤ openTime < to`, none of them empty. */
  *read(seriesId: number, from: EpochMs, to: EpochMs): Generator<BarPage, void, undefined> {
    let packs = !this.#database.readonly;
    const page = this.#database.transaction(() => this.#page(seriesId, from, to, packs));
    while (from < to) {
      let bars: BarPage;
      try {
        bars = page();
      } catch (error) {
        if (!packs || !refusesCache(error)) {
          throw storageFault(this.#database.name, 'reading bars', error);
        }
        packs = false;
        continue;
      }
      if (bars.length === 0) return;
      from = lastOpenOf(bars) + 1;
      yield bars;
    }
  }

  /** Runs inside a transaction, so that blocks and rows are of one moment. */
  #page(seriesId: number, from: EpochMs, to: EpochMs, packs: boolean): BarPage {
    const nextBlock = this.#nextBlock.get(seriesId, from) ?? Infinity;
    if (nextBlock > from) {
      const end = Math.min(nextBlock, to);
      const bars = pageOfRows(this.#rows.all(seriesId, from, end, PAGE_BARS));
      if (packs && bars.length === PAGE_BARS * BAR_STRIDE) this.#pack(seriesId, bars);
      if (bars.length > 0 || nextBlock >= to) return bars;
    }
    const block = this.#block.get(seriesId, from);
    return block === undefined ? new Float64Array() : within(doublesOf(block), from, to);
  }

  /** SQLite refuses at once, without waiting, when another process wrote since the rows were read. */
  #pack(seriesId: number, bars: BarPage): void {
    const bytes = new Uint8Array(bars.buffer, bars.byteOffset, bars.byteLength);
    const count = bars.length / BAR_STRIDE;
    this.#store.run(seriesId, bars[0] ?? 0, lastOpenOf(bars), count, bytes);
  }
}

function pageOfRows(rows: readonly Row[]): BarPage {
  const page = new Float64Array(rows.length * BAR_STRIDE);
  let at = 0;
  for (const row of rows) {
    page[at] = row[0];
    page[at + 1] = row[1];
    page[at + 2] = row[2];
    page[at + 3] = row[3];
    page[at + 4] = row[4];
    page[at + 5] = row[5];
    page[at + 6] = row[6];
    at += BAR_STRIDE;
  }
  return page;
}

/** A view where the bytes lie on a multiple of eight, a copy where they do not. */
function doublesOf({ data, bars }: Block): BarPage {
  const length = bars * BAR_STRIDE;
  if (data.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0) {
    return new Float64Array(data.buffer as ArrayBuffer, data.byteOffset, length);
  }
  return new Float64Array(Uint8Array.from(data).buffer, 0, length);
}

/** The part of a page with `from ≤ openTime < to`. */
function within(page: BarPage, from: EpochMs, to: EpochMs): BarPage {
  const start = firstRowAtOrAfter(page, from);
  const end = firstRowAtOrAfter(page, to);
  return page.subarray(start * BAR_STRIDE, end * BAR_STRIDE);
}

function firstRowAtOrAfter(page: BarPage, time: EpochMs): number {
  let low = 0;
  let high = page.length / BAR_STRIDE;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((page[middle * BAR_STRIDE] ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastOpenOf(page: BarPage): EpochMs {
  return page[page.length - BAR_STRIDE] ?? -Infinity;
}

/** True for what keeps a block from being written but not rows from being read. */
function refusesCache(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|FULL|READONLY)/.test(sqliteCode(error) ?? '');
}
