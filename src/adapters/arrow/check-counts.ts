import { FlatTable } from './flat-table.ts';

const MAGIC = 'ARROW1';
const WORD = 4;
const CONTINUATION = 0xff_ff_ff_ff;
const BLOCK_BYTES = 24;
/** Of field nodes and of buffers. */
const PAIR_BYTES = 16;
const DEPTH_MAX = 16;
/** Numbers of fields, by the schemas of the Arrow format (File.fbs, Schema.fbs, Message.fbs). */
const FOOTER = { schema: 1, dictionaries: 2, recordBatches: 3, metadata: 4 };
const SCHEMA = { fields: 1, metadata: 2 };
const FIELD = { children: 5, metadata: 6 };
const MESSAGE = { headerType: 1, header: 2, metadata: 4 };
const BATCH = { nodes: 1, buffers: 2 };
const DICTIONARY_DATA = 1;
const HEADER_TYPES = { dictionary: 2, recordBatch: 3 };

/**
 * Holds every count in the footer and the message heads of an Arrow file against the bytes there
 * are: the library believes them, and a damaged one would keep it busy, or filling memory, for ever.
 * Throws an `Error` that says what is wrong.
 */
export function checkCounts(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.byteLength - MAGIC.length;
  if (Buffer.from(bytes.subarray(end)).toString('latin1') !== MAGIC) {
    throw new Error('its end is missing');
  }
  const length = view.getUint32(end - WORD, true);
  const footer = FlatTable.root(part(view, end - WORD - length, length));
  const schema = footer.table(FOOTER.schema);
  if (schema === null) throw new Error('it has no schema');
  footer.tables(FOOTER.metadata);
  schema.tables(SCHEMA.metadata);
  checkFields(schema.tables(SCHEMA.fields), 0);
  const start = end - WORD - length;
  for (const list of [FOOTER.dictionaries, FOOTER.recordBatches]) {
    for (const at of footer.vector(list, BLOCK_BYTES)) {
      checkMessage(view, Number(view.getBigInt64(start + at, true)));
    }
  }
}

function checkFields(fields: readonly FlatTable[], depth: number): void {
  if (depth > DEPTH_MAX) throw new Error('columns within columns');
  for (const field of fields) {
    field.tables(FIELD.metadata);
    checkFields(field.tables(FIELD.children), depth + 1);
  }
}

/** The head of a batch; in older files no word stands before its length. */
function checkMessage(view: DataView, offset: number): void {
  const isMarked = view.getUint32(offset, true) === CONTINUATION;
  const at = isMarked ? offset + WORD : offset;
  const message = FlatTable.root(part(view, at + WORD, view.getUint32(at, true)));
  const type = message.byte(MESSAGE.headerType);
  message.tables(MESSAGE.metadata);
  const header = message.table(MESSAGE.header);
  const batch = type === HEADER_TYPES.dictionary ? header?.table(DICTIONARY_DATA) : header;
  if (type !== HEADER_TYPES.dictionary && type !== HEADER_TYPES.recordBatch) {
    throw new Error('a batch that is none');
  }
  batch?.vector(BATCH.nodes, PAIR_BYTES);
  batch?.vector(BATCH.buffers, PAIR_BYTES);
}

/** Throws a `RangeError` where the part is not within the file. */
function part(view: DataView, at: number, length: number): DataView {
  return new DataView(view.buffer, view.byteOffset + at, length);
}
