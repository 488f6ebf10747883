import type { Decimal } from '../core/decimal.ts';

/** Null is an empty cell. Numbers and decimals are written as such, everything else is text. */
export type CsvCell = string | number | Decimal | null;

/** Column names, in order, with the cell each takes from a row. */
export type CsvColumns<Row> = Readonly<Record<string, (row: Row) => CsvCell>>;

/** A spreadsheet runs a text cell that begins so as a formula (OWASP ASVS 1.2.10). */
const FORMULA_STARTS = ['=', '+', '-', '@', '\t', '\r', '\0'];
const QUOTED = /[",\r\n]/;
const LINE_END = '\n';

/**
 * Text quoted as RFC 4180 says, line by line, the header first: large files can be streamed. Lines
 * end with a line feed alone, as most tools write and all read.
 *
 * Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers do not.
 */
export function* csvLines<Row>(columns: CsvColumns<Row>, rows: Iterable<Row>): Generator<string> {
  yield Object.keys(columns).map(csvText).join(',') + LINE_END;
  const cells = Object.values(columns);
  for (const row of rows) yield cells.map((cell) => written(cell(row))).join(',') + LINE_END;
}

function written(cell: CsvCell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? csvText(cell) : cell.toString();
}

function csvText(text: string): string {
  const harmless = FORMULA_STARTS.some((start) => text.startsWith(start)) ? `'${text}` : text;
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
