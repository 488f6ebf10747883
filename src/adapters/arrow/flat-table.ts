const OFFSET_BYTES = 4;

/**
 * A table of a flatbuffer, read just far enough to hold its counts against its bytes. Reading beyond
 * the bytes throws a `RangeError`.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  static root(view: DataView): FlatTable {
    return new FlatTable(view, view.getUint32(0, true));
  }

  /** A byte; 0 where the field is not set. */
  byte(field: number): number {
    const at = this.#find(field);
    return at === null ? 0 : this.#view.getUint8(at);
  }

  table(field: number): FlatTable | null {
    const at = this.#find(field);
    return at === null ? null : this.#tableAt(at);
  }

  /** Tables of a vector. Throws an `Error` where it promises more than there are bytes for. */
  tables(field: number): readonly FlatTable[] {
    return this.vector(field, OFFSET_BYTES).map((at) => this.#tableAt(at));
  }

  /** Where the elements of a vector lie. Throws as `tables` does. */
  vector(field: number, elementBytes: number): readonly number[] {
    const found = this.#find(field);
    if (found === null) return [];
    const at = found + this.#view.getUint32(found, true);
    const count = this.#view.getUint32(at, true);
    const first = at + OFFSET_BYTES;
    if (first + count * elementBytes > this.#view.byteLength) {
      throw new Error(`a list of ${count} in ${this.#view.byteLength} bytes`);
    }
    return Array.from({ length: count }, (_, index) => first + index * elementBytes);
  }

  #find(field: number): number | null {
    const layout = this.#at - this.#view.getInt32(this.#at, true);
    const entry = 4 + field * 2;
    if (entry >= this.#view.getUint16(layout, true)) return null;
    const offset = this.#view.getUint16(layout + entry, true);
    return offset === 0 ? null : this.#at + offset;
  }

  #tableAt(at: number): FlatTable {
    return new FlatTable(this.#view, at + this.#view.getUint32(at, true));
  }
}
