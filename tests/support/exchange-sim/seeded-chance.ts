/** Chance that a seed decides, the same on every machine: mulberry32, on [0, 1). */
export class SeededChance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** True so often. */
  hits(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number from the one up to the other, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** Throws on an empty list. */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined)
      throw new Error('something to pick from was expected, was an empty list');
    return item;
  }

  /** A generator of its own for each purpose, so that one does not disturb the other. */
  fork(): SeededChance {
    return new SeededChance(Math.floor(this.next() * 4_294_967_296));
  }
}
