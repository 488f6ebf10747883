import { DataError } from '../../core/errors.ts';
import type { RawCell, RawRow } from '../../ports/bar-file.ts';

/** Columns of a row, which the file does not name. */
const HEADER = ['date', 'open', 'high', 'low', 'close', 'volume'];
/** Characters within which a row must end: hundreds of times what one takes. */
const ROW_LENGTH_MAX = 64 * 1024;
const VALUE_LENGTH_MAX = 60;

/**
 * Streams the rows of freqtrade's JSON, `[[ms, open, high, low, close, volume], …]`, in batches, the
 * header first. Rows hold no brackets, so the text before the last opening one is whole rows: it is
 * parsed piece by piece, and a file of any length takes no more memory than a piece. Throws a
 * `DataError` that names the row.
 */
export async function* readJsonBars(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly RawRow[], void> {
  yield [{ line: 0, fields: HEADER, unterminated: false }];
  const rows = new JsonRows(path);
  const decoder = new TextDecoder('utf-8');
  for await (const chunk of bytes) yield rows.take(decoder.decode(chunk, { stream: true }));
  yield rows.end();
}

/** What has been read of the outer array. */
class JsonRows {
  readonly #path: string;
  #rest = '';
  #isOpen = false;
  #count = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The rows that are whole with this piece of text. */
  take(text: string): readonly RawRow[] {
    this.#rest += text;
    if (!this.#isOpen) this.#open();
    const lastRow = this.#rest.lastIndexOf('[');
    const rows = lastRow > 0 ? this.#parseWhole(this.#rest.slice(0, lastRow)) : [];
    if (lastRow > 0) this.#rest = this.#rest.slice(lastRow);
    if (this.#rest.length > ROW_LENGTH_MAX) this.#refuse(this.#rest);
    return rows;
  }

  /** The last row, and with it the bracket that closes the file. */
  end(): readonly RawRow[] {
    if (!this.#isOpen) this.#refuse(this.#rest);
    const rows = parse(`[${this.#rest}`);
    if (rows !== null) return rows.map((row) => this.#row(row));
    return this.#refuse(this.#rest, this.#rest.trimEnd().endsWith(']') ? '' : ' (is it cut off?)');
  }

  #open(): void {
    const text = this.#rest.trimStart();
    if (text === '') return;
    if (!text.startsWith('[')) this.#refuse(text);
    this.#rest = text.slice(1);
    this.#isOpen = true;
  }

  /** Rows with a comma behind each. */
  #parseWhole(text: string): readonly RawRow[] {
    const trimmed = text.trim();
    if (trimmed === '') return [];
    const rows = trimmed.endsWith(',') ? parse(`[${trimmed.slice(0, -1)}]`) : null;
    return rows === null ? this.#refusePiece(trimmed) : rows.map((row) => this.#row(row));
  }

  #row(row: unknown): RawRow {
    if (!Array.isArray(row)) return this.#refuse(stringOf(row));
    const fields = row.map((cell: unknown) => this.#cell(cell));
    this.#count += 1;
    return { line: this.#count, fields, unterminated: false };
  }

  #cell(cell: unknown): RawCell {
    if (typeof cell === 'number' || typeof cell === 'string' || cell === null) return cell;
    return this.#refuse(stringOf(cell));
  }

  /** Looks for the row that spoils the piece, to name it. */
  #refusePiece(text: string): never {
    for (const row of text.split(/(?<=\])\s*,/)) {
      if (row.trim() !== '' && parse(row) === null) return this.#refuse(row);
      this.#count += 1;
    }
    return this.#refuse(text);
  }

  #refuse(text: string, guess = ''): never {
    const trimmed = text.trim();
    const start = trimmed.slice(0, VALUE_LENGTH_MAX);
    const was = trimmed.length > VALUE_LENGTH_MAX ? `${start}…` : start;
    throw new DataError(
      `${this.#path}:${this.#count + 1}: rows of the form ` +
        `[[milliseconds, open, high, low, close, volume], …] were expected, was ` +
        `${JSON.stringify(was)}${guess}; export the candles as freqtrade does; nothing was imported`,
    );
  }
}

/** The array that a JSON text stands for; null for any other text. */
function parse(text: string): readonly unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function stringOf(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
