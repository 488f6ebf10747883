import lz4 from 'lz4js';

const MAGIC = 0x184d2204;
const VERSION_MASK = 0xc0;
const VERSION = 0x40;
const BLOCK_CHECKSUMS = 0x10;
const CONTENT_SIZE = 0x08;
const STORED = 0x80000000;
const WORD = 4;
/** Most bytes that one packed byte can stand for. */
const RATIO_MAX = 255;
/** Most bytes of a block, by the code in the header. */
const BLOCK_BYTES: ReadonlyMap<number, number> = new Map([
  [4, 64 * 1024],
  [5, 256 * 1024],
  [6, 1024 * 1024],
  [7, 4 * 1024 * 1024],
]);

interface Block {
  readonly at: number;
  readonly length: number;
  readonly isStored: boolean;
}

/**
 * Unpacks one LZ4 frame. The library's own reader of frames believes every length, so that damaged
 * bytes keep it busy for ever, and takes checksums of blocks for data: it is given single blocks
 * whose bounds have been checked. Throws an `Error` that says what is wrong with the frame.
 */
export function unpackLz4Frame(packed: Uint8Array): Uint8Array {
  const { blocks, bytesMax } = readFrame(packed);
  const plain = new Uint8Array(bytesMax);
  let to = 0;
  for (const { at, length, isStored } of blocks) {
    if (isStored) plain.set(packed.subarray(at, at + length), to);
    to = isStored ? to + length : lz4.decompressBlock(packed, plain, at, length, to);
    if (!(to <= bytesMax)) throw new Error('LZ4 block longer than its frame allows');
  }
  return plain.subarray(0, to);
}

function readFrame(packed: Uint8Array): {
  readonly blocks: readonly Block[];
  readonly bytesMax: number;
} {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const { firstBlock, blockBytes, trailer } = readDescriptor(view);
  const blocks: Block[] = [];
  let at = firstBlock;
  let bytesMax = 0;
  for (;;) {
    if (at + WORD > view.byteLength) throw new Error('LZ4 frame that is cut off');
    const word = view.getUint32(at, true);
    if (word === 0) return { blocks, bytesMax };
    const isStored = word >= STORED;
    const length = isStored ? word - STORED : word;
    if (length > blockBytes) throw new Error('LZ4 block longer than its frame allows');
    blocks.push({ at: at + WORD, length, isStored });
    bytesMax += isStored ? length : Math.min(blockBytes, length * RATIO_MAX);
    at += WORD + length + trailer;
  }
}

function readDescriptor(view: DataView): {
  readonly firstBlock: number;
  readonly blockBytes: number;
  /** Bytes behind each block. */
  readonly trailer: number;
} {
  if (view.byteLength < 7 || view.getUint32(0, true) !== MAGIC) throw new Error('no LZ4 frame');
  const flags = view.getUint8(4);
  if ((flags & VERSION_MASK) !== VERSION) throw new Error('LZ4 frame of another version');
  const blockBytes = BLOCK_BYTES.get((view.getUint8(5) >> 4) & 7);
  if (blockBytes === undefined) throw new Error('LZ4 frame of unknown block size');
  const firstBlock = (flags & CONTENT_SIZE) === 0 ? 7 : 15;
  return { firstBlock, blockBytes, trailer: (flags & BLOCK_CHECKSUMS) === 0 ? 0 : WORD };
}
