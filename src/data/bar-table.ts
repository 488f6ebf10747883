import type { EpochMs } from '../core/time.ts';
import type { BarPage, BarRow } from '../ports/bar-store.ts';
import { BAR_STRIDE } from '../ports/bar-store.ts';

const FIRST_CAPACITY = 1024;
const FLAGS = 6;

/** Bars in one flat array, 60 bytes each: a million of them fit where objects would take 200 MB. */
export class BarTable {
  #cells = new Float64Array(FIRST_CAPACITY * BAR_STRIDE);
  #lines = new Uint32Array(FIRST_CAPACITY);
  #size = 0;
  #ascending = true;

  get size(): number {
    return this.#size;
  }

  /** No open time is earlier than the one before. */
  get isAscending(): boolean {
    return this.#ascending;
  }

  /** All bars as one page; invalid after the next `append`. */
  get page(): BarPage {
    return this.#cells.subarray(0, this.#size * BAR_STRIDE);
  }

  /** Line of the file a bar came from; 0 where there was none. */
  lineAt(index: number): number {
    return this.#lines[index] ?? 0;
  }

  openTimeAt(index: number): EpochMs {
    return this.#cell(index, 0);
  }

  /** Takes the bar at an offset of a page. */
  append(page: BarPage, at: number, line: number): void {
    if (this.#size === this.#lines.length) this.#grow();
    const to = this.#size * BAR_STRIDE;
    for (let cell = 0; cell < BAR_STRIDE; cell += 1) this.#cells[to + cell] = page[at + cell] ?? 0;
    this.#lines[this.#size] = line;
    this.#size += 1;
    if (this.#size > 1 && this.openTimeAt(this.#size - 2) > this.openTimeAt(this.#size - 1)) {
      this.#ascending = false;
    }
  }

  addFlags(index: number, flags: number): void {
    this.#cells[index * BAR_STRIDE + FLAGS] = this.#cell(index, FLAGS) | flags;
  }

  /** The same bars by open time; equal times stay in the order they came. */
  sorted(): BarTable {
    const order = Array.from({ length: this.#size }, (_, index) => index);
    return this.#select(order.sort((a, b) => this.openTimeAt(a) - this.openTimeAt(b)));
  }

  /** The same bars without those at the given indexes. */
  without(dropped: ReadonlySet<number>): BarTable {
    const order = Array.from({ length: this.#size }, (_, index) => index);
    return this.#select(order.filter((index) => !dropped.has(index)));
  }

  *rows(): Generator<BarRow, void> {
    for (let index = 0; index < this.#size; index += 1) {
      yield {
        openTime: this.#cell(index, 0),
        open: this.#cell(index, 1),
        high: this.#cell(index, 2),
        low: this.#cell(index, 3),
        close: this.#cell(index, 4),
        volume: this.#cell(index, 5),
        flags: this.#cell(index, FLAGS),
      };
    }
  }

  #cell(index: number, offset: number): number {
    return this.#cells[index * BAR_STRIDE + offset] ?? Number.NaN;
  }

  #select(order: readonly number[]): BarTable {
    const table = new BarTable();
    for (const index of order) table.append(this.#cells, index * BAR_STRIDE, this.lineAt(index));
    return table;
  }

  #grow(): void {
    const cells = new Float64Array(this.#cells.length * 2);
    cells.set(this.#cells);
    this.#cells = cells;
    const lines = new Uint32Array(this.#lines.length * 2);
    lines.set(this.#lines);
    this.#lines = lines;
  }
}
