/**
 * What is open now, by id: orders and positions, which come and go by the thousand, a few at a time.
 *
 * A `Map` alone would do, but a slow one: V8 gives it a new table whenever it empties, and places
 * that beside the old one, among the objects that only a full collection looks at. Until then the
 * dead tables keep alive what they name. A map made anew whenever nothing is left dies young.
 */
export class OpenItems<Id, Item> {
  #items = new Map<Id, Item>();

  get size(): number {
    return this.#items.size;
  }

  has(id: Id): boolean {
    return this.#items.has(id);
  }

  get(id: Id): Item | undefined {
    return this.#items.get(id);
  }

  set(id: Id, item: Item): void {
    this.#items.set(id, item);
  }

  /** Does nothing where the id is not open. */
  delete(id: Id): void {
    if (!this.#items.has(id)) return;
    if (this.#items.size === 1) this.#items = new Map();
    else this.#items.delete(id);
  }

  /** In the order in which they were first set. */
  values(): Iterable<Item> {
    return this.#items.values();
  }

  /** With their ids, in the order in which they were first set. */
  entries(): Iterable<readonly [Id, Item]> {
    return this.#items.entries();
  }
}
