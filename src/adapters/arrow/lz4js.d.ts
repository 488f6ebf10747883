/** The part of lz4js that is used; the package has no types of its own. */
declare module 'lz4js' {
  /**
   * Unpacks `length` bytes of `packed` from `at` on to `plain` from `to` on; matches may reach back
   * into what was unpacked before. Returns where in `plain` it ended.
   */
  export function decompressBlock(
    packed: Uint8Array,
    plain: Uint8Array,
    ...[at, length, to]: [number, number, number]
  ): number;
  /** Packs bytes as a frame. */
  export function compress(plain: Uint8Array): Uint8Array;
}
