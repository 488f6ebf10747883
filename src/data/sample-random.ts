/**
 * Seeded generator of the sample market: sfc32 (Chris Doty-Humphrey, PractRand), which passes the
 * usual test batteries and needs integer arithmetic only, so every machine draws the same numbers.
 */
export class SampleRandom {
  #a: number;
  #b: number;
  #c = 0x9e3779b9;
  #counter = 1;

  /** Streams of one seed are independent: each part of the market has its own. */
  constructor(seed: number, stream: number) {
    this.#a = seed | 0;
    this.#b = Math.imul(stream + 1, 0x85ebca6b);
    for (let round = 0; round < 20; round += 1) this.#next();
  }

  /** In [0, 1). */
  uniform(): number {
    return this.#next() / 4294967296;
  }

  /**
   * Nearly standard normal: the sum of twelve uniforms, less six (Irwin–Hall). Additions only:
   * logarithms and cosines may differ in the last bit from one engine to the next.
   */
  normal(): number {
    let sum = -6;
    for (let term = 0; term < 12; term += 1) sum += this.uniform();
    return sum;
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
